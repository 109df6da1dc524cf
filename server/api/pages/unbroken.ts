import { type Html, html } from './html.ts';

/** A short word in brackets that has a hyphen: broken there, it reads as two. */
const BRACKETED = /(\([^\s()]{1,8}-[^\s()]{1,8}\))/;

/** Text cut so that every second piece must stay on one line: `['Nord ', '(Alt-Stadt)', '']`. */
export function unbrokenParts(text: string): string[] {
  return text.split(BRACKETED);
}

/** Text whose short hyphenated words in brackets stay on one line, as in names of districts and laws. */
export function unbroken(text: string): Html {
  return html`${unbrokenParts(text).map((part, at) => (at % 2 === 0 ? part : html`<span class="unbroken">${part}</span>`))}`;
}
