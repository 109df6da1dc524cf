import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createApp } from '../api/app.ts';
import { CitationFreezer } from '../api/citationFreezer.ts';
import type { Demo } from '../demo/startDemo.ts';
import type { Joins } from '../mirror/joins.ts';
import { type Answers, composeAnswers } from './composeAnswers.ts';
import { composeFlow, type Flow } from './composeFlow.ts';
import { composeJoins } from './composeJoins.ts';
import { composeUpkeep, type Upkeep } from './composeUpkeep.ts';
import type { Ground } from './ground.ts';
import { createRouters } from './routers.ts';

type Composed = Ground &
  Flow &
  Answers &
  Upkeep & {
    joins: Joins;
    /** Holds the replay of the recording while there is one. */
    demo: { replay?: Demo };
  };

/** Every part of the program. */
export type Parts = Composed & { app: RequestListener };

/** Every part of the program, given what it needs; nothing is open yet. */
export function composeServer(ground: Ground): Parts {
  const flow = composeFlow(ground);
  const answers = composeAnswers(ground, flow);
  const upkeep = composeUpkeep(ground, flow, answers);
  const joins = composeJoins(ground, flow, answers, upkeep);
  const parts: Composed = { ...ground, ...flow, ...answers, ...upkeep, joins, demo: {} };
  return { ...parts, app: composeApp(parts) };
}

/** What answers requests. */
function composeApp(parts: Composed): RequestListener {
  const { ingest, live, rollups, notices, citations, comparedRollups, firmwareDoors, demo, clock, store } = parts;
  return createApp({
    ...parts,
    stationFacts: (stationId) => live.facts(stationId),
    revisionOf: (stationId) => live.revisionOf(stationId),
    agreementOf: (station) => live.agreements.of(station),
    seriesOf: (stationId) => store.seriesOf(stationId),
    onApproved: (station) => notices.tellApproved(station),
    onOwnerKeyRotated: (station) => notices.tellLinkReplaced(station),
    isJoining: (stationId) => parts.joins.isJoining(stationId),
    onStationDeleted: (station) => notices.tellDeleted(station),
    onAnnotated: (stationId, from, to) => rollups.markDirty(stationId, from, to),
    onStationChanged: (stationId) => citations.withholdPlaces(stationId),
    randomBytes,
    readiness: parts.problems,
    routers: createRouters({
      ...parts,
      doors: firmwareDoors,
      rollups: comparedRollups,
      measuredRollups: rollups,
      freezer: new CitationFreezer({ citations, clock }),
      rejectionsOf: (deviceId) => ingest.rejections.recentOf(deviceId),
      demoCredit: () => demo.replay?.credit(),
    }),
  });
}
