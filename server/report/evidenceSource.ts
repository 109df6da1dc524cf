import { creditedLicence } from '../domain/credit.ts';
import { withoutNoise } from '../domain/decimal.ts';
import { HOUR_MS } from '../domain/durations.ts';
import { columnsOf, type HourColumns } from '../domain/means/hourColumns.ts';
import type { FlagShares, HourEntry, StationEvidence } from '../domain/report/evidence.ts';
import { type Question, questionWindow } from '../domain/report/question.ts';
import { publicPosition, type Station } from '../domain/station.ts';
import { annotationsIn, placeAt } from '../domain/stationHistory.ts';
import type { Rollups } from '../rollups/rollups.ts';

/** From this share on, a flag of the humidity sensor makes its hour useless. */
const BROKEN_FROM = 0.5;
/** Least share of a period's days to have been valid in it (`clock-mean-1`). */
const MIN_SHARE = 0.75;

/** What of a question decides which hours are read; its choices do not. */
export type EvidenceQuestion = Pick<Question, 'quantity' | 'from' | 'to' | 'dayOffset'>;

/** Stations read at once; between them others have their turn. A year of fifty has 876,000 hours with those of humidity. */
const STATIONS_AT_ONCE = 8;

/** Reads the hours a question rests on, of stations that may be published. */
export async function readEvidence(
  rollups: EvidenceRollups,
  stations: readonly Station[],
  question: EvidenceQuestion,
): Promise<StationEvidence[]> {
  const lastYear = await validLastYear(
    rollups,
    stations.map(({ id }) => id),
    question,
  );
  const { end } = questionWindow(question);
  const evidence: StationEvidence[] = [];
  for (let at = 0; at < stations.length; at += STATIONS_AT_ONCE) {
    const some = stations.slice(at, at + STATIONS_AT_ONCE);
    const hours = await readHours(rollups, some, question);
    for (const station of some) {
      evidence.push({ ...publicFacts(station, lastYear, end), hours: hours.get(station.id) ?? [] });
    }
  }
  return evidence;
}

/** Rollups as far as reports read them. */
export type EvidenceRollups = Pick<Rollups, 'rows' | 'hours'>;

/** Hours of stations as reports rest on them, by station. */
export async function readHours(
  rollups: EvidenceRollups,
  stations: readonly Station[],
  question: EvidenceQuestion,
): Promise<Map<string, HourEntry[]>> {
  const { start, end } = questionWindow(question);
  const query = { stationIds: stations.map(({ id }) => id), from: start, to: end };
  const [own, humid] = await Promise.all([
    columnsFor(rollups, { ...query, quantity: question.quantity }),
    columnsFor(rollups, { ...query, quantity: 'humidity' }),
  ]);
  return new Map(
    stations.map((station) => {
      const humidity = humidityByHour(humid.filter(({ stationId }) => stationId === station.id));
      const ofStation = own.filter(({ stationId }) => stationId === station.id);
      const entries = ofStation.flatMap((columns) => entriesOf(columns, station, humidity));
      return [station.id, ofStation.length > 1 ? entries.sort(([one], [other]) => one - other) : entries];
    }),
  );
}

async function columnsFor(
  rollups: EvidenceRollups,
  query: Parameters<NonNullable<Rollups['hours']>>[0],
): Promise<HourColumns[]> {
  return rollups.hours?.(query) ?? columnsOf(await rollups.rows({ ...query, window: 'hour' }));
}

/** What is public of a station; its place is that at the end of the period. */
function publicFacts(
  station: Station,
  lastYear: ReadonlySet<string> | undefined,
  end: number,
): Pick<StationEvidence, 'place' | 'facts'> {
  return {
    place: { stationId: station.id, name: station.name, position: publicPosition(placeAt(station, end - 1)) },
    facts: {
      sensorModels: [...station.sensorModels],
      isIndoor: station.isIndoor,
      heightClass: station.heightClass ?? null,
      siting: station.siting ?? null,
      licence: creditedLicence(station),
      source: station.source,
      // A word from the list: what an operator wrote freely stays on the station's page and enters no citation.
      excludedFor: station.status === 'excluded' ? (station.exclusion?.reason ?? '') : null,
      validLastYear: lastYear?.has(station.id) ?? null,
    },
  };
}

function entriesOf(columns: HourColumns, station: Station, humidity: ReadonlyMap<number, number>): HourEntry[] {
  const { sensor, start, mean, count, expected, revision, shares } = columns;
  const entries: HourEntry[] = [];
  for (let at = 0; at < start.length; at++) {
    const value = Number.isNaN(mean[at]!) ? null : mean[at]!;
    const flags = flagsOf(start[at]!, shares[at]!, station);
    const wanted = withoutNoise(expected[at]!);
    const percent = humidity.get(start[at]!) ?? null;
    entries.push([start[at]!, sensor, value, count[at]!, wanted, flags, percent, revision[at]!]);
  }
  return entries;
}

/** Shares of flags, with `annotated` for an hour that a period marked by the host touches. */
function flagsOf(start: number, shares: HourColumns['shares'][number], { annotations }: Station): FlagShares {
  if (annotations === undefined || annotations.length === 0) return shares as FlagShares;
  const touching = annotationsIn(annotations, { start, end: start + HOUR_MS });
  return touching.length === 0 ? (shares as FlagShares) : { ...(shares as FlagShares), annotated: 1 };
}

/** Mean humidity by the start of the hour, %, without hours of a broken sensor. */
function humidityByHour(instruments: readonly HourColumns[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { start, mean, shares } of instruments) {
    for (let at = 0; at < start.length; at++) {
      if (!Number.isNaN(mean[at]!) && !isBroken(shares[at]!)) found.set(start[at]!, mean[at]!);
    }
  }
  return found;
}

function isBroken(shares: HourColumns['shares'][number]): boolean {
  return (shares['humidity-broken'] ?? 0) >= BROKEN_FROM || (shares['humidity-end-stop'] ?? 0) >= BROKEN_FROM;
}

/** Stations with a valid mean of the same period a year before; undefined when only one is asked about. */
async function validLastYear(
  rollups: Pick<Rollups, 'rows'>,
  stationIds: readonly string[],
  question: EvidenceQuestion,
): Promise<Set<string> | undefined> {
  if (stationIds.length < 2) return undefined;
  const { start, end, days } = questionWindow({
    ...question,
    from: yearBefore(question.from),
    to: yearBefore(question.to),
  });
  const rows = await rollups.rows({ stationIds, quantity: question.quantity, window: 'day', from: start, to: end });
  const valid = new Map<string, number>();
  for (const { stationId, mean } of rows) if (mean !== null) valid.set(stationId, (valid.get(stationId) ?? 0) + 1);
  return new Set(stationIds.filter((id) => (valid.get(id) ?? 0) >= MIN_SHARE * days));
}

/** The same date a year earlier; 28 February for a 29th. */
function yearBefore(date: string): string {
  const year = String(Number(date.slice(0, 4)) - 1).padStart(4, '0');
  const rest = date.slice(4);
  return rest === '-02-29' ? `${year}-02-28` : year + rest;
}
