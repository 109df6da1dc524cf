import type { Language } from './language.ts';

/** `path` with the language in it, when the reader chose one: links then keep it, with no cookie. */
export function withLanguage(path: string, chosen: Language | undefined): string {
  return chosen ? `${path}?lang=${chosen}` : path;
}
