import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { Config } from '../config.ts';
import { Assets } from './pages/assets.ts';
import { contentPolicy } from './pages/contentPolicy.ts';
import { html } from './pages/html.ts';
import type { DemoNotice, Instance } from './pages/instance.ts';
import { chooseLanguage, isLanguage } from './pages/language.ts';
import { type Page, renderPage } from './pages/shell.ts';
import { de } from './pages/texts/de.ts';
import { en } from './pages/texts/en.ts';

/** What the pages are made from. */
export interface PagesDeps {
  config: PagesConfig;
  version: string;
  /** Folder of `package.json`: below it lie `dist/web` and `web/content`. */
  rootDir: string;
  demo?: DemoNotice;
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
  | 'DATA_LICENCE'
  | 'DATA_DIR'
>;

/** Every page people open, and the files these load. Mount it last: it answers whatever is left with a page. */
export function createPagesRouter(deps: PagesDeps): Router {
  const router = Router();
  const assets = new Assets(join(deps.rootDir, 'dist', 'web'));
  const instance = instanceOf(deps);
  const send = (
    request: Request,
    response: Response,
    page: Omit<Page, 'instance' | 'language' | 'chosenLanguage' | 'texts' | 'path'>,
  ) => {
    const language = chooseLanguage(request.query.lang, request.get('accept-language'), instance.language);
    const chosenLanguage = isLanguage(request.query.lang) ? request.query.lang : undefined;
    response
      .set('Content-Security-Policy', contentPolicy(request.get('host'), instance.tileUrl))
      .set('Cache-Control', 'no-cache')
      .vary('Accept-Language')
      .type('html')
      .send(
        renderPage({
          ...page,
          instance,
          language,
          chosenLanguage,
          texts: language === 'de' ? de : en,
          path: request.path,
        }),
      );
  };
  router.get('/api/v1/instance', (_request, response) => void response.set('Cache-Control', 'no-cache').json(instance));
  router.use((request, response, next) => {
    if (request.method !== 'GET' || !assets.has(request.path)) return next();
    return assets.serve(request.path, request, response);
  });
  router.get('/', (request, response) => {
    send(request, response, {
      title: 'map',
      description: '',
      kind: 'map',
      files: assets.entry('web/entries/map.tsx'),
      main: html`<div id="app"></div>`,
      preloads: ['/api/v1/map?quantity=pm25&average=1h'],
    });
  });
  return router;
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
    licence: config.DATA_LICENCE,
    ...(demo && { demo }),
    version,
  };
}
