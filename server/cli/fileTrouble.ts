/** What Node's words for a file mean to whoever named it. */
const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  Z_BUF_ERROR: 'it is cut off',
  Z_DATA_ERROR: 'its compression is damaged',
};

/** What is wrong with a file as people say it, by the word that Node has for it (`ENOENT`); any other text as it is. */
export function fileTrouble(code: string): string {
  return IN_WORDS[code] ?? code;
}
