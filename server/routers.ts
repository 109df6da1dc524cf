import type { OperatorDesk } from './admin/operatorDesk.ts';
import { Access } from './api/access.ts';
import { adminPaths, createAdminRouter } from './api/admin.ts';
import { adminLettersPaths, createAdminLettersRouter } from './api/adminLetters.ts';
import { alertsPaths, createAlertsRouter } from './api/alerts.ts';
import type { RouterSpec } from './api/app.ts';
import { createArchiveJobsRouter } from './api/archiveJobs.ts';
import { AreaAlertDesk, areaAlertsPaths, createAreaAlertsRouter } from './api/areaAlerts.ts';
import { areasPaths, createAreasRouter } from './api/areas.ts';
import { createBackupsRouter } from './api/backups.ts';
import { createBrokerAccountsRouter } from './api/brokerAccounts.ts';
import { createCatalogRouter } from './api/catalog.ts';
import { citationsPaths, createCitationsRouter, type Freezer } from './api/citations.ts';
import { contactsPaths, createContactsRouter } from './api/contacts.ts';
import { createDaysAboveRouter, daysAbovePaths } from './api/daysAbove.ts';
import { createLettersRouter, LetterDesk, lettersPaths } from './api/letters.ts';
import { createMapRouter, mapPaths } from './api/map.ts';
import { createMapFileRouter } from './api/mapFile.ts';
import { createOwnerLinksRouter, ownerLinksPaths } from './api/ownerLinks.ts';
import { createOwnStationRouter, ownStationPaths } from './api/ownStation.ts';
import type { PageMount } from './api/pages/report/mountReports.ts';
import { createPagesRouter, pagesPaths } from './api/pages.ts';
import { createPlacesRouter, placesPaths } from './api/places.ts';
import { createPruningRouter } from './api/pruning.ts';
import {
  adminNoticesPaths,
  createAdminNoticesRouter,
  createPublicNoticesRouter,
  publicNoticesPaths,
} from './api/publicNotices.ts';
import { createSensorCommunityRouter, sensorCommunityPaths } from './api/sensorCommunity.ts';
import { createSensorThingsRouter, sensorThingsPaths } from './api/sensorThings.ts';
import { createSeriesRouter, seriesPaths } from './api/series.ts';
import { createStationExportRouter, stationExportPaths } from './api/stationExport.ts';
import { createTablesRouter, tablesPaths } from './api/tables.ts';
import type { ArchiveJobs } from './archive/archiveJobs.ts';
import type { AreaDirectory } from './areas/areaDirectory.ts';
import type { Backups } from './backup/backups.ts';
import type { Citations } from './citation/citations.ts';
import { CitationFeed } from './citation/feed.ts';
import type { InstanceKey } from './citation/instanceKey.ts';
import { type Config, offsetMs } from './config.ts';
import type { DemoCredit } from './demo/startDemo.ts';
import { type FirmwareDoors, firmwareDoorPaths } from './firmwareDoors.ts';
import type { LoggedRejection } from './ingest/rejectionLog.ts';
import type { Letters } from './letters/letters.ts';
import { PastHours } from './live/pastHours.ts';
import type { LiveSide } from './liveSide.ts';
import type { Logger } from './log.ts';
import { alertSettingsOf } from './notices/alertRunner.ts';
import type { Notices } from './notices/notices.ts';
import type { PublicNotices } from './notices/publicNotices.ts';
import type { OfflineFiles } from './offline/offlineFiles.ts';
import { packageRoot } from './packageRoot.ts';
import { type Desks, pageMounts } from './pageMounts.ts';
import type { PngPress } from './pictures/pngPress.ts';
import type { Reports } from './report/reports.ts';
import type { Rollups } from './rollups/rollups.ts';
import { Catalogue } from './sensorThings/catalogue.ts';
import { ValueReader } from './sensorThings/observations.ts';
import { SensorThings } from './sensorThings/service.ts';
import type { CitationStore } from './store/citationStore.ts';
import type { ReadingStore } from './store/readingStore.ts';
import type { Registry } from './store/stationStore.ts';

/** What the routers are made from. */
export interface RoutersParts {
  config: Config;
  stationStore: Registry;
  store: ReadingStore;
  areas: AreaDirectory;
  doors: FirmwareDoors;
  live: LiveSide;
  /** Hourly and daily means for whoever quotes them, with what comparisons with official stations add to the uncertainty. */
  rollups: Rollups;
  /** Without: for a map of thousands of stations, which shows none. */
  measuredRollups: Rollups;
  /** Answers to questions about days and periods. */
  reports: Reports;
  /** Contacts, alerts and what is written to people. */
  notices: Notices;
  /** Weekly and monthly letters of areas. */
  letters: Letters;
  citations: Citations;
  /** Draws pictures as PNG. */
  press: PngPress;
  citationStore: CitationStore;
  citationKey: InstanceKey;
  freezer: Freezer;
  archiveJobs: ArchiveJobs;
  backups: Backups;
  /** What only the operator sees and does. */
  desk: OperatorDesk;
  /** The last refusals of a device. */
  rejectionsOf: (deviceId: string) => readonly LoggedRejection[];
  offline: OfflineFiles;
  log: Logger;
  version: string;
  /** The label of a replay as of now; undefined while none runs. */
  demoCredit: () => DemoCredit | undefined;
  clock: () => number;
  adminToken: string;
}

