import type { OperatorDesk } from '../admin/operatorDesk.ts';
import { adminPaths, createAdminRouter } from '../api/admin/admin.ts';
import { type AdminJoinsDeps, adminJoinsPaths, createAdminJoinsRouter } from '../api/admin/adminJoins.ts';
import { adminLettersPaths, createAdminLettersRouter } from '../api/admin/adminLetters.ts';
import { createArchiveJobsRouter } from '../api/admin/archiveJobs.ts';
import { createBackupsRouter } from '../api/admin/backups.ts';
import { createBrokerAccountsRouter } from '../api/admin/brokerAccounts.ts';
import { createPruningRouter } from '../api/admin/pruning.ts';
import { adminNoticesPaths, createAdminNoticesRouter } from '../api/admin/publicNotices.ts';
import { alertsPaths, createAlertsRouter } from '../api/alerts.ts';
import type { RouterSpec } from '../api/app.ts';
import { AreaAlertDesk, areaAlertsPaths, createAreaAlertsRouter } from '../api/areas/areaAlerts.ts';
import { createCatalogRouter } from '../api/catalog.ts';
import type { CitationFreezer } from '../api/citationFreezer.ts';
import { citationsPaths, createCitationsRouter } from '../api/citations.ts';
import { citePaths, createCiteRouter } from '../api/cite.ts';
import { Access } from '../api/http/access.ts';
import { createLongFileTurns, type LongFileTurns } from '../api/http/longFileTurns.ts';
import { createLettersRouter, LetterDesk, lettersPaths } from '../api/letters.ts';
import { contactView } from '../api/noticeRequests.ts';
import { pagesPaths } from '../api/pages.ts';
import { createSensorCommunityRouter, sensorCommunityPaths } from '../api/sensorCommunity.ts';
import { createSensorThingsRouter, sensorThingsPaths } from '../api/sensorThings.ts';
import { contactsPaths, createContactsRouter } from '../api/stations/contacts.ts';
import { createOwnerLinksRouter, ownerLinksPaths } from '../api/stations/ownerLinks.ts';
import { createOwnStationRouter, ownStationPaths } from '../api/stations/ownStation.ts';
import { createStationExportRouter, stationExportPaths } from '../api/stations/stationExport.ts';
import type { ArchiveJobs } from '../archive/archiveJobs.ts';
import type { Backups } from '../backup/backups.ts';
import type { Citations } from '../citation/citations.ts';
import { CitationFeed } from '../citation/feed.ts';
import type { InstanceKey } from '../citation/instanceKey.ts';
import { offsetMs } from '../config.ts';
import type { LoggedRejection } from '../ingest/rejectionLog.ts';
import type { Letters } from '../letters/letters.ts';
import { alertSettingsOf } from '../notices/alertRunner.ts';
import type { Notices } from '../notices/notices.ts';
import type { PngPress } from '../pictures/pngPress.ts';
import { Catalogue } from '../sensorThings/catalogue.ts';
import { ValueReader } from '../sensorThings/observations.ts';
import { SensorThings } from '../sensorThings/service.ts';
import type { CitationStore } from '../store/citationStore.ts';
import { type FirmwareDoors, firmwareDoorPaths } from './firmwareDoors.ts';
import { type Desks, pageMounts } from './pageMounts.ts';
import { createPages, type ReadParts, readRoutes } from './readRouters.ts';

/** What the routers are made from. */
export interface RoutersParts extends Omit<ReadParts, 'publicNotices'> {
  doors: FirmwareDoors;
  /** Contacts, alerts and what is written to people. */
  notices: Notices;
  /** Weekly and monthly letters of areas. */
  letters: Letters;
  citations: Citations;
  /** Draws pictures as PNG. */
  press: PngPress;
  citationStore: CitationStore;
  citationKey: InstanceKey;
  freezer: CitationFreezer;
  archiveJobs: ArchiveJobs;
  backups: Backups;
  /** What only the operator sees and does. */
  desk: OperatorDesk;
  /** Joins two stations that are one device, and takes them apart. */
  joins: AdminJoinsDeps['joins'];
  /** The last refusals of a device. */
  rejectionsOf: (deviceId: string) => readonly LoggedRejection[];
}

/** Everything on the HTTP ports besides stations, devices and health, in order; the pages take what is left. */
export function createRouters(parts: RoutersParts): RouterSpec[] {
  const { doors, archiveJobs, backups, log, desk } = parts;
  const readParts = { ...parts, publicNotices: desk.publicNotices };
  const inTurn = createLongFileTurns(parts);
  const desks = { alerts: new AreaAlertDesk(parts), letters: new LetterDesk(parts) };
  return [
    { path: '/', router: doors.router, paths: firmwareDoorPaths, comesFirst: true },
    { path: '/', router: createSensorCommunity(parts), paths: sensorCommunityPaths, comesFirst: true },
    ...readRoutes(readParts, inTurn),
    { path: '/api/v1', router: createCitations(parts), paths: citationsPaths },
    { path: '/api/v1', router: createCite(parts), paths: citePaths },
    { path: '/api/v1', router: createOwnStation(parts), paths: ownStationPaths },
    { path: '/api/v1', router: createStationExport(parts, inTurn), paths: stationExportPaths },
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

function createOwnStation({ live, adminToken, stationStore, ...parts }: RoutersParts) {
  return createOwnStationRouter({
    ...parts,
    stationStore,
    access: new Access(adminToken, stationStore),
    latest: (stationId) => live.aggregator.latest(stationId),
    lastSeenAt: (stationId) => live.aggregator.lastSeenAt(stationId),
  });
}

function createStationExport({ adminToken, stationStore, notices, ...parts }: RoutersParts, inTurn: LongFileTurns) {
  return createStationExportRouter({
    ...parts,
    inTurn,
    stationStore,
    access: new Access(adminToken, stationStore),
    ownerDocuments: (stationId) => ({
      contacts: notices.contacts.of(stationId).map(contactView),
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
    { path: '/api/v1', router: createAdminJoinsRouter({ ...parts, access }), paths: adminJoinsPaths },
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

function createCitations({ config, citations, citationStore, citationKey, clock }: RoutersParts) {
  const feed = new CitationFeed({ store: citationStore, key: citationKey, clock });
  return createCitationsRouter({ citations, feed, publicUrl: config.PUBLIC_URL });
}

function createCite({ config, reports, freezer, clock }: RoutersParts) {
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  return createCiteRouter({ freezer, reports, config, dayOffsetMs, publicUrl: config.PUBLIC_URL, clock });
}

function createCatalog({ config, stationStore, areas, clock }: RoutersParts) {
  const hasAreas = () => areas.areas().length > 0;
  return createCatalogRouter({ config, stations: () => stationStore.stations(), hasAreas, clock });
}
