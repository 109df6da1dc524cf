import { setImmediate as breathe } from 'node:timers/promises';
import { isCompared } from '../domain/assessment/neighbourIndex.ts';
import { ReferenceGroup } from '../domain/correction/referenceGroup.ts';
import { applyFactor } from '../domain/correction/referenceRatio.ts';
import { withoutNoise } from '../domain/decimal.ts';
import { distanceMetres } from '../domain/distance.ts';
import type { HourEntry, StationEvidence } from '../domain/report/evidence.ts';
import { type Question, questionWindow } from '../domain/report/question.ts';
import { modelOf } from '../domain/sensorModel.ts';
import { publicPosition, type Station } from '../domain/station.ts';
import { stationAt, wasMovedIn } from '../domain/stationHistory.ts';
import { FOG_FROM } from '../rollups/corrections.ts';
import { GROUP_METRES, MAX_GROUP } from '../rollups/referenceGroup.ts';
import type { ReferenceMonth } from '../rollups/referenceMonths.ts';
import { type EvidenceRollups, readHours } from './evidenceSource.ts';
import type { OfficialSources } from './officialHours.ts';

/** A place's hours adjusted to official stations near it. */
export interface ReferenceEvidence {
  /** The same stations with adjusted means; null where an hour has no factor. */
  evidence: StationEvidence[];
  /** Official stations whose hours were used, those of most stations first. */
  references: Station[];
  /** Share of the adjusted values that stems from others, 0 to 1. */
  shareFromOthers: number;
}

/** What adjusting needs. */
export interface ReferenceGround {
  rollups: EvidenceRollups;
  official: OfficialSources;
  /** Stations of the evidence, in its order. */
  stations: readonly Station[];
  evidence: readonly StationEvidence[];
}

/**
 * Adjusts hours by the hourly ratio near official stations (`reference-ratio-3`, as series have it): reference / mean of the
 * like sensors near it, without the one adjusted, the reference of a month being the nearest with hours in it. Stations that
 * were moved within the period are not adjusted. Undefined when no official station near one of them has hours.
 */
export async function referenceEvidence(
  question: Question,
  ground: ReferenceGround,
): Promise<ReferenceEvidence | undefined> {
  const near = groupsNear(question, ground);
  const adjusted = new Map<string, HourEntry[]>();
  const used = new Map<Station, number>();
  const sums = { moved: 0, larger: 0 };
  for (const { months, members } of await groupedByReferences(question, ground)) {
    const groups = await near(months);
    if (groups.references.size === 0) continue;
    for (const reference of groups.references) used.set(reference, (used.get(reference) ?? 0) + members.length);
    for (const { place, hours } of members) {
      adjusted.set(place.stationId, adjustedHours(place.stationId, hours, groups.hours, sums));
      // A year of one station is some thousand ratios: others have their turn in between.
      await breathe();
    }
  }
  if (used.size === 0 || sums.larger === 0) return undefined;
  return {
    evidence: ground.evidence.map((station) => ({ ...station, hours: adjusted.get(station.place.stationId) ?? [] })),
    references: [...used].sort(([, one], [, other]) => other - one).map(([reference]) => reference),
    shareFromOthers: withoutNoise(sums.moved / sums.larger),
  };
}

/** Stations that have the same references in the same months. */
async function groupedByReferences(question: Question, { official, stations, evidence }: ReferenceGround) {
  const window = questionWindow(question);
  const find = official.byMonth(question);
  const found = new Map<string, { months: ReferenceMonth[]; members: StationEvidence[] }>();
  for (const [at, station] of stations.entries()) {
    if (wasMovedIn(station, window)) continue;
    const months = await find(official.near(stationAt(station, window.start)), window);
    const key = months.map(({ start, reference }) => `${start}/${reference?.id}`).join();
    const known = found.get(key) ?? { months, members: [] };
    known.members.push(evidence[at]!);
    found.set(key, known);
  }
  return found.values();
}

