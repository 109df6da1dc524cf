import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { Admission, type Existing, keyOf, type LateKey } from '../../server/store/admission.ts';
import { clustersOf } from '../../server/store/admissionClusters.ts';
import { flagsAbout, flagsWith } from '../../server/store/admissionFlags.ts';
import { message, messageOf, OTHER_STATION, T0 } from './storeMessages.ts';

/** An admission whose reads are noted and find what `stored` holds. */
function admissionAfter(newest: number, stored: readonly AcceptedMessage[] = []) {
  const reads: string[][] = [];
  const admission = new Admission(newest);
  const readExisting = async (late: readonly LateKey[]): Promise<Existing> => {
    reads.push(late.map(keyOf));
    const existing: Existing = { readings: new Map(), messages: new Map() };
    for (const earlier of stored) {
      existing.messages.set(keyOf({ ...earlier, sensor: '' }), earlier);
      for (const reading of earlier.readings) {
        existing.readings.set(keyOf(reading), { extra: {}, ...reading });
      }
    }
    return existing;
  };
  return { reads, admit: (...messages: AcceptedMessage[]) => admission.admit(messages, readExisting) };
}

describe('admission', () => {
  it('appends readings newer than anything stored without a read', async () => {
    const { admit, reads } = admissionAfter(T0);
    await admit(message(T0 + 1, { values: { pm25: 1 } }), message(T0 + 2, { values: { pm25: 2 } }));
    await admit(
      message(T0 + 3, { values: { pm25: 3 } }),
      message(T0 + 1, { stationId: OTHER_STATION, values: { pm25: 4 } }),
    );
    expect(reads).toEqual([]);
  });

  it('reads the keys at or below the newest stored, and no others', async () => {
    const { admit, reads } = admissionAfter(T0);
    await admit(message(T0, { values: { pm25: 1 } }), message(T0 + 2, { values: { pm25: 2 } }));
    expect(reads).toEqual([[`aaaaaaaaa1//${T0}`, `aaaaaaaaa1/sds011/${T0}`]]);
  });

  it('reads a key that came earlier in the same batch', async () => {
    const { admit, reads } = admissionAfter(Number.NEGATIVE_INFINITY);
    const { outcomes, readings } = await admit(
      message(T0, { values: { pm25: 1 } }),
      message(T0, { values: { pm25: 1 } }),
    );
    expect(reads).toHaveLength(1);
    expect(outcomes.map(({ result }) => result)).toEqual(['stored', 'duplicate']);
    expect(readings).toHaveLength(1);
  });

  it('keeps the marks of sensors apart', async () => {
    const { admit, reads } = admissionAfter(Number.NEGATIVE_INFINITY);
    await admit(messageOf(T0 + 5, { sds011: { pm25: 1 } }));
    const { readings } = await admit(messageOf(T0 + 4, { bme280: { humidity: 50 } }));
    expect(reads).toEqual([[`aaaaaaaaa1//${T0 + 4}`]]);
    expect(readings).toHaveLength(1);
  });

  it('after a failed commit reads again and admits the same', async () => {
    const { admit, reads } = admissionAfter(Number.NEGATIVE_INFINITY);
    const first = await admit(message(T0, { values: { pm25: 1 } }));
    const again = await admit(message(T0, { values: { pm25: 1 } }));
    expect(reads).toHaveLength(1);
    expect(again).toEqual(first);
  });

  it('writes the message row of a message whose readings are all there, when it brings more health', async () => {
    const { admit } = admissionAfter(T0, [message(T0, { values: { pm25: 1 }, receivedAt: T0 + 9 })]);
    const { outcomes, messages, readings } = await admit(message(T0, { values: { pm25: 1 }, health: { signal: -60 } }));
    expect(outcomes).toEqual([{ result: 'stored', conflicts: [], stored: [] }]);
    expect(readings).toEqual([]);
    expect(messages).toMatchObject([{ receivedAt: T0 + 9, health: { signal: -60 } }]);
  });
});

describe('flags of a key', () => {
  const [claimed, saturated10, saturated25] = [
    flagBit('claimed'),
    flagBit('saturated', 'pm10'),
    flagBit('saturated', 'pm25'),
  ] as const;
  const endStop = flagBit('humidity-end-stop');

  it.each([
    ['an added value brings its own', 0, saturated10, ['pm10'], saturated10],
    ['a refused value’s stay out', 0, saturated10 + saturated25, ['pm10'], saturated10],
    ['the first reading decides whether the time was claimed', 0, claimed, ['pm10'], 0],
    ['a claimed time stays claimed', claimed, 0, ['pm10'], claimed],
    ['a humidity’s end stop belongs to the humidity', 0, endStop, ['temperature'], 0],
    ['bits beyond 32 and beyond the table are kept', 2 ** 51, 0, ['pm10'], 2 ** 51],
  ] as const)('%s', (_name, before, incoming, added, expected) => {
    expect(flagsWith(before, incoming, added)).toBe(expected);
  });

  it('about a quantity are its own and the reading’s', () => {
    expect(flagsAbout(2 ** 51 + claimed + saturated10 + saturated25 + endStop, 'pm10')).toBe(
      2 ** 51 + claimed + saturated10,
    );
    expect(flagsAbout(endStop, 'humidity')).toBe(endStop);
  });
});

it('late keys an hour and less apart are read together', () => {
  const keys = [T0 + 5 * HOUR_MS, T0, T0 + HOUR_MS, T0 + 5 * HOUR_MS + 1].map((measuredAt) => ({ measuredAt }));
  const times = clustersOf(keys).map((cluster) => cluster.map(({ measuredAt }) => measuredAt - T0));
  expect(times).toEqual([
    [0, HOUR_MS],
    [5 * HOUR_MS, 5 * HOUR_MS + 1],
  ]);
  expect(clustersOf([])).toEqual([]);
});
