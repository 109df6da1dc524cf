import { type AcceptedMessage, isRejection } from '../domain/reading.ts';
import { decoders } from '../ingest/decoders/index.ts';
import { validate } from '../ingest/validate.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { airrohrBody, demoDeviceId } from './airrohrBody.ts';
import { DEMO_STATIONS } from './demoStations.ts';
import type { RecordedMessage } from './recording.ts';

/** Messages in one commit: few enough that memory stays flat, many enough that the week is in within seconds. */
const BATCH = 5_000;

/** When and where the recording plays. */
export interface Stage {
  /** Registry ids in the order of `DEMO_STATIONS`. */
  stationIds: readonly string[];
  /** Real time of the recording's offset 0, epoch ms. */
  start: number;
}

/**
 * Writes the recording's past straight into the store, through the same decoder and the same rules as a live message, so
 * that flags are the same. Returns how many messages were stored.
 */
export async function preload(
  store: ReadingStore,
  messages: readonly RecordedMessage[],
  stage: Stage,
): Promise<number> {
  let stored = 0;
  for (let from = 0; from < messages.length; from += BATCH) {
    const batch = messages.slice(from, from + BATCH).flatMap((message) => accepted(message, stage) ?? []);
    await store.append(batch);
    stored += batch.length;
  }
  return stored;
}

/** The message as the pipeline would have accepted it then; undefined when it would have been rejected. */
function accepted(message: RecordedMessage, { stationIds, start }: Stage): AcceptedMessage | undefined {
  const station = DEMO_STATIONS[message.station];
  const stationId = stationIds[message.station];
  if (station === undefined || stationId === undefined) throw new Error(`No demo station ${message.station}`);
  const payload = Buffer.from(airrohrBody(station.sensor, message.values, {}));
  const decoded = decoders.airrohr(payload, { format: 'airrohr', deviceId: demoDeviceId(station.sensor) });
  if (isRejection(decoded)) return undefined;
  const measuredAt = start + message.offset;
  const { sensorModels } = station;
  const judged = validate(decoded, { stationId, measuredAt, sensorModels, isClaimed: false });
  if (isRejection(judged)) return undefined;
  return { stationId, measuredAt, receivedAt: measuredAt, health: {}, readings: judged.readings };
}