/** What routers need that only read, and show the same to everybody. */
export type ReadParts = Pick<
  RoutersParts,
  | 'config'
  | 'stationStore'
  | 'store'
  | 'areas'
  | 'live'
  | 'rollups'
  | 'measuredRollups'
  | 'reports'
  | 'offline'
  | 'version'
  | 'demoCredit'
  | 'clock'
  | 'adminToken'
> & {
  /** The operator's dated notices. */
  publicNotices: Pick<PublicNotices, 'in'>;
};

/** Everything on the HTTP ports besides stations, devices and health, in order; the pages take what is left. */
export function createRouters(parts: RoutersParts): RouterSpec[] {
  const { doors, archiveJobs, backups, log, desk } = parts;
  const readParts = { ...parts, publicNotices: desk.publicNotices };
  const desks = { alerts: new AreaAlertDesk(parts), letters: new LetterDesk(parts) };
  return [
    { path: '/', router: doors.router, paths: firmwareDoorPaths, comesFirst: true },
    { path: '/', router: createSensorCommunity(parts), paths: sensorCommunityPaths, comesFirst: true },
    ...readRoutes(readParts),
    { path: '/api/v1', router: createCitations(parts), paths: citationsPaths },
    { path: '/api/v1', router: createOwnStation(parts), paths: ownStationPaths },
    { path: '/api/v1', router: createStationExport(parts), paths: stationExportPaths },
    ...createNoticeRouters(parts, desks),
    ...createAdminRouters(parts),
    { path: '/_control', router: createBrokerAccountsRouter(parts.stationStore) },
    { path: '/_control', router: createBackupsRouter({ backups, log }) },
    { path: '/_control', router: createArchiveJobsRouter({ jobs: archiveJobs, log }) },
    { path: '/_control', router: createPruningRouter({ ...parts, dayOffsetMs: offsetMs(parts.config.DAY_OFFSET) }) },
    { path: '/', router: createSensorThings(parts), paths: sensorThingsPaths },
    { path: '/', router: createCatalog(parts) },
    {
      path: '/',
      router: createPages(readParts, pageMounts(parts, desks)),
      paths: pagesPaths,
    },
  ];
}

/** Of these, what a node without the registry answers itself; everything else it hands on. */
export function createReadRouters(parts: ReadParts): RouterSpec[] {
  return [...readRoutes(parts), { path: '/', router: createPages(parts, []), paths: pagesPaths }];
}

function readRoutes(parts: ReadParts): RouterSpec[] {
  const { config, offline, publicNotices, clock } = parts;
  const tables = createTablesRouter({ clock, areFurtherIndicesOn: config.FURTHER_INDICES });
  return [
    { path: '/api/v1', router: createMap(parts), paths: mapPaths },
    { path: '/api/v1', router: createSeries(parts), paths: seriesPaths },
    { path: '/api/v1', router: createAreas(parts), paths: areasPaths },
    { path: '/api/v1', router: createDaysAbove(parts), paths: daysAbovePaths },
    { path: '/api/v1', router: tables, paths: tablesPaths },
    { path: '/api/v1', router: createPublicNoticesRouter(publicNotices), paths: publicNoticesPaths },
    { path: '/api/v1', router: createPlacesRouter(offline.places, clock), paths: placesPaths },
    { path: '/', router: createMapFileRouter(offline.map) },
  ];
}

function createMap({ config, stationStore, measuredRollups: rollups, live, clock }: ReadParts) {
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  const pastHours = new PastHours({ rollups, stations: () => stationStore.stations(), dayOffsetMs });
  return createMapRouter({ mapLayers: live.mapLayers, pastHours, clock });
}

function createSeries({ config, stationStore, store, rollups, live, clock, adminToken }: ReadParts) {
  return createSeriesRouter({
    config,
    store,
    rollups,
    dayOffsetMs: offsetMs(config.DAY_OFFSET),
    clock,
    aggregator: live.aggregator,
    stations: () => stationStore.stations(),
    station: (stationId) => stationStore.station(stationId),
    access: new Access(adminToken, stationStore),
  });
}

function createAreas({ config, areas, rollups, store, clock }: ReadParts) {
  return createAreasRouter({
    config,
    areas,
    rollups,
    readings: store,
    clock,
    dayOffsetMs: offsetMs(config.DAY_OFFSET),
  });
}

