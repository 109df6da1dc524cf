import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminLettersPaths, createAdminLettersRouter } from '../../server/api/admin/adminLetters.ts';
import { createDaysAboveRouter, daysAbovePaths } from '../../server/api/areas/daysAbove.ts';
import { CitationFreezer } from '../../server/api/citationFreezer.ts';
import { citationsPaths, createCitationsRouter } from '../../server/api/citations.ts';
import { citePaths, createCiteRouter } from '../../server/api/cite.ts';
import { Access } from '../../server/api/http/access.ts';
import { createLettersRouter, LetterDesk, lettersPaths } from '../../server/api/letters.ts';
import { createNoticePages } from '../../server/api/pages/noticePages.ts';
import { mountPictures } from '../../server/api/pages/pictures/mountPictures.ts';
import { mountCitations } from '../../server/api/pages/report/mountCitations.ts';
import { mountLetters } from '../../server/api/pages/report/mountLetters.ts';
import { mountReports } from '../../server/api/pages/report/mountReports.ts';
import { createPagesRouter, pagesPaths } from '../../server/api/pages.ts';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { parseDistricts } from '../../server/areas/districtsFile.ts';
import { Citations } from '../../server/citation/citations.ts';
import { CitationFeed } from '../../server/citation/feed.ts';
import { loadConfig } from '../../server/config.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { Station } from '../../server/domain/station.ts';
import { Letters } from '../../server/letters/letters.ts';
import type { PictureOf } from '../../server/notices/mailSend.ts';
import type { Notices } from '../../server/notices/notices.ts';
import { OwnerLinks } from '../../server/notices/ownerLinks.ts';
import { PngPress } from '../../server/pictures/pngPress.ts';
import { newKey } from '../../server/process/keys.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { createReports } from '../../server/report/createReports.ts';
import type { Rollups, UncertainRow } from '../../server/rollups/rollups.ts';
import { CitationStore } from '../../server/store/citationStore.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { TEST_KEY } from './citedBundle.ts';
import { closeAfterTest } from './closing.ts';
import { openLetterOffice } from './letterOffice.ts';
import type { MailServer } from './mailServer.ts';
import { StationList, stationOf } from './stations.ts';
import { NO_FACTS, startTestServer, type TestServerOptions } from './testServer.ts';

/** A district around the stations of the tests, and an empty one beside it. */
export const DISTRICTS = JSON.stringify({
  type: 'FeatureCollection',
  features: ['Ehrenfeld', 'Porz'].map((name, at) => {
    const [west, east] = [7 + at, 7.9 + at];
    const ring = [
      [west, 51],
      [east, 51],
      [east, 51.9],
      [west, 51.9],
      [west, 51],
    ];
    return { type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [ring] } };
  }),
});

/** A station in Ehrenfeld. */
export function reportStation(id: string, change: Partial<Station> = {}): Station {
  return stationOf(id, { name: `Ort ${id}`, position: { lat: 51.48, lon: 7.22 }, sensorModels: ['sds011'], ...change });
}

