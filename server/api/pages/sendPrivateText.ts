import type { Response } from 'express';
import { type Html, html } from './html.ts';
import type { Asked, PageWriter } from './pageWriter.ts';

/** Sends a heading with what stands below it as a page that no cache keeps and no search engine lists. */
export function sendPrivateText(
  writer: PageWriter,
  { response, asked }: { response: Response; asked: Asked },
  { title, main }: { title: string; main: Html },
): void {
  writer.send(response, asked, {
    kind: 'text',
    title: `${title} – ${writer.instance.name}`,
    description: title,
    isIndexed: false,
    isPrivate: true,
    main: html`<article class="text"><h1>${title}</h1>${main}</article>`,
  });
}
