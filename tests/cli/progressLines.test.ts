import { describe, expect, it } from '@jest/globals';
import { counted } from '../../server/cli/progressLines.ts';

describe('what a verb counts', () => {
  it('is named as one or as several', () => {
    const said = [0, 1, 2, 1_200].map((count) => counted(count, 'station'));
    expect(said).toEqual(['0 stations', '1 station', '2 stations', '1,200 stations']);
  });
});