/** The hours near the references of some months, with those that had any; each reference is read once. */
function groupsNear(question: Question, ground: ReferenceGround) {
  const known = new Map<Station, Promise<GroupHours | undefined>>();
  return async (months: readonly ReferenceMonth[]): Promise<{ references: Set<Station>; hours: GroupHours }> => {
    const references = new Set<Station>();
    const hours = new Map<number, GroupHour>();
    for (const { reference, start, end } of months) {
      if (reference === undefined) continue;
      if (!known.has(reference)) known.set(reference, groupNear(question, reference, ground));
      for (const [at, hour] of (await known.get(reference)!) ?? []) {
        if (at < start || at >= end) continue;
        hours.set(at, hour);
        references.add(reference);
      }
    }
    return { references, hours };
  };
}

type GroupHours = ReadonlyMap<number, GroupHour>;

/** One hour near a reference: its value, and the raw means of sensors of each model near it. */
interface GroupHour {
  reference: number;
  byModel: Map<string, { ids: string[]; means: number[]; group?: ReferenceGroup }>;
}

async function groupNear(
  question: Question,
  reference: Station,
  { rollups, official, evidence }: ReferenceGround,
): Promise<GroupHours | undefined> {
  const { start: from, end: to } = questionWindow(question);
  const values = await official.hours({ stationId: reference.id, quantity: question.quantity, from, to });
  if (values.size === 0) return undefined;
  const near = groupOf(reference, official.stations(), { start: from, end: to });
  const known = new Map(evidence.map(({ place, hours }) => [place.stationId, hours]));
  const unknown = near.filter(({ id }) => !known.has(id));
  const read = await readHours(rollups, unknown, question);
  const hours = new Map<number, GroupHour>(
    [...values].map(([start, value]) => [start, { reference: value, byModel: new Map() }]),
  );
  for (const { id } of near) addHours(hours, id, known.get(id) ?? read.get(id) ?? []);
  return hours;
}

function groupOf(reference: Station, stations: readonly Station[], window: { start: number; end: number }): Station[] {
  const here = publicPosition(reference);
  return stations
    .filter((station) => isCompared(station) && !wasMovedIn(station, window))
    .map((station) => ({ station, metres: distanceMetres(publicPosition(stationAt(station, window.start)), here) }))
    .filter(({ metres }) => metres <= GROUP_METRES)
    .sort((one, other) => one.metres - other.metres)
    .slice(0, MAX_GROUP)
    .map(({ station }) => station);
}

function addHours(hours: ReadonlyMap<number, GroupHour>, stationId: string, entries: readonly HourEntry[]): void {
  for (const [start, sensor, mean] of entries) {
    const hour = mean === null ? undefined : hours.get(start);
    if (hour === undefined || mean === null || mean < 0) continue;
    const model = modelName(sensor);
    const group = hour.byModel.get(model) ?? { ids: [], means: [] };
    group.ids.push(stationId);
    group.means.push(mean);
    hour.byModel.set(model, group);
  }
}

function adjustedHours(
  stationId: string,
  hours: readonly HourEntry[],
  group: GroupHours,
  sums: { moved: number; larger: number },
): HourEntry[] {
  return hours.map((entry) => {
    const [start, sensor, raw, count, expected, flags, humidity, revision] = entry;
    const hour = group.get(start);
    const like = hour?.byModel.get(modelName(sensor));
    if (raw === null) return entry;
    const isFog = (humidity ?? 0) >= FOG_FROM;
    if (like !== undefined) like.group ??= new ReferenceGroup(like.means);
    const own = like?.ids.indexOf(stationId) ?? -1;
    const factor = isFog || hour === undefined ? undefined : like?.group?.factor(hour.reference, own);
    if (factor === undefined) return [start, sensor, null, count, expected, flags, humidity, revision];
    const value = withoutNoise(applyFactor(raw, { factor }).value);
    sums.moved += Math.abs(value - raw);
    sums.larger += Math.max(value, raw);
    return [start, sensor, value, count, expected, flags, humidity, revision];
  });
}

const names = new Map<string, string>();

/** Model of an instrument; asked some hundred thousand times for a handful of names. */
function modelName(sensor: string): string {
  const known = names.get(sensor);
  if (known !== undefined) return known;
  const name = modelOf(sensor)?.id ?? sensor;
  if (names.size < 1_000) names.set(sensor, name);
  return name;
}
