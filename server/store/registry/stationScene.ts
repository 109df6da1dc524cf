import type { RandomBytes } from '../../process/keys.ts';
import type { StationMemory } from './stationMemory.ts';
import type { IssuedDevice, Refusal } from './stationRecords.ts';
import type { StationWriter } from './stationWriter.ts';

/**
 * What the registry's writes do, each inside one transaction: look at the memory, write to the file, and say what
 * becomes of the memory once that is durable.
 */
export interface Scene {
  writer: StationWriter;
  /** As of the last write; only `keep` may change it. */
  memory: StationMemory;
  /** Epoch ms. */
  now: number;
  randomBytes: RandomBytes;
}

/** What one write did: the answer, what becomes of the memory, and what listeners hear of it. */
export interface Written<Answer> {
  answer: Answer;
  keep?: () => void;
  changed?: string[];
  /** Tokens made in it. */
  issued?: IssuedDevice[];
}

/** Nothing was written: there is no such station. */
export const NO_STATION: Written<Refusal> = { answer: { refused: 'no-such-station' } };
/** Nothing was written: there is no such device. */
export const NO_DEVICE: Written<Refusal> = { answer: { refused: 'no-such-device' } };
