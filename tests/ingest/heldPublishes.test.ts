import { describe, expect, it } from '@jest/globals';
import { HeldPublishes } from '../../server/ingest/heldPublishes.ts';
import { AwakeClock } from '../../server/process/awakeClock.ts';

const MAX_HOLD_MS = 10_000;
const TICK_MS = 1_000;

function heldPublishes() {
  const awake = new AwakeClock(TICK_MS);
  const held = new HeldPublishes(MAX_HOLD_MS, awake);
  const closed: string[] = [];
  const connection = (name: string) => ({ held: 0, close: (reason: string) => void closed.push(`${name} ${reason}`) });
  let now = 0;
  awake.tick(now);
  const goOnTo = (end: number) => {
    for (; now + TICK_MS <= end; now += TICK_MS) awake.tick(now + TICK_MS);
  };
  return { held, closed, connection, goOnTo };
}

describe('publishes that wait for their commit', () => {
  it('close their connection when they wait longer than allowed, and no other', () => {
    const { held, closed, connection, goOnTo } = heldPublishes();
    const [slow, later] = [connection('slow'), connection('later')];
    held.hold(slow, 0);
    goOnTo(5_000);
    held.hold(later, 5_000);
    goOnTo(10_000);
    held.closeOverdue(10_000);
    expect(closed).toEqual([]);
    held.closeOverdue(10_001);
    expect(closed).toEqual(['slow held-too-long']);
    expect([held.size, slow.held, later.held]).toEqual([1, 0, 1]);
  });

  it('are found among thousands that were let go of, each of which counts once', () => {
    const { held, closed, connection, goOnTo } = heldPublishes();
    const device = connection('device');
    const all = Array.from({ length: 5_000 }, () => held.hold(device, 0));
    expect([held.size, device.held]).toEqual([5_000, 5_000]);
    for (const [at, one] of all.entries()) if (at % 1_000 !== 999) held.release(one);
    for (const one of all.slice(0, 999)) held.release(one);
    expect([held.size, device.held]).toEqual([5, 5]);
    goOnTo(11_000);
    held.closeOverdue(11_000);
    expect(closed).toEqual(Array(5).fill('device held-too-long'));
    expect([held.size, device.held]).toEqual([0, 0]);
  });
});
