import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { Config } from '../config.ts';
import type { DemoCredit } from '../demo/credit.ts';
import { AVERAGES, type Average } from '../domain/aggregate.ts';
import { DAY_MS } from '../domain/durations.ts';
import { limitChoiceOf } from '../domain/limits/limitChoice.ts';
import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import { isPublic, STATION_ID, type Station } from '../domain/station.ts';
import type { PublicNotices } from '../notices/publicNotices.ts';
import type { OfflineFiles } from '../offline/offlineFiles.ts';
import { baseUrl } from './http/baseUrl.ts';
import { sendProblem } from './http/problem.ts';
import { notAllowed } from './http/undescribed.ts';
import { type AreaPageDeps, sendArea, sendAreas } from './pages/area/areaPages.ts';
import { createDistrictsHandler, districtsPaths } from './pages/area/districts.ts';
import { Assets } from './pages/assets.ts';
import { sendCompare } from './pages/comparePage.ts';
import { type HostingConfig, hostingOf } from './pages/hosting.ts';
import { renderHost } from './pages/hostPage.ts';
import { type Html, html } from './pages/html.ts';
import { type Instance, type InstanceConfig, instanceOf, instancePaths, LOGO_PATH } from './pages/instance.ts';
import { type Checks, readChecks } from './pages/methods/checks.ts';
import { renderMethods } from './pages/methods/methodsPage.ts';
import { previewUrls, renderOpenGraph } from './pages/openGraph.ts';
import { refuseOtherMethods } from './pages/otherMethods.ts';
import { pageAddress, pageUrl } from './pages/pageUrls.ts';
import { type Asked, PageWriter } from './pages/pageWriter.ts';
import type { PageMount } from './pages/report/mountReports.ts';
import { renderStation } from './pages/station/stationPage.ts';
import { type StationSources, viewStation } from './pages/station/stationView.ts';
import { sendStationList } from './pages/stationList.ts';
import { renderTextPage } from './pages/textPages.ts';
import { METHODS_TEXTS } from './pages/texts/methodsTexts.ts';
import { TEXT_PAGES, type TextPage } from './pages/texts/pageTexts.ts';
import { STATION_LIST_TEXTS } from './pages/texts/stationListTexts.ts';

/** What the pages are made from. */
export interface PagesDeps extends StationSources, Omit<AreaPageDeps, 'writer' | 'readings'> {
  config: InstanceConfig & HostingConfig & Pick<Config, 'DATA_DIR'>;
  /** The operator's own map and search, where there are such files. */
  offline?: OfflineFiles;
  version: string;
  /** Folder of `package.json`: below it lie `dist/web` and `web/content`. */
  rootDir: string;
  station: (stationId: string) => Station | undefined;
  /** The operator's dated notices; none without. */
  publicNotices?: Pick<PublicNotices, 'in'>;
  /** The label of a replay as of now; undefined while none runs. */
  demo?: () => DemoCredit | undefined;
  /** Pages of further kinds. */
  mounts?: readonly PageMount[];
}

/** What the router's API routes say of themselves. */
export const pagesPaths = { ...instancePaths, ...districtsPaths };

