/** What machines do to stores, told by the words that system calls and DuckDB use for it, with a sentence each. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC|No space left/i, 'The disk is full.'],
  [/EDQUOT|quota exceeded/i, 'The disk quota is used up.'],
  [/EFBIG|File too large/i, 'Files of this size are not allowed here.'],
  [
    /EROFS|Read-only file system|EACCES|EPERM|Permission denied|Operation not permitted/i,
    'The data folder cannot be written.',
  ],
  [/EMFILE|ENFILE|Too many open files/i, 'No more files may be open at once.'],
  [/EIO\b|Input\/output error/i, 'The disk fails.'],
];

/** What is wrong with the machine, as one English sentence; undefined when the error and its causes do not tell. */
export function storeFault(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const text = `${'code' in at ? String(at.code) : ''} ${at.message}`;
    const fault = FAULTS.find(([words]) => words.test(text));
    if (fault !== undefined) return fault[1];
  }
  return undefined;
}

/** What DuckDB says of a file whose bytes are not what it wrote. */
const DAMAGE = /not a valid DuckDB database|Could not read enough bytes|Corrupt|replaying WAL|checksum/i;

/** What helps when an error says that a database file is damaged, as one sentence; undefined for any other error. */
export function damageHelp(error: unknown): string | undefined {
  if (!(error instanceof Error) || !DAMAGE.test(error.message)) return undefined;
  return 'The file is damaged: npx buergerluft restore <backup> --replace puts a backup in its place, and what is there aside.';
}
