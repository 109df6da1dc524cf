import { withoutNoise } from '../domain/decimal.ts';
import type { FlagShares, HourEntry, StationEvidence } from '../domain/report/evidence.ts';
import { type Question, questionWindow } from '../domain/report/question.ts';
import { publicPosition, type Station } from '../domain/station.ts';
import { annotationsIn } from '../domain/stationHistory.ts';
import type { Rollups, UncertainRow } from '../rollups/rollups.ts';

const HOUR_MS = 3_600_000;
/** From this share on, a flag of the humidity sensor makes its hour useless. */
const BROKEN_FROM = 0.5;
/** Least share of a period's days to have been valid in it (`clock-mean-1`). */
const MIN_SHARE = 0.75;

/** What of a question decides which hours are read; its choices do not. */
export type EvidenceQuestion = Pick<Question, 'quantity' | 'from' | 'to' | 'dayOffset'>;

/** Reads the hours a question rests on, of stations that may be published. */
export async function readEvidence(
  rollups: Pick<Rollups, 'rows'>,
  stations: readonly Station[],
  question: EvidenceQuestion,
): Promise<StationEvidence[]> {
  const stationIds = stations.map(({ id }) => id);
  const { start, end } = questionWindow(question);
  const hours = { stationIds, window: 'hour', from: start, to: end } as const;
  const [rows, humidity, lastYear] = await Promise.all([
    rollups.rows({ ...hours, quantity: question.quantity }),
    rollups.rows({ ...hours, quantity: 'humidity' }),
    validLastYear(rollups, stationIds, question),
  ]);
  const humidityByHour = new Map(humidity.map((row) => [`${row.stationId}${row.start}`, humidityOf(row)]));
  const rowsByStation = grouped(rows);
  return stations.map((station) => ({
    place: { stationId: station.id, name: station.name, position: publicPosition(station) },
    facts: {
      sensorModels: [...station.sensorModels],
      isIndoor: station.isIndoor,
      heightClass: station.heightClass ?? null,
      siting: station.siting ?? null,
      licence: station.licence,
      source: station.source,
      excludedFor: station.status === 'excluded' ? (station.statusReason ?? '') : null,
      validLastYear: lastYear?.has(station.id) ?? null,
    },
    hours: (rowsByStation.get(station.id) ?? []).map((row) =>
      entryOf(row, station, humidityByHour.get(`${row.stationId}${row.start}`) ?? null),
    ),
  }));
}

function entryOf(row: UncertainRow, station: Station, humidity: number | null): HourEntry {
  const { start, sensor, mean, count, expected, revision } = row;
  return [start, sensor, mean, count, withoutNoise(expected), flagsOf(row, station), humidity, revision];
}

/** Shares of flags, with `annotated` for an hour that a period marked by the host touches. */
function flagsOf({ start, shares }: UncertainRow, { annotations }: Station): FlagShares {
  if (annotations === undefined || annotations.length === 0) return shares as FlagShares;
  const touching = annotationsIn(annotations, { start, end: start + HOUR_MS });
  return touching.length === 0 ? (shares as FlagShares) : { ...(shares as FlagShares), annotated: 1 };
}

function humidityOf({ mean, shares }: UncertainRow): number | null {
  const isBroken = (shares['humidity-broken'] ?? 0) >= BROKEN_FROM || (shares['humidity-end-stop'] ?? 0) >= BROKEN_FROM;
  return isBroken ? null : mean;
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
export function yearBefore(date: string): string {
  const year = String(Number(date.slice(0, 4)) - 1).padStart(4, '0');
  const rest = date.slice(4);
  return rest === '-02-29' ? `${year}-02-28` : year + rest;
}

function grouped(rows: readonly UncertainRow[]): Map<string, UncertainRow[]> {
  const byStation = new Map<string, UncertainRow[]>();
  for (const row of rows) {
    const list = byStation.get(row.stationId);
    if (list === undefined) byStation.set(row.stationId, [row]);
    else list.push(row);
  }
  return byStation;
}