/** Every page people open, and the files these load. Mount it at `/` and last: it answers whatever is left with a page. */
export function createPagesRouter(deps: PagesDeps): Router {
  const assets = new Assets(join(deps.rootDir, 'dist', 'web'));
  const noticesIn = (window: TimeWindow) => deps.publicNotices?.in(window) ?? [];
  const writer = new PageWriter(() => instanceOf({ ...deps, noticesIn }, deps.demo?.()), assets, noticesIn);
  const checks = readChecks(deps.rootDir);
  const router = Router();
  router.get('/api/v1/instance', (_request, response) => {
    response.set('Cache-Control', 'no-cache').json(writer.instance);
  });
  router.get('/api/v1/districts', createDistrictsHandler(deps.areas));
  router.use((request, response, next) => {
    if (!assets.has(request.path) || request.method === 'OPTIONS') return next();
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    return isRead ? assets.serve(request.path, request, response) : sendProblem(response, notAllowed(['GET', 'HEAD']));
  });
  const logo = deps.offline?.logo;
  if (logo !== undefined) {
    router.get(LOGO_PATH, (_request, response) => {
      response.set({ 'Content-Type': logo.type, 'Cache-Control': 'public, max-age=3600' }).send(logo.bytes);
    });
  }
  router.get('/', (request, response) => sendMap(writer, request, response));
  router.get('/station/:id', (request, response) => sendStation({ ...deps, writer }, request, response));
  router.get('/stations', (request, response) =>
    sendStationList({ ...deps, publicUrl: deps.config.PUBLIC_URL, writer }, request, response),
  );
  router.get('/area', (request, response) => sendAreas({ ...deps, writer }, request, response));
  router.get('/area/:id', (request, response) =>
    sendArea({ ...deps, publicUrl: deps.config.PUBLIC_URL, writer }, request, response),
  );
  for (const mount of deps.mounts ?? []) mount(router, writer);
  router.get('/compare', (request, response) => sendCompare({ ...deps, writer }, request, response));
  router.get('/admin', (request, response) => sendAdmin(writer, request, response));
  router.get('/host', (request, response) => sendHost({ config: deps.config, writer }, request, response));
  router.get('/methods', (request, response) => sendMethods({ ...deps, writer, checks }, request, response));
  for (const page of TEXT_PAGES) {
    router.get(`/${page}`, (request, response) => sendText({ ...deps, writer }, page, { request, response }));
  }
  router.use(refuseOtherMethods(router));
  router.get(/.*/, (request, response, next) => {
    if (FOR_PROGRAMS.test(request.path)) return next();
    const asked = writer.asked(request);
    writer.sendMissing(response, asked, { title: asked.texts.notFoundTitle, text: asked.texts.notFoundText });
  });
  return router;
}

/** Addresses below those of the read APIs: a program that misspells one gets a problem, no page. */
const FOR_PROGRAMS = /^\/(?:airrohr|data|sta|static|v1)(?:\/|$)/;

function sendMap(writer: PageWriter, request: Request, response: Response): void {
  const asked = writer.asked(request);
  const { quantity, average } = layerOf(asked);
  writer.send(response, asked, {
    kind: 'map',
    title: asked.texts.mapTitle(writer.instance.name),
    description: asked.texts.mapDescription(writer.instance.name),
    preloads: [`/api/v1/map?quantity=${quantity}&average=${average}`],
    ...(request.query.station !== undefined && { soon: ['web/views/stationSheet.tsx'] }),
    main: renderMap(asked, writer.instance),
  });
}

/** Heading and words stand in the page from the first paint; the map is drawn by the script. */
function renderMap({ texts, language, chosenLanguage }: Asked, { districtsUrl }: Pick<Instance, 'districtsUrl'>): Html {
  const { stations, areas } = texts.withoutScript;
  const entry = (path: string, name: string, words: string) =>
    html`<li><a href="${pageUrl(path, chosenLanguage)}">${name}</a>: ${words}</li>`;
  const lists = [
    entry('/stations', STATION_LIST_TEXTS[language].heading, stations),
    districtsUrl && entry('/area', texts.pages.areas, areas),
  ];
  return html`<div id="app"><div class="map-page"><div class="map-area"></div><section class="layer-panel"><div class="layer-head">
<h1>${texts.mapHeading}</h1></div><p class="only-particulates">${texts.onlyParticulates}</p></section>
<noscript><div class="state-notice"><p>${texts.needsScript}</p><ul>${lists}</ul></div></noscript></div></div>`;
}

type WithWriter = PagesDeps & { writer: PageWriter };

