import type { Instance } from '../../server/api/pages/instance.ts';
import { createFormat, type Format } from '../../server/api/pages/format.ts';
import type { Language } from '../../server/api/pages/language.ts';
import { type Messages, messagesOf } from '../i18n/messages.ts';

/** What the server put into the page, and what follows from it: the same for every view of the page. */
export interface PageContext {
  instance: Instance;
  language: Language;
  t: Messages;
  format: Format;
}

/** Reads `<html lang>` and the embedded instance. */
export function readPageContext(page: Document): PageContext {
  const text = page.getElementById('instance')?.textContent;
  if (!text) throw new Error('The page carries no instance data');
  const instance = JSON.parse(text) as Instance;
  const language = page.documentElement.lang === 'en' ? 'en' : 'de';
  return { instance, language, t: messagesOf(language), format: createFormat(language, instance.timeZone) };
}
