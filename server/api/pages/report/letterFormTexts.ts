import type { LetterKind } from '../../../domain/alerts/letterPeriods.ts';
import type { Language } from '../../../domain/names.ts';

/** Texts of the form for letters by mail. */
export interface LetterFormTexts {
  title: string;
  which(area: string): string;
  kinds: Record<LetterKind, string>;
  address: string;
  send: string;
  privacy: string;
  back: string;
  wrong: Record<'address' | 'kinds' | 'too-often' | 'unavailable', string>;
  sent: { title: string; text(address: string): string };
}

const de: LetterFormTexts = {
  title: 'Briefe per Mail',
  which: (area) => `Feinstaub in ${area}, in Zahlen und Sätzen:`,
  kinds: { week: 'jede Woche', month: 'jeden Monat' },
  address: 'Ihre E-Mail-Adresse',
  send: 'Abonnieren',
  privacy:
    'Die Adresse wird nur für diese Briefe gespeichert und nach zwei Tagen gelöscht, wenn Sie sie nicht bestätigen. In jedem Brief steht ein Link zum Abbestellen.',
  back: 'Zum neuesten Brief',
  wrong: {
    address: 'Das ist keine vollständige E-Mail-Adresse.',
    kinds: 'Bitte wählen Sie, welche Briefe Sie möchten.',
    'too-often': 'Von hier kamen gerade zu viele Anfragen. Bitte später noch einmal.',
    unavailable: 'Das geht gerade nicht. Bitte später noch einmal.',
  },
  sent: {
    title: 'Bitte bestätigen Sie Ihre Adresse',
    text: (address) =>
      `An ${address} ist eine Nachricht mit einem Link unterwegs. Erst wenn Sie dort bestätigen, kommen die Briefe. Kommt nichts an: Stimmt die Adresse, und liegt die Nachricht vielleicht im Spamordner?`,
  },
};

const en: LetterFormTexts = {
  title: 'Letters by mail',
  which: (area) => `Particulates in ${area}, in numbers and sentences:`,
  kinds: { week: 'every week', month: 'every month' },
  address: 'Your e-mail address',
  send: 'Subscribe',
  privacy:
    'The address is stored for these letters only and deleted after two days if you do not confirm it. Every letter has a link to unsubscribe.',
  back: 'To the latest letter',
  wrong: {
    address: 'This is no complete e-mail address.',
    kinds: 'Please choose which letters you would like.',
    'too-often': 'Too many requests came from here just now. Please try again later.',
    unavailable: 'That does not work at the moment. Please try again later.',
  },
  sent: {
    title: 'Please confirm your address',
    text: (address) =>
      `A message with a link is on its way to ${address}. The letters come only when you confirm there. If nothing arrives: is the address right, and is the message perhaps in the spam folder?`,
  },
};

/** The texts by language. */
export const LETTER_FORM_TEXTS: Readonly<Record<Language, LetterFormTexts>> = { de, en };
