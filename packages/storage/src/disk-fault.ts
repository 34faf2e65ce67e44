/** What an operator does about each group of error codes of SQLite and the system. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/SQLITE_FULL|ENOSPC|EDQUOT/, 'The disk is full: make room'],
  [/SQLITE_READONLY|EROFS/, 'It is read-only: mount its file system writable'],
  [/EACCES|EPERM/, 'This process may not write there: change the owner or the mode'],
  [/EFBIG/, 'A file may not grow: raise this process’s limit of file sizes (ulimit -f)'],
  [/SQLITE_(?:CORRUPT|NOTADB)/, 'It is damaged or no database of Farandole: restore a backup'],
  [/SQLITE_IOERR|EIO/, 'The disk failed: check it before you start again'],
  [/SQLITE_CANTOPEN/, 'It can’t be opened: check that it is a file in a folder of this user'],
  [/SQLITE_BUSY/, 'Another process locks it: wait, or end that process'],
];

/**
 * Returns cause and remedy for an error code of SQLite or the system, such as `SQLITE_FULL/ENOSPC`.
 * Returns null for other codes.
 */
export function diskFault(code: string): string | null {
  const fault = FAULTS.find(([pattern]) => pattern.test(code));
  return fault === undefined ? null : `${fault[1]} (${code}).`;
}
