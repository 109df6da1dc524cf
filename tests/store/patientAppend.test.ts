import { describe, expect, it } from '@jest/globals';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { PatientAppend } from '../../server/store/patientAppend.ts';
import { type AppendOutcome, StoreUnavailableError } from '../../server/store/readingStore.ts';

const READING = { stationId: 'a'.repeat(10), sensor: 'sds011', measuredAt: 1_000, values: { pm10: 1 }, flags: 0 };
const MESSAGE: AcceptedMessage = {
  ...{ stationId: READING.stationId, measuredAt: 1_000, receivedAt: 1_000, health: {} },
  readings: [READING],
};
const DUPLICATE: AppendOutcome = { result: 'duplicate', conflicts: [], stored: [] };

/** A store that fails so many times, and afterwards finds there what the failed attempts left. */
function storeThatFails(times: number, outcome: AppendOutcome) {
  const offered: (readonly AcceptedMessage[])[] = [];
  const append = async (messages: readonly AcceptedMessage[]) => {
    offered.push(messages);
    if (offered.length <= times) throw new StoreUnavailableError('away');
    return [outcome];
  };
  return { offered, store: { append, fingerprints: async function* () {}, span: async () => undefined } };
}

describe('an append that waits for the store', () => {
  it('offers the same messages until they are taken, and counts what it finds of them as stored', async () => {
    const { offered, store } = storeThatFails(3, DUPLICATE);
    expect(await new PatientAppend(store, 1).append([MESSAGE])).toEqual([
      { result: 'stored', conflicts: [], stored: [READING] },
    ]);
    expect(offered).toEqual([[MESSAGE], [MESSAGE], [MESSAGE], [MESSAGE]]);
  });

  it('takes the store’s word when it did not have to wait, and on another value in any case', async () => {
    const straight = storeThatFails(0, DUPLICATE);
    expect(await new PatientAppend(straight.store, 1).append([MESSAGE])).toEqual([DUPLICATE]);
    const conflict: AppendOutcome = { ...DUPLICATE, conflicts: ['sds011.pm10'] };
    const waited = storeThatFails(1, conflict);
    expect(await new PatientAppend(waited.store, 1).append([MESSAGE])).toEqual([conflict]);
  });

  it('gives up when it is closed, so that nothing is acknowledged', async () => {
    const { store } = storeThatFails(Number.POSITIVE_INFINITY, DUPLICATE);
    const append = new PatientAppend(store, 1);
    const outcome = append.append([MESSAGE]);
    append.close();
    await expect(outcome).rejects.toThrow(StoreUnavailableError);
  });
});
