import { describe, expect, it } from '@jest/globals';
import { viewerTable } from '../../bench/simulator/viewersVerb.ts';
import { DelayHistogram } from '../../bench/support/delayHistogram.ts';

const counts = {
  ...{ connected: 3, failed: 0, droppedByServer: 0 },
  ...{ reconnects: 0, moves: 0, readings: 0, changes: 0, gaps: 0, repeated: 0, refused: 0 },
};

describe('the table of a crowd of viewers', () => {
  it('names no delay where nothing came', () => {
    const delays = new DelayHistogram();
    expect(viewerTable({ ...counts, delays })).toEqual(counts);
    delays.add(20);
    expect(viewerTable({ ...counts, delays })).toEqual({ ...counts, p50Ms: 20, p99Ms: 20, maxMs: 20 });
  });
});
