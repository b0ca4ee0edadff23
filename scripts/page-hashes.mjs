// Writes the hashes of the verifier page's own style and scripts into its content security policy. Run after editing.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../src/verifier/page.html', import.meta.url);
const page = readFileSync(file, 'utf8');
const hashes = (tag) =>
  [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
    .map(([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ');
writeFileSync(
  file,
  page
    .replace(/script-src [^;]*;/, `script-src ${hashes('script')};`)
    .replace(/style-src [^;]*;/, `style-src ${hashes('style')};`),
);
