import type { Request, Response } from 'express';
import { createFormat, type Format } from '../../domain/format.ts';
import type { TimeWindow } from '../../domain/means/calendarWindows.ts';
import { isLanguage, type Language } from '../../domain/names.ts';
import type { PublicNotice } from '../../domain/operator/publicNotice.ts';
import type { Assets } from './assets.ts';
import { html } from './html.ts';
import type { Instance } from './instance.ts';
import { chooseLanguage } from './language.ts';
import { keptParameters, pageUrl } from './pageUrls.ts';
import { type Page, renderFrame, renderPage } from './shell.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import type { PageTexts } from './texts/pageTexts.ts';

/** What a reader asked for, as every page needs it. */
export interface Asked {
  language: Language;
  /** Set when the URL names the language. */
  chosenLanguage: Language | undefined;
  texts: PageTexts;
  format: Format;
  path: string;
  /** Parameters of the URL that links keep. */
  query: Readonly<Record<string, string>>;
}

/** What one page adds to the frame. */
export type PageParts = Pick<Page, 'kind' | 'title' | 'description' | 'main'> &
  Pick<Partial<Page>, 'preloads' | 'isIndexed' | 'head'> & {
    /** True for a page that no cache may keep. */
    isPrivate?: boolean;
    /** Modules the page's script fetches at once. */
    soon?: readonly string[];
  };

/** Puts pages into the frame that all share and sends them. */
export class PageWriter {
  readonly #readInstance: () => Instance;
  readonly #assets: Assets;
  readonly #formats: Readonly<Record<Language, Format>>;

  /** The operator's notices that touch a time, epoch ms. */
  readonly noticesIn: (window: TimeWindow) => PublicNotice[];

  constructor(
    readInstance: () => Instance,
    assets: Assets,
    noticesIn: (window: TimeWindow) => PublicNotice[] = () => [],
  ) {
    const instance = readInstance();
    this.noticesIn = noticesIn;
    this.#readInstance = readInstance;
    this.#assets = assets;
    this.#formats = { de: createFormat('de', instance.timeZone), en: createFormat('en', instance.timeZone) };
  }

  /** The installation as of now: a replay's label changes. */
  get instance(): Instance {
    return this.#readInstance();
  }

  /** Reads language and kept parameters off a request, of a form those of its body. */
  asked(request: Pick<Request, 'path' | 'query' | 'get'>): Asked {
    const language = chooseLanguage(request.query.lang, request.get('accept-language'), this.instance.language);
    return {
      language,
      chosenLanguage: isLanguage(request.query.lang) ? request.query.lang : undefined,
      texts: { de, en }[language],
      format: this.#formats[language],
      path: request.path,
      query: keptParameters(request.query),
    };
  }

  /** Sends a page; set the status before when it is not 200. */
  send(response: Response, asked: Asked, parts: PageParts): void {
    const files = this.#assets.entry(`web/entries/${parts.kind}.tsx`, parts.soon);
    response
      .set({ 'Cache-Control': parts.isPrivate ? 'no-store' : 'no-cache', 'Content-Language': asked.language })
      .vary('Accept-Language')
      .type('html')
      .send(renderPage({ ...asked, ...parts, instance: this.instance, files }));
  }

  /** Sends a page without header, footer and scripts, for a frame in somebody else's page. */
  sendFrame(response: Response, asked: Asked, parts: Pick<PageParts, 'kind' | 'title' | 'main'>): void {
    const { styles } = this.#assets.entry(`web/entries/${parts.kind}.tsx`);
    response
      .set({ 'Cache-Control': 'public, max-age=300', 'Content-Language': asked.language })
      .vary('Accept-Language')
      .type('html')
      .send(renderFrame({ ...parts, language: asked.language, styles }));
  }

  /** Sends a page that says there is nothing here, with the way to the map. */
  sendMissing(response: Response, asked: Asked, { title, text }: { title: string; text: string }): void {
    this.send(response.status(404), asked, {
      kind: 'text',
      title: `${title} – ${this.instance.name}`,
      description: title,
      isIndexed: false,
      main: html`<article class="text"><h1>${title}</h1><p>${text}</p>
<p><a href="${pageUrl('/', asked.chosenLanguage)}">${asked.texts.toMap}</a></p></article>`,
    });
  }
}
