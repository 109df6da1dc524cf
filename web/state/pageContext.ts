import type { Instance } from '../../server/api/pages/instance.ts';
import { createFormat, type Format } from '../../server/domain/format.ts';
import { isLanguage, type Language, QUANTITY_NAMES } from '../../server/domain/names.ts';
import type { Quantity } from '../../server/domain/quantity.ts';
import { type Messages, messagesOf } from '../i18n/messages.ts';
import { createTheme, openStorage, type ThemeState } from './theme.ts';

/** What the server put into the page, and what follows from it: the same for every view of the page. */
export interface PageContext {
  instance: Instance;
  language: Language;
  t: Messages;
  format: Format;
  theme: ThemeState;
  /** Name of a quantity for the start of a sentence or a label. */
  nameOf(quantity: Quantity): string;
}

/** Reads `<html lang>` and the embedded instance. */
export function readPageContext(view: Window): PageContext {
  const page = view.document;
  const text = page.getElementById('instance')?.textContent;
  if (!text) throw new Error('The page carries no instance data');
  const instance = JSON.parse(text) as Instance;
  const { lang } = page.documentElement;
  const language = isLanguage(lang) ? lang : 'de';
  return {
    instance,
    language,
    t: messagesOf(language),
    format: createFormat(language, instance.timeZone),
    theme: createTheme(page, openStorage(view), view.matchMedia('(prefers-color-scheme: dark)')),
    nameOf: (quantity) => capitalised(QUANTITY_NAMES[quantity][language]),
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
