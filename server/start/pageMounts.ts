import type { AreaAlertDesk } from '../api/areas/areaAlerts.ts';
import type { LetterDesk } from '../api/letters.ts';
import { createAlertsPage } from '../api/pages/alertsPage.ts';
import { mountDocs } from '../api/pages/docsPage.ts';
import { createNoticePages } from '../api/pages/noticePages.ts';
import { mountPictures } from '../api/pages/pictures/mountPictures.ts';
import { mountCitations } from '../api/pages/report/mountCitations.ts';
import { mountLetters } from '../api/pages/report/mountLetters.ts';
import { mountReports, type PageMount } from '../api/pages/report/mountReports.ts';
import { offsetMs } from '../config.ts';
import type { RoutersParts } from './routers.ts';

/** Where people without an account ask for something: one allowance for API and page. */
export interface Desks {
  alerts: AreaAlertDesk;
  letters: LetterDesk;
}

/** Pages of further kinds. */
export function pageMounts(parts: RoutersParts, desks: Desks): PageMount[] {
  const { stationStore, notices, letters } = parts;
  return [
    mountDocs,
    createPictures(parts),
    createReports(parts),
    createLetters(parts, desks.letters),
    createCitationPages(parts),
    (router, writer) => {
      router.use(createNoticePages({ writer, notices, letters: letters.subscriptions }));
      router.use(
        createAlertsPage({
          writer,
          notices,
          desk: desks.alerts,
          station: (stationId) => stationStore.station(stationId),
        }),
      );
    },
  ];
}

function createPictures({ config, live, stationStore, store, ...parts }: RoutersParts) {
  return mountPictures({
    ...parts,
    ...{ config, dayOffsetMs: offsetMs(config.DAY_OFFSET), publicUrl: config.PUBLIC_URL },
    ...{ aggregator: live.aggregator, readings: store },
    station: (stationId) => stationStore.station(stationId),
    stations: () => stationStore.stations(),
  });
}

function createReports({ config, reports, areas, clock, stationStore }: RoutersParts) {
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  const stations = () => stationStore.stations();
  return mountReports({ reports, areas, clock, stations, dayOffsetMs, config, publicUrl: config.PUBLIC_URL });
}

function createLetters({ config, reports, areas, letters, clock }: RoutersParts, desk: LetterDesk) {
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  return mountLetters({ reports, areas, letters, desk, clock, dayOffsetMs, config, publicUrl: config.PUBLIC_URL });
}

function createCitationPages({ config, reports, citations, freezer, areas, store, clock }: RoutersParts) {
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  return mountCitations({
    reports,
    citations,
    freezer,
    areas,
    clock,
    dayOffsetMs,
    config,
    publicUrl: config.PUBLIC_URL,
    prunedUntil: () => store.prunedUntil(),
  });
}
