import { randomBytes } from 'node:crypto';
import { Citations } from '../citation/citations.ts';
import { offsetMs } from '../config.ts';
import { Letters } from '../letters/letters.ts';
import type { Message } from '../notices/noticeRecords.ts';
import { Notices } from '../notices/notices.ts';
import { PngPress } from '../pictures/pngPress.ts';
import { createReports } from '../report/createReports.ts';
import { ComparedRollups } from '../rollups/comparedRollups.ts';
import { createComparisons } from '../rollups/createRollups.ts';
import type { Flow } from './composeFlow.ts';
import type { Ground } from './ground.ts';

/** What people are told. */
export type Answers = ReturnType<typeof composeAnswers>;

/** What is made of readings for people: means with their uncertainty, reports, citations, alerts and letters. */
export function composeAnswers(ground: Ground, { rollups, keeper, live }: Flow) {
  const { config, stationStore, store, areas, clock, log } = ground;
  const station = (stationId: string) => stationStore.station(stationId);
  const comparisons = createComparisons(ground, rollups);
  const comparedRollups = new ComparedRollups({ rollups, comparisons, station });
  const reports = createReports({ store, stationStore, areas, rollups, comparisons, clock });
  keeper.onMark((stationIds) => reports.forgetHoursOf(stationIds));
  const citations = new Citations({
    reports,
    station,
    clock,
    randomBytes,
    store: ground.citationStore,
    key: ground.citationKey,
    software: `buergerluft ${ground.version}`,
    instance: { name: config.INSTANCE_NAME, url: config.PUBLIC_URL ?? null },
  });
  const press = new PngPress({ log });
  const pictureOf = (message: Message) => letters.pictureOf(message);
  const notices = new Notices({ ...ground, rollups, aggregator: live.aggregator, pictureOf });
  const letters: Letters = new Letters({
    ...{ notices, reports, areas, config, press, clock, randomBytes },
    ...{ timeZone: config.TIME_ZONE, dayOffsetMs: offsetMs(config.DAY_OFFSET) },
  });
  return { comparedRollups, reports, citations, press, notices, letters };
}
