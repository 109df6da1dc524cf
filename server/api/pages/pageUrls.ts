import type { Language } from '../../domain/names.ts';

/** Parts of a query every page understands: they travel with links, so that a link shows the same thing. */
const KEPT_PARAMETERS = ['quantity', 'average', 'scale', 'period', 'limit'] as const;

/** `path` with the language the reader chose and further parameters: links keep it, with no cookie. */
export function pageUrl(
  path: string,
  language: Language | undefined,
  query: Readonly<Record<string, string>> = {},
): string {
  const text = new URLSearchParams({ ...(language && { lang: language }), ...query }).toString();
  return text ? `${path}?${text}` : path;
}

/** A page's own address with host, as links to it have it. */
export function pageAddress(
  {
    path,
    chosenLanguage,
    query,
  }: { path: string; chosenLanguage: Language | undefined; query: Readonly<Record<string, string>> },
  base: string,
): string {
  return base + pageUrl(path, chosenLanguage, query);
}

/** The parameters of `query` that links keep; express gives repeated ones as arrays, which are nobody's link. */
export function keptParameters(query: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_PARAMETERS) {
    const value = query[name];
    if (typeof value === 'string' && /^[a-z0-9-]{1,20}$/.test(value)) kept[name] = value;
  }
  return kept;
}
