import type { Words } from '../../ui/intake/words.ts';

/** Far more than the longest statement takes, in whichever encoding. */
const MAX_BYTES = 500_000;

/** How PDF, Word and rich text begin, of which some could pass as text. */
const OTHER_KINDS = ['%PDF-', 'PK\u0003\u0004', '{\\rtf'];

function decoded(bytes: ArrayBuffer, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text of a file, in UTF-8 or in the Chinese national encoding; or why it is none. */
export async function readText(file: File, words: Words): Promise<{ text: string } | { mistake: string }> {
  const { file: faults } = words.mistakes;
  if (file.size > MAX_BYTES) return { mistake: faults.tooLarge(file.name) };
  const bytes = await file.arrayBuffer();
  const text = decoded(bytes, 'utf-8') ?? decoded(bytes, 'gb18030');
  // No text has a NUL; pictures, PDF and Word files do, or begin as such.
  if (text === undefined || text.includes('\0') || OTHER_KINDS.some((mark) => text.startsWith(mark))) {
    return { mistake: faults.noText(file.name) };
  }
  if (text.trim() === '') return { mistake: faults.empty(file.name) };
  return { text: text.replaceAll('\r\n', '\n') };
}
