import { primarySensor } from '../../domain/primarySensor.ts';
import type { Quantity } from '../../domain/quantity.ts';
import type { Station } from '../../domain/station.ts';
import type { Aggregator } from '../../live/aggregator.ts';
import type { ReadRollups } from '../../rollups/oneAnswer.ts';
import type { Extent, ReadingStore } from '../../store/readingStore.ts';
import { type Problem, problem } from '../http/problem.ts';

/** Where it is known what measured. */
interface Sources {
  store: Pick<ReadingStore, 'seriesOf' | 'prunedUntil'>;
  rollups: ReadRollups;
  aggregator: Pick<Aggregator, 'primarySensor'>;
  clock: () => number;
}

/** What a series is asked about. */
interface Wanted {
  quantity: Quantity;
  sensor?: string | undefined;
}

/**
 * The instrument of a series: the one that speaks for the station, or the one asked for. Empty when the station never measured
 * the quantity; a problem that names the instruments when the one asked for never did: it has no cadence and no gaps to tell of.
 */
export async function instrumentOf(sources: Sources, station: Station, wanted: Wanted): Promise<string | Problem> {
  const { quantity, sensor } = wanted;
  const speaking = await speakingSensor(sources, station, quantity);
  if (sensor === undefined || sensor === speaking || speaking === '') return speaking;
  const known = new Set((await extentsOf(sources, station.id, quantity)).map((extent) => extent.sensor));
  if (known.has(sensor) || (await isInRows(sources, station.id, { quantity, sensor }))) return sensor;
  const names = [...known.add(speaking)].sort().join(', ');
  return problem(400, 'unknown-sensor', `This station has no such sensor for ${quantity}.`, {
    errors: [{ field: 'sensor', message: `must be one of ${names}` }],
  });
}

/** The instrument that speaks for the station now; for one long silent, of all it ever had. */
async function speakingSensor(sources: Sources, station: Station, quantity: Quantity): Promise<string> {
  const live = sources.aggregator.primarySensor(station.id, quantity);
  if (live !== undefined) return live;
  const stored = await extentsOf(sources, station.id, quantity);
  const candidates = stored.map(({ sensor, last }) => ({ sensor, lastMeasuredAt: last }));
  const context = { quantity, declared: station.sensorModels, now: sources.clock() };
  return primarySensor(candidates, context)?.sensor ?? sensorOfRows(sources, station.id, quantity);
}

async function extentsOf({ store }: Sources, stationId: string, quantity: Quantity): Promise<Extent[]> {
  return (await store.seriesOf(stationId)).filter((series) => series.quantity === quantity);
}

/** Where all its readings were pruned: the instrument of its last day. */
async function sensorOfRows({ rollups, clock }: Sources, stationId: string, quantity: Quantity) {
  const rows = await rollups.rows({ stationIds: [stationId], quantity, window: 'day', from: 0, to: clock() });
  return rows.at(-1)?.sensor ?? '';
}

/** True for an instrument whose readings were all pruned: its days are still there. */
async function isInRows(
  { store, rollups, clock }: Sources,
  stationId: string,
  wanted: { quantity: Quantity; sensor: string },
) {
  if ((await store.prunedUntil()) === undefined) return false;
  const days = { stationIds: [stationId], window: 'day', from: 0, to: clock(), isBare: true } as const;
  return (await rollups.rows({ ...days, ...wanted })).length > 0;
}
