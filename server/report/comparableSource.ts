import { type ComparableGroup, comparableGroups, comparablePeriods } from '../domain/report/comparable.ts';
import { type Question, questionWindow } from '../domain/report/question.ts';
import type { Rollups } from '../rollups/rollups.ts';

/** Reads the days of comparable periods of the stations that count, and compares. */
export async function readComparable(
  rollups: Pick<Rollups, 'rows'>,
  question: Question,
  stationIds: readonly string[],
): Promise<ComparableGroup[]> {
  const days = new Map(stationIds.map((id) => [id, new Map<number, number>()]));
  for (const { start, end } of windowsOf(question)) {
    const query = { stationIds, quantity: question.quantity, window: 'day' as const, from: start, to: end };
    for (const { stationId, start: at, mean } of await rollups.rows(query)) {
      if (mean !== null) days.get(stationId)?.set(at, mean);
    }
  }
  return comparableGroups(question, stationIds, (id) => days.get(id));
}

/** What has to be read: the period with what lies directly before it in one piece, each earlier year in one. */
function windowsOf(question: Question): { start: number; end: number }[] {
  const own = questionWindow(question);
  const windows = comparablePeriods(question).flatMap(({ unit, periods }) => {
    const each = periods.map((period) => questionWindow({ ...question, ...period }));
    return unit === 'year' ? each : [{ start: each[0]!.start, end: own.start }];
  });
  return [...windows, own];
}
