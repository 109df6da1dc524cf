import type { Instance } from '../../server/api/pages/instance.ts';

/** Whose readings are shown as HTML for the corner of the map, after `words`: both links as its licence asks. */
export function creditHtml(words: string, credit: NonNullable<Instance['credits']>[number]): string {
  const line = document.createElement('span');
  line.append(`${words} `, linkTo(credit.url, credit.name), ' (', linkTo(credit.licenceUrl, credit.licence), ')');
  return line.innerHTML;
}

/** Plain words as HTML. */
export function escaped(words: string): string {
  const line = document.createElement('span');
  line.textContent = words;
  return line.innerHTML;
}

function linkTo(href: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = href;
  link.textContent = text;
  return link;
}
