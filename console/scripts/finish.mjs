/**
 * After the build: packs each asset with brotli and gzip, once instead of at each request, and refuses a first page of
 * 200 kB or more. What the first page needs is the entry and whatever it imports without waiting.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const LIMIT = 200_000;
const dist = join(import.meta.dirname, '..', 'dist');
const packed = new Map();
for (const path of readdirSync(dist, { recursive: true })) {
  if (!/\.(js|css|svg|txt)$/.test(path)) continue;
  const file = join(dist, path);
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 });
  packed.set(path, gzip.length);
  if (bytes.length < 512) continue;
  writeFileSync(`${file}.gz`, gzip);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
}

const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
const needed = new Set();
const take = (name) => {
  const chunk = manifest[name];
  if (needed.has(chunk.file)) return;
  needed.add(chunk.file);
  (chunk.css ?? []).forEach((file) => needed.add(file));
  (chunk.imports ?? []).forEach(take);
};
// Signing in, the frame and the home page: what everybody loads first.
['index.html', 'src/pages/home/HomePage.tsx'].forEach(take);
const size = [...needed].reduce((sum, file) => sum + packed.get(file), 0);
const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
process.stdout.write(`First page: ${kilo(size)} gzipped in ${needed.size} files (limit ${kilo(LIMIT)})\n`);
if (size >= LIMIT) {
  for (const file of needed) process.stderr.write(`  ${kilo(packed.get(file))}  ${file}\n`);
  process.stderr.write('The first page is too large: load what it does not need with lazy().\n');
  process.exit(1);
}
