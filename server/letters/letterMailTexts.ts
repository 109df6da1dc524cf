import type { LetterKind } from '../domain/alerts/letterPeriods.ts';
import type { Language } from '../domain/names.ts';
import type { Words } from '../notices/texts/noticeTexts.ts';

/** What is written to somebody who wants letters. */
export interface LetterMailTexts {
  confirm(parts: { instance: string; area: string; kinds: readonly LetterKind[]; link: string }): Words;
}

const de: LetterMailTexts = {
  confirm: ({ instance, area, kinds, link }) => ({
    title: `Bitte bestätigen: Briefe zum Feinstaub, ${area}`,
    text: `Jemand möchte, dass ${instance} ${kinds.length > 1 ? 'den Wochen- und den Monatsbrief' : kinds[0] === 'week' ? 'den Wochenbrief' : 'den Monatsbrief'} zum Feinstaub (${area}) an diese Adresse schickt.

Waren Sie das? Dann bestätigen Sie hier (gilt zwei Tage):
${link}

Wenn nicht, brauchen Sie nichts zu tun: Ohne Bestätigung schicken wir nichts mehr.`,
  }),
};

const en: LetterMailTexts = {
  confirm: ({ instance, area, kinds, link }) => ({
    title: `Please confirm: letters on particulates, ${area}`,
    text: `Somebody asked ${instance} to send the ${kinds.length > 1 ? 'weekly and the monthly letter' : kinds[0] === 'week' ? 'weekly letter' : 'monthly letter'} on particulates (${area}) to this address.

Was it you? Then confirm here (valid for two days):
${link}

If not, there is nothing to do: without confirmation we send nothing more.`,
  }),
};

/** The texts by language. */
export const LETTER_MAIL_TEXTS: Readonly<Record<Language, LetterMailTexts>> = { de, en };
