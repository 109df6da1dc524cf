import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { DemoCredit } from '../demo/credit.ts';
import { AVERAGES, type Average } from '../domain/aggregate.ts';
import { isPublic, STATION_ID, type Station } from '../domain/station.ts';
import { jsonAnswer, type OpenApiPaths } from './openApiTypes.ts';
import { Assets } from './pages/assets.ts';
import { createFormat } from './pages/format.ts';
import { type Html, html } from './pages/html.ts';
import type { Instance } from './pages/instance.ts';
import { chooseLanguage, isLanguage, type Language } from './pages/language.ts';
import { keptParameters, pageUrl } from './pages/pageUrls.ts';
import { type Page, renderPage } from './pages/shell.ts';
import { renderStation } from './pages/stationPage.ts';
import { type StationSources, viewStation } from './pages/stationView.ts';
import { renderTextPage } from './pages/textPages.ts';
import { de } from './pages/texts/de.ts';
import { en } from './pages/texts/en.ts';
import { TEXT_PAGES } from './pages/texts/pageTexts.ts';

/** What the pages are made from. */
export interface PagesDeps extends StationSources {
  config: PagesConfig;
  version: string;
  /** Folder of `package.json`: below it lie `dist/web` and `web/content`. */
  rootDir: string;
  station: (stationId: string) => Station | undefined;
  /** Set while a recording is replayed. */
  demo?: DemoCredit;
}

/** The settings pages show or depend on. */
export type PagesConfig = Pick<
  Config,
  | 'INSTANCE_NAME'
  | 'CONTACT'
  | 'LANGUAGE'
  | 'TIME_ZONE'
  | 'MAP_CENTER'
  | 'MAP_ZOOM'
  | 'TILE_URL'
  | 'TILE_ATTRIBUTION'
  | 'DISTRICTS'
  | 'DATA_LICENCE'
  | 'DATA_DIR'
>;

const instanceSchema = z.object({
  name: z.string(),
  contact: z.string(),
  language: z.enum(['de', 'en']),
  timeZone: z.string(),
  center: z.object({ lat: z.number(), lon: z.number() }).optional(),
  zoom: z.number().optional(),
  tileUrl: z.string().optional(),
  tileAttribution: z.string().optional(),
  districtsUrl: z.string().optional(),
  licence: z.string(),
  demo: z
    .object({ credit: z.string(), licence: z.string(), text: z.object({ de: z.string(), en: z.string() }) })
    .optional(),
  version: z.string(),
});

/** What the router's API routes say of themselves. */
export const pagesPaths: OpenApiPaths = {
  '/api/v1/instance': {
    get: {
      operationId: 'getInstance',
      summary: 'Name, contact, time zone, map start and licence of this installation',
      tags: ['Service'],
      responses: { 200: jsonAnswer('The installation', instanceSchema) },
    },
  },
};

/** Every page people open, and the files these load. Mount it at `/` and last: it answers whatever is left with a page. */
export function createPagesRouter(deps: PagesDeps): Router {
  const pages = new Pages(deps);
  const router = Router();
  router.get('/api/v1/instance', (_request, response) => {
    response.set('Cache-Control', 'no-cache').json(pages.instance);
  });
  router.use((request, response, next) => {
    const isAsset = (request.method === 'GET' || request.method === 'HEAD') && pages.assets.has(request.path);
    return isAsset ? pages.assets.serve(request.path, request, response) : next();
  });
  router.get('/', (request, response) => pages.sendMap(request, response));
  router.get('/station/:id', (request, response) => pages.sendStation(request, response));
  for (const page of TEXT_PAGES) {
    router.get(`/${page}`, (request, response) => pages.sendText(request, response, page));
  }
  router.get(/.*/, (request, response) => pages.sendNotFound(request, response));
  return router;
}

/** What the reader asked for, as every page needs it. */
interface Asked {
  request: Request;
  language: Language;
  chosenLanguage: Language | undefined;
  texts: Page['texts'];
}

class Pages {
  readonly assets: Assets;
  readonly instance: Instance;
  readonly #deps: PagesDeps;
  readonly #formats: Readonly<Record<Language, ReturnType<typeof createFormat>>>;

  constructor(deps: PagesDeps) {
    const { TIME_ZONE } = deps.config;
    this.#deps = deps;
    this.assets = new Assets(join(deps.rootDir, 'dist', 'web'));
    this.instance = instanceOf(deps);
    this.#formats = { de: createFormat('de', TIME_ZONE), en: createFormat('en', TIME_ZONE) };
  }

