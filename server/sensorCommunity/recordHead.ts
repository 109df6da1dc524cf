import { asciiOf } from './ascii.ts';
import type { Entry, RecordChunk } from './recordChunk.ts';
import { FRAME_BEHIND_ID, type RecordFrame } from './recordWriter.ts';

/** Stands behind the id of a record. */
const COMMA = 44;
/** Length of `{"id":`. */
const BEFORE_ID = 6;
const NO_PLACES: readonly number[] = [];

/**
 * An entry whose next record is written from the last. Its frame says the same, but lies anywhere in memory: the last records
 * of the stations lie in the order in which they send, and are read at a fraction of the cost.
 */
export class HeadedEntry implements Entry {
  chunk: RecordChunk | undefined = undefined;
  start = 0;
  index = 0;
  sensorId = 0;
  places: readonly number[] = NO_PLACES;
  /** Bytes of the frame in the last record; 0 when it does not hold any more. */
  headLength = 0;
}

const head: RecordFrame = { sensorId: 0, text: asciiOf(''), places: [] };

/** What the last record of an entry says of its frame, valid until the next call; undefined when there is none. */
export function headOf(entry: HeadedEntry): RecordFrame | undefined {
  if (entry.chunk === undefined || entry.headLength === 0) return undefined;
  const { bytes, view } = entry.chunk.writer;
  let idEnd = entry.start + BEFORE_ID;
  while (bytes[idEnd] !== COMMA) idEnd++;
  head.sensorId = entry.sensorId;
  head.places = entry.places;
  head.text.view = view;
  head.text.from = idEnd + FRAME_BEHIND_ID;
  head.text.length = entry.headLength;
  return head;
}

/** The records of an entry are of this frame from now on. */
export function keepHead(entry: HeadedEntry, { sensorId, places, text }: RecordFrame): void {
  entry.sensorId = sensorId;
  entry.places = places;
  entry.headLength = text.length;
}
