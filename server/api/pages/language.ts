import { isLanguage, type Language } from '../../domain/names.ts';

/**
 * The language of a page: the one asked for in the URL, else the first of the browser's that we have, else the
 * instance's. `acceptLanguage` is the request header, RFC 9110 12.5.4.
 */
export function chooseLanguage(asked: unknown, acceptLanguage: string | undefined, fallback: Language): Language {
  if (isLanguage(asked)) return asked;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
      return { language: tag.slice(0, 2).toLowerCase(), quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted.map(({ language }) => language).find(isLanguage) ?? fallback;
}