/** Reports over real rows, and the API and pages that show them. */
export async function startReportHouse({
  stations,
  rollups,
  now,
  raw = async () => [],
  mail,
  ...options
}: TestServerOptions & {
  stations: readonly Station[];
  rollups: (list: StationList, clock: () => number) => Rollups;
  /** What official stations published; nothing when absent. */
  raw?: ReadingStore['raw'];
  /** Takes the mails; none are sent when absent. */
  mail?: MailServer;
  now: number;
}) {
  const list = new StationList(stations);
  const time = { now };
  const clock = () => time.now;
  const areas = new AreaDirectory(parseDistricts(DISTRICTS), () => list.stations());
  const rows = rollups(list, clock);
  const station = (id: string) => list.station(id);
  const reports = createReports({ store: { raw }, stationStore: list, areas, rollups: rows, clock });
  const config = loadConfig(mail === undefined ? {} : { SMTP_URL: mail.url, MAIL_FROM: 'luft@example.org' });
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-citations-'));
  const citationStore = new CitationStore(join(folder, 'citations.duckdb'));
  await citationStore.open();
  closeAfterTest(async () => {
    await citationStore.close();
    rmSync(folder, { recursive: true });
  });
  const citations = new Citations({
    ...{
      store: citationStore,
      reports,
      station,
      key: TEST_KEY,
      randomBytes,
      clock,
      software: 'buergerluft 0.0.0-test',
    },
    instance: { name: 'Bürgerluft', url: null },
  });
  const press = new PngPress();
  closeAfterTest(() => press.close());
  const picture: PictureOf = (message) => letters.pictureOf(message);
  const office = await openLetterOffice({ mail, clock, picture });
  const letters: Letters = new Letters({
    ...{ press, notices: office, reports, areas, config, clock, randomBytes },
    ...{ timeZone: 'Europe/Berlin', dayOffsetMs: HOUR_MS },
  });
  const desk = new LetterDesk({ letters, areas, config, clock });
  const stationStore = { station, stationOfOwnerKey: () => undefined } as never;
  // As much of the notices as the pages behind links in letters use.
  const notices = {
    ...office,
    ownerLinks: new OwnerLinks({ ...office, stationStore, termsVersion: '1', randomBytes, clock }),
  };
  const adminToken = newKey(randomBytes);
  const access = new Access(adminToken, stationStore);
  const freezer = new CitationFreezer({ citations, clock });
  const feed = new CitationFeed({ store: citationStore, key: TEST_KEY, clock });
  const cited = { reports, citations, freezer, clock, config, dayOffsetMs: HOUR_MS };
  const aggregator = { aggregate: () => undefined, latest: () => ({}), facts: () => NO_FACTS };
  const pages = createPagesRouter({
    ...{ config, areas, rollups: rows, station, clock, version: '0.0.0-test', rootDir: packageRoot() },
    ...{
      stations: () => list.stations(),
      dayOffsetMs: HOUR_MS,
      readings: { raw: async () => [], seriesOf: async () => [] },
    },
    aggregator,
    mounts: [
      mountPictures({
        ...{ ...cited, areas, rollups: rows, station, stations: () => list.stations(), press },
        ...{ readings: { raw: async () => [], seriesOf: async () => [] }, aggregator },
      }),
      mountReports({ reports, areas, clock, config, stations: () => list.stations(), dayOffsetMs: HOUR_MS }),
      mountLetters({ reports, areas, letters, desk, clock, config, dayOffsetMs: HOUR_MS }),
      mountCitations({ ...cited, areas }),
      (router, writer) =>
        void router.use(
          createNoticePages({ writer, notices: notices as unknown as Notices, letters: letters.subscriptions }),
        ),
    ],
  });
  const daysAbove = createDaysAboveRouter({ reports, clock, config: { DAY_OFFSET: '+01:00' }, dayOffsetMs: HOUR_MS });
  const server = await startTestServer({
    clock,
    areas,
    adminToken,
    routers: [
      { path: '/api/v1', router: createLettersRouter(desk), paths: lettersPaths },
      { path: '/api/v1', router: createAdminLettersRouter({ letters, access }), paths: adminLettersPaths },
      { path: '/api/v1', router: daysAbove, paths: daysAbovePaths },
      { path: '/api/v1', router: createCitationsRouter({ ...cited, feed }), paths: citationsPaths },
      { path: '/api/v1', router: createCiteRouter(cited), paths: citePaths },
      { path: '/', router: pages, paths: pagesPaths },
    ],
    ...options,
  });
  return { ...server, letters, office, list, time, areas, reports, citations, citationStore };
}

/** Rows of one station from a function of the hour since `from`, the same for both quantities; null: not valid. */
export function hourlyRollups(
  stationId: string,
  from: number,
  days: number,
  value: (hour: number) => number | null,
): Rollups {
  return {
    rows: async (query) =>
      query.window === 'day' || query.quantity === 'humidity' || !query.stationIds.includes(stationId)
        ? []
        : Array.from({ length: days * 24 }, (_, hour) =>
            hourlyRow(stationId, from + hour * HOUR_MS, value(hour)),
          ).filter(({ start }) => start >= query.from && start < query.to),
    upToDate: async () => true,
    markDirty: async () => undefined,
  };
}

/** An hourly row as the rollups give it. */
export function hourlyRow(stationId: string, start: number, mean: number | null): UncertainRow {
  return {
    ...{
      stationId,
      sensor: 'sds011',
      quantity: 'pm10',
      start,
      end: start + HOUR_MS,
      mean,
      min: mean,
      max: mean,
      median: mean,
    },
    ...{
      count: 24,
      expected: 24,
      coverage: 1,
      flags: [],
      cadenceMs: 150_000,
      readings: 24,
      shares: {},
      method: 'test',
    },
    revision: 1,
  };
}
