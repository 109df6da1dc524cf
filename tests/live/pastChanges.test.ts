import { describe, expect, it } from '@jest/globals';
import type { MapChanged } from '../../server/domain/contract.ts';
import { PastChanges } from '../../server/live/pastChanges.ts';

/** Change number `seq` of so many rows, as a layer tells it. */
const changeOf = (seq: number, rows = 1) => ({ epoch: 'e', seq, id: Array(rows).fill('a') }) as unknown as MapChanged;

/** What is kept after changes 1, 2, … of so many rows each; asked from after number `seq`. */
function keptOf(rows: readonly number[]) {
  const past = new PastChanges();
  for (const [at, count] of rows.entries()) past.add(changeOf(at + 1, count));
  const since = (seq: number) => past.since({ epoch: 'e', seq }, { epoch: 'e', seq: rows.length });
  return { past, seqsSince: (seq: number) => since(seq)?.map((change) => change.seq) };
}

describe('the last changes of a layer', () => {
  it('are given from after the cursor, also when the first are forgotten', () => {
    const { seqsSince } = keptOf(Array(300).fill(1));
    expect(seqsSince(297)).toEqual([298, 299, 300]);
    expect(seqsSince(300)).toEqual([]);
    expect(seqsSince(60)).toHaveLength(240);
    expect(seqsSince(59)).toBeUndefined();
  });

  it('are no more than 30,000 rows, but for the last', () => {
    const { seqsSince } = keptOf([15_000, 1, 15_000, 15_000]);
    expect(seqsSince(2)).toEqual([3, 4]);
    expect(seqsSince(1)).toBeUndefined();
    const many = keptOf([100, 40_000]);
    expect(many.seqsSince(1)).toEqual([2]);
    expect(many.seqsSince(0)).toBeUndefined();
  });

  it('are none of those before they were forgotten', () => {
    const { past } = keptOf([20_000, 10_000]);
    past.clear();
    const at = (seq: number) => ({ epoch: 'next', seq });
    expect(past.since(at(0), at(0))).toEqual([]);
    past.add(changeOf(1, 20_000));
    past.add(changeOf(2, 10_000));
    expect(past.since(at(0), at(2))?.map(({ seq }) => seq)).toEqual([1, 2]);
  });
});
