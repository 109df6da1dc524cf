import type { Format } from './format.ts';
import type { Language } from './names.ts';

/** On paper only: of when a page is, and where it is to be seen as of now. `at`: epoch ms. */
export function printedNote(
  at: number,
  address: string,
  { language, format }: { language: Language; format: Pick<Format, 'date' | 'time'> },
): string {
  const when = `${format.date(at)}, ${format.time(at)}`;
  return { de: `Stand ${when}; der neueste: ${address}`, en: `As of ${when}; the latest: ${address}` }[language];
}
