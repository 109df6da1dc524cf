import { createPublicNoticesRouter, publicNoticesPaths } from '../api/admin/publicNotices.ts';
import type { RouterSpec } from '../api/app.ts';
import { areasPaths, createAreasRouter } from '../api/areas/areas.ts';
import { createDaysAboveRouter, daysAbovePaths } from '../api/areas/daysAbove.ts';
import { Access } from '../api/http/access.ts';
import { createLongFileTurns, type LongFileTurns } from '../api/http/longFileTurns.ts';
import { createMapRouter, mapPaths } from '../api/map.ts';
import { createMapFileRouter } from '../api/mapFile.ts';
import type { PageMount } from '../api/pages/report/mountReports.ts';
import { createPagesRouter, pagesPaths } from '../api/pages.ts';
import { createPlacesRouter, placesPaths } from '../api/places.ts';
import { createSeriesRouter, seriesPaths } from '../api/series/series.ts';
import { createTablesRouter, tablesPaths } from '../api/tables.ts';
import type { AreaDirectory } from '../areas/areaDirectory.ts';
import { type Config, offsetMs } from '../config.ts';
import type { DemoCredit } from '../demo/startDemo.ts';
import type { LiveSide } from '../live/liveSide.ts';
import { PastHours } from '../live/pastHours.ts';
import type { Logger } from '../log.ts';
import type { PublicNotices } from '../notices/publicNotices.ts';
import type { OfflineFiles } from '../offline/offlineFiles.ts';
import { packageRoot } from '../process/packageRoot.ts';
import type { Reports } from '../report/reports.ts';
import type { Rollups } from '../rollups/rollups.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';

/** What routers need that only read, and show the same to everybody. */
export interface ReadParts {
  config: Config;
  stationStore: Registry;
  store: ReadingStore;
  areas: AreaDirectory;
  live: LiveSide;
  /** Hourly and daily means for whoever quotes them, with what comparisons with official stations add to the uncertainty. */
  rollups: Rollups;
  /** Without: for a map of thousands of stations, which shows none. */
  measuredRollups: Rollups;
  /** Answers to questions about days and periods. */
  reports: Reports;
  /** The operator's dated notices. */
  publicNotices: Pick<PublicNotices, 'in'>;
  offline: OfflineFiles;
  version: string;
  /** The label of a replay as of now; undefined while none runs. */
  demoCredit: () => DemoCredit | undefined;
  clock: () => number;
  adminToken: string;
  log: Logger;
}

/** What a node without the registry answers itself; everything else it hands on. */
export function createReadRouters(parts: ReadParts): RouterSpec[] {
  return [
    ...readRoutes(parts, createLongFileTurns(parts)),
    { path: '/', router: createPages(parts, []), paths: pagesPaths },
  ];
}

/** The API of what only reads, in order; `inTurn` is for its long files. */
export function readRoutes(parts: ReadParts, inTurn: LongFileTurns): RouterSpec[] {
  const { config, offline, publicNotices, clock } = parts;
  const tables = createTablesRouter({ clock, areFurtherIndicesOn: config.FURTHER_INDICES });
  return [
    { path: '/api/v1', router: createMap(parts), paths: mapPaths },
    { path: '/api/v1', router: createSeries(parts, inTurn), paths: seriesPaths },
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

function createSeries(parts: ReadParts, inTurn: LongFileTurns) {
  const { config, stationStore, store, rollups, live, clock, adminToken } = parts;
  return createSeriesRouter({
    config,
    store,
    rollups,
    inTurn,
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

/** Every page; `mounts` are those of further kinds. */
export function createPages(parts: ReadParts, mounts: readonly PageMount[]) {
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