async function sendStation({ writer, ...deps }: WithWriter, request: Request, response: Response): Promise<void> {
  const asked = writer.asked(request);
  const { texts } = asked;
  const id = String(request.params.id);
  const station = STATION_ID.test(id) ? deps.station(id) : undefined;
  if (!station || !isPublic(station)) {
    writer.sendMissing(response, asked, { title: texts.stationNotFoundTitle, text: texts.stationNotFoundText });
    return;
  }
  const view = await viewStation(deps, station, {
    ...layerOf(asked),
    limit: limitChoiceOf(asked.query.limit),
    format: asked.format,
  });
  writer.send(response, asked, {
    kind: 'station',
    title: texts.stationTitle(station.name, writer.instance.name),
    description: texts.stationDescription(station.name),
    head: renderOpenGraph({
      ...{ title: station.name, description: texts.stationDescription(station.name), site: writer.instance.name },
      ...previewUrls(`/station/${station.id}`, { request, asked, publicUrl: deps.config.PUBLIC_URL }),
    }),
    soon: ['web/historyChart.tsx'],
    main: renderStation(view, {
      ...asked,
      timeZone: writer.instance.timeZone,
      address: pageAddress(asked, baseUrl(request, deps.config.PUBLIC_URL)),
      notices: writer.noticesIn(lastDay(view.now)),
    }),
  });
}

/** What a station's page shows without scripts. */
function lastDay(now: number): TimeWindow {
  return { start: now - DAY_MS, end: now };
}

/** Joining and my station: one page, since the owner link's secret stays in the fragment, which no server sees. */
function sendHost(
  { config, writer }: Pick<WithWriter, 'config' | 'writer'>,
  request: Request,
  response: Response,
): void {
  const asked = writer.asked(request);
  writer.send(response, asked, {
    kind: 'host',
    title: asked.texts.hostTitle(writer.instance.name),
    description: asked.texts.hostDescription(writer.instance.name),
    main: renderHost(asked.texts, hostingOf(config, request)),
  });
}

/** The operator's page: whose it is shows when the key is typed in. No cache keeps it, no search engine lists it. */
function sendAdmin(writer: PageWriter, request: Request, response: Response): void {
  const asked = writer.asked(request);
  const { adminTitle, adminHeading, adminNeedsScript } = asked.texts;
  writer.send(response.set('X-Robots-Tag', 'noindex'), asked, {
    kind: 'admin',
    title: adminTitle(writer.instance.name),
    description: adminTitle(writer.instance.name),
    isIndexed: false,
    isPrivate: true,
    main: html`<div id="admin"><div class="admin"><h1>${adminHeading}</h1><noscript><p class="notice">${adminNeedsScript}</p></noscript></div></div>`,
  });
}

function sendMethods(
  { writer, clock, checks, areFurtherIndicesOn = false }: WithWriter & { checks: Checks },
  request: Request,
  response: Response,
): void {
  const asked = writer.asked(request);
  const words = METHODS_TEXTS[asked.language];
  writer.send(response, asked, {
    kind: 'text',
    title: words.title(writer.instance.name),
    description: words.description,
    main: renderMethods(asked, { now: clock(), checks, areFurtherIndicesOn }),
  });
}

async function sendText(
  { writer, config, rootDir }: WithWriter,
  page: TextPage,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  const asked = writer.asked(request);
  const { name, contact, licence, version } = writer.instance;
  const folders = { own: join(config.DATA_DIR, 'pages'), bundled: join(rootDir, 'web', 'content') };
  const values = {
    INSTANCE_NAME: name,
    CONTACT: contact || asked.texts.noContact,
    DATA_LICENCE: licence,
    VERSION: version,
  };
  const text = await renderTextPage(folders, page, { language: asked.language, values });
  writer.send(response, asked, {
    kind: 'text',
    title: `${text.title} – ${name}`,
    description: text.title,
    main: html`<article class="text" lang="${text.language}">${text.body}</article>`,
  });
}

/** The layer a link asks for; whatever is unknown becomes the default. */
function layerOf({ query }: Asked): { quantity: 'pm25' | 'pm10'; average: Average } {
  return {
    quantity: query.quantity === 'pm10' ? 'pm10' : 'pm25',
    average: AVERAGES.find((name) => name === query.average) ?? '1h',
  };
}
