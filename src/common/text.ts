/** The first character that no store of ours can keep, as words for the user; undefined when the text is clean. */
export function unstorable(text: string): string | undefined {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0) return `a NUL character at position ${i}`;
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const next = text.charCodeAt(i + 1);
      if (unit >= 0xdc00 || !(next >= 0xdc00 && next <= 0xdfff)) {
        return `half a character (lone surrogate) at position ${i}`;
      }
      i++;
    }
  }
  return undefined;
}

/** A LIKE pattern for texts that contain this one, with the pattern characters taken literally. */
export const containing = (text: string): string =>
  `%${text.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`;
