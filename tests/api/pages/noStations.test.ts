import { describe, expect, it } from '@jest/globals';
import { reportStation, startReportHouse } from '../../support/reportHouse.ts';

const house = (status: 'active' | 'pending' | undefined) =>
  startReportHouse({
    stations: status === undefined ? [] : [reportStation('aaaaaaaaaa', { status })],
    rollups: () => ({ rows: async () => [], upToDate: async () => true, markDirty: async () => undefined }),
    now: Date.UTC(2026, 1, 1),
  });

const NONE = 'No station has joined here yet. <a href="/host?lang=en">Take part</a>';

describe('pages on which stations are chosen', () => {
  it.each(['/report', '/compare'])('%s says so while there is none that anybody may see', async (path) => {
    for (const status of [undefined, 'pending'] as const) {
      const { send } = await house(status);
      expect((await send('GET', `${path}?lang=en`)).text).toContain(NONE);
    }
    const { send } = await house('active');
    expect((await send('GET', `${path}?lang=en`)).text).not.toContain(NONE);
  });
});
