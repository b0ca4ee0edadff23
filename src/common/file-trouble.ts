const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not open it',
  EPERM: 'this user may not do that with it',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'it is there already',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** What is wrong with a file, in words for a person at the command line; undefined when it is something else. */
export function fileTrouble(error: unknown): string | undefined {
  const { code = '', path } = error as NodeJS.ErrnoException;
  // Whoever reads a folder is not told its name.
  if (path === undefined) return code === 'EISDIR' ? 'A file that was named is a folder.' : undefined;
  return code in words ? `${path}: ${words[code]}.` : undefined;
}