  sendMap(request: Request, response: Response): void {
    const asked = this.#asked(request);
    const { name } = this.instance;
    const { quantity = 'pm25', average = '1h' } = keptParameters(request.query);
    const isLayer = ['pm25', 'pm10'].includes(quantity) && (AVERAGES as readonly string[]).includes(average);
    this.#send(response, asked, {
      kind: 'map',
      title: asked.texts.mapTitle(name),
      description: asked.texts.mapDescription(name),
      preloads: isLayer ? [`/api/v1/map?quantity=${quantity}&average=${average}`] : [],
      main: renderMap(asked.texts),
    });
  }

  async sendStation(request: Request, response: Response): Promise<void> {
    const asked = this.#asked(request);
    const { language, chosenLanguage, texts } = asked;
    const id = String(request.params.id);
    const station = STATION_ID.test(id) ? this.#deps.station(id) : undefined;
    if (!station || !isPublic(station)) {
      this.#sendMissing(response, asked, { title: texts.stationNotFoundTitle, text: texts.stationNotFoundText });
      return;
    }
    const view = await viewStation(this.#deps, station, layerOf(request));
    const speech = {
      texts,
      language,
      chosenLanguage,
      format: this.#formats[language],
      timeZone: this.instance.timeZone,
    };
    this.#send(response, asked, {
      kind: 'station',
      title: texts.stationTitle(station.name, this.instance.name),
      description: texts.stationDescription(station.name),
      main: renderStation(view, speech),
    });
  }

  async sendText(request: Request, response: Response, page: (typeof TEXT_PAGES)[number]): Promise<void> {
    const asked = this.#asked(request);
    const folders = {
      own: join(this.#deps.config.DATA_DIR, 'pages'),
      bundled: join(this.#deps.rootDir, 'web', 'content'),
    };
    const contact = this.instance.contact || asked.texts.noContact;
    const values = {
      INSTANCE_NAME: this.instance.name,
      CONTACT: contact,
      DATA_LICENCE: this.instance.licence,
      VERSION: this.instance.version,
    };
    const text = await renderTextPage(folders, page, { language: asked.language, values });
    this.#send(response, asked, {
      kind: 'text',
      title: `${text.title} – ${this.instance.name}`,
      description: text.title,
      main: html`<article class="text" lang="${text.language}">${text.body}</article>`,
    });
  }

  sendNotFound(request: Request, response: Response): void {
    const asked = this.#asked(request);
    this.#sendMissing(response, asked, { title: asked.texts.notFoundTitle, text: asked.texts.notFoundText });
  }

  #sendMissing(response: Response, asked: Asked, { title, text }: { title: string; text: string }): void {
    response.status(404);
    this.#send(response, asked, {
      kind: 'text',
      title: `${title} – ${this.instance.name}`,
      description: title,
      isIndexed: false,
      main: html`<article class="text"><h1>${title}</h1><p>${text}</p>
<p><a href="${pageUrl('/', asked.chosenLanguage)}">${asked.texts.toMap}</a></p></article>`,
    });
  }

  #asked(request: Request): Asked {
    const language = chooseLanguage(request.query.lang, request.get('accept-language'), this.instance.language);
    const chosenLanguage = isLanguage(request.query.lang) ? request.query.lang : undefined;
    return { request, language, chosenLanguage, texts: language === 'de' ? de : en };
  }

  #send(
    response: Response,
    asked: Asked,
    page: Pick<Page, 'kind' | 'title' | 'description' | 'main'> & Partial<Page>,
  ): void {
    const { request, language, chosenLanguage, texts } = asked;
    const files = this.assets.entry(`web/entries/${page.kind}.tsx`);
    const { instance } = this;
    const query = keptParameters(request.query);
    response
      .set({ 'Cache-Control': 'no-cache', 'Content-Language': language })
      .vary('Accept-Language')
      .type('html')
      .send(renderPage({ ...page, instance, language, chosenLanguage, texts, files, query, path: request.path }));
  }
}

function layerOf(request: Request): { quantity: 'pm25' | 'pm10'; average: Average } {
  const { quantity, average } = keptParameters(request.query);
  return {
    quantity: quantity === 'pm10' ? 'pm10' : 'pm25',
    average: AVERAGES.find((name) => name === average) ?? '1h',
  };
}

/** Heading and words stand in the page from the first paint; the map is drawn by the script. */
function renderMap(texts: Page['texts']): Html {
  return html`<div id="app"><div class="map-page is-map"><div class="map-area"></div><section class="layer-panel"><div class="layer-head">
<h1>${texts.mapHeading}</h1></div><p class="only-particulates">${texts.onlyParticulates}</p></section>
<noscript><p class="state-notice">${texts.needsScript}</p></noscript></div></div>`;
}

function instanceOf({ config, version, demo }: PagesDeps): Instance {
  return {
    name: config.INSTANCE_NAME,
    contact: config.CONTACT ?? '',
    language: config.LANGUAGE,
    timeZone: config.TIME_ZONE,
    ...(config.MAP_CENTER && { center: config.MAP_CENTER }),
    ...(config.MAP_ZOOM !== undefined && { zoom: config.MAP_ZOOM }),
    ...(config.TILE_URL && { tileUrl: config.TILE_URL }),
    ...(config.TILE_ATTRIBUTION && { tileAttribution: config.TILE_ATTRIBUTION }),
    ...(config.DISTRICTS && { districtsUrl: '/api/v1/districts' }),
    licence: config.DATA_LICENCE,
    ...(demo && { demo: { credit: demo.credit, licence: demo.licence, text: { de: demo.textDe, en: demo.textEn } } }),
    version,
  };
}