function createDaysAbove({ config, reports, clock }: ReadParts) {
  return createDaysAboveRouter({ config, reports, clock, dayOffsetMs: offsetMs(config.DAY_OFFSET) });
}

function createOwnStation({ live, adminToken, stationStore, ...parts }: RoutersParts) {
  return createOwnStationRouter({
    ...parts,
    stationStore,
    access: new Access(adminToken, stationStore),
    latest: (stationId) => live.aggregator.latest(stationId),
    lastSeenAt: (stationId) => live.aggregator.lastSeenAt(stationId),
  });
}

function createStationExport({ adminToken, stationStore, notices, ...parts }: RoutersParts) {
  return createStationExportRouter({
    ...parts,
    stationStore,
    access: new Access(adminToken, stationStore),
    ownerDocuments: (stationId) => ({
      contacts: notices.contacts.of(stationId).map(({ code: _code, ...contact }) => contact),
      alerts: alertSettingsOf(notices.store, stationId),
    }),
  });
}

function createSensorCommunity({ live, clock }: RoutersParts) {
  return createSensorCommunityRouter({ records: live.compatibleApi, clock });
}

/** What stations' owners and viewers are told, and where. */
function createNoticeRouters(parts: RoutersParts, desks: Desks): RouterSpec[] {
  const access = new Access(parts.adminToken, parts.stationStore);
  const onError = (error: unknown) => parts.log.error({ err: error }, 'a mail with an owner link was not written');
  const path = '/api/v1';
  return [
    { path, router: createContactsRouter({ ...parts, access }), paths: contactsPaths },
    { path, router: createAlertsRouter({ ...parts, access }), paths: alertsPaths },
    { path, router: createOwnerLinksRouter({ ...parts, access, onError }), paths: ownerLinksPaths },
    { path, router: createAreaAlertsRouter(desks.alerts), paths: areaAlertsPaths },
    { path, router: createLettersRouter(desks.letters), paths: lettersPaths },
    { path, router: createAdminLettersRouter({ letters: parts.letters, access }), paths: adminLettersPaths },
  ];
}

/** What the operator sees and does, and what they tell everybody. */
function createAdminRouters({ desk, notices, ...parts }: RoutersParts): RouterSpec[] {
  const access = new Access(parts.adminToken, parts.stationStore);
  const { overview, publicNotices } = desk;
  const onRefused: Parameters<typeof createAdminRouter>[0]['onRefused'] = (station, reason) =>
    notices.tellRefused(station, reason);
  return [
    { path: '/api/v1', router: createAdminNoticesRouter({ publicNotices, access }), paths: adminNoticesPaths },
    { path: '/api/v1', router: createAdminRouter({ ...parts, access, overview, onRefused }), paths: adminPaths },
  ];
}

function createSensorThings({ config, stationStore, store, live, clock }: RoutersParts) {
  const station = (stationId: string) => stationStore.station(stationId);
  const { aggregator } = live;
  const catalogue = new Catalogue({
    station,
    stations: () => stationStore.stations(),
    recentSeries: (stationId) => aggregator.seriesOf(stationId),
    storedSeries: (stationId) => store.seriesOf(stationId),
  });
  const stationCount = () => aggregator.stats().stations;
  const values = new ValueReader({ store, station, stationCount, newest: () => aggregator.newest(), clock });
  const sensorThings = new SensorThings({ catalogue, values, clock });
  return createSensorThingsRouter({ sensorThings, publicUrl: config.PUBLIC_URL });
}

function createPages(parts: ReadParts, mounts: readonly PageMount[]) {
  const { config, offline, stationStore, store, areas, rollups, live, version, demoCredit, clock } = parts;
  return createPagesRouter({
    config,
    offline,
    version,
    rootDir: packageRoot(),
    station: (stationId) => stationStore.station(stationId),
    stations: () => stationStore.stations(),
    areas,
    rollups,
    dayOffsetMs: offsetMs(config.DAY_OFFSET),
    aggregator: live.aggregator,
    agreementOf: (station) => live.agreements.of(station),
    areFurtherIndicesOn: config.FURTHER_INDICES,
    readings: store,
    clock,
    publicNotices: parts.publicNotices,
    demo: demoCredit,
    mounts,
  });
}

function createCitations({ config, reports, citations, freezer, citationStore, citationKey, clock }: RoutersParts) {
  const feed = new CitationFeed({ store: citationStore, key: citationKey, clock });
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  return createCitationsRouter({
    citations,
    freezer,
    feed,
    reports,
    config,
    dayOffsetMs,
    publicUrl: config.PUBLIC_URL,
    clock,
  });
}

function createCatalog({ config, stationStore, areas, clock }: RoutersParts) {
  const hasAreas = () => areas.areas().length > 0;
  return createCatalogRouter({ config, stations: () => stationStore.stations(), hasAreas, clock });
}
