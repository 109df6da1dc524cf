import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { type Stamp, Stamper, slotOf } from '../../server/ingest/stamp.ts';
import { NOW, reasonOf, SECOND, STATION, send, timeOf } from './stampHouse.ts';

describe('nodes that stamp at the same time', () => {
  it('never give a station one time twice', () => {
    const nodes = [0, slotOf('ingest-1'), slotOf('ingest-2'), slotOf('ingest-3')].map((slot) => new Stamper(slot));
    const times = Array.from({ length: 200 }, (_, n) =>
      timeOf(send(nodes[n % nodes.length]!, { bytes: String(n), at: NOW + Math.floor(n / 50) })),
    );
    expect(new Set(times).size).toBe(200);
    for (const [n, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(NOW + Math.floor(n / 50));
  });

  it('stay within the slots’ length of the arrival', () => {
    expect(timeOf(send(new Stamper(slotOf('ingest-2')), {})) - NOW).toBeLessThan(32);
  });

  it('leave a bridge’s own time as it is', () => {
    const stamper = new Stamper(slotOf('ingest-1'));
    expect(timeOf(send(stamper, { claimedAt: NOW + 5, isStampedByBridge: true }))).toBe(NOW + 5);
    expect(timeOf(send(stamper, { claimedAt: NOW + 6, part: 'pin-1', isStampedByBridge: true }))).toBe(NOW + 6);
    expect(timeOf(send(stamper, { bytes: 'spooled', at: NOW + 7, isSpooled: true }))).toBe(NOW + 7);
  });

  it.each([
    ['ingest-1', 1],
    ['ingest-2', 2],
    ['ingest-31', 31],
    ['ingest-32', 1],
    ['ingest-0', 31],
  ])('know their slot by their number: %s', (nodeId, slot) => {
    expect(slotOf(nodeId)).toBe(slot);
  });

  it('take a slot by their letters where they have no number', () => {
    expect([slotOf('nord'), slotOf('west')].every((slot) => slot >= 1 && slot <= 31)).toBe(true);
    expect(slotOf('nord')).not.toBe(slotOf('west'));
  });
});

describe('time of arrival', () => {
  it('is the stamp of a message without a time, and not claimed', () => {
    expect(send(new Stamper(), {})).toMatchObject({ measuredAt: NOW, isClaimed: false });
  });

  it('keeps two arrivals at one moment apart, per station', () => {
    const stamper = new Stamper();
    expect(timeOf(send(stamper, { bytes: 'a' }))).toBe(NOW);
    expect(timeOf(send(stamper, { bytes: 'b' }))).toBe(NOW + 1);
    expect(timeOf(send(stamper, { bytes: 'c', at: NOW + 1 }))).toBe(NOW + 2);
    expect(timeOf(send(stamper, { bytes: 'a' }, 'garten0001'))).toBe(NOW);
  });

  it('keeps its order over a small step back of the clock', () => {
    const stamper = new Stamper();
    send(stamper, { bytes: 'a' });
    expect(timeOf(send(stamper, { bytes: 'b', at: NOW - 90 * SECOND }))).toBe(NOW + 1);
  });

  it('believes the clock after a large step back, rather than put hours into one moment', () => {
    const stamper = new Stamper();
    send(stamper, { bytes: 'a', at: NOW + 365 * DAY_MS });
    expect(timeOf(send(stamper, { bytes: 'b', at: NOW }))).toBe(NOW);
    expect(timeOf(send(stamper, { bytes: 'c', at: NOW }))).toBe(NOW + 1);
  });

  it('goes on above what an earlier run gave out', () => {
    const stamper = new Stamper();
    stamper.restore([{ stationId: STATION, measuredAt: NOW + 20, hi: 1, lo: 2 }], NOW);
    expect(timeOf(send(stamper, {}))).toBe(NOW + 21);
  });

  it('leaves what the bridge spooled at its own time', () => {
    const stamper = new Stamper();
    send(stamper, { bytes: 'now' });
    expect(timeOf(send(stamper, { bytes: 'spooled', at: NOW - 60 * SECOND, isStampedByBridge: true }))).toBe(
      NOW - 60 * SECOND,
    );
    expect(timeOf(send(stamper, { bytes: 'next' }))).toBe(NOW + 1);
  });

  it('of a push that waited is kept, also where another has that very moment: only a key really taken is moved', () => {
    const stamper = new Stamper();
    send(stamper, { bytes: 'now' });
    expect(timeOf(send(stamper, { bytes: 'late', at: NOW - 60 * SECOND, isSpooled: true }))).toBe(NOW - 60 * SECOND);
    expect(timeOf(send(stamper, { bytes: 'equal', isSpooled: true }))).toBe(NOW);
    expect(timeOf(send(stamper, { bytes: 'newer', at: NOW + 5, isSpooled: true }))).toBe(NOW + 5);
    expect(timeOf(send(stamper, { bytes: 'next', at: NOW + 5 }))).toBe(NOW + 6);
  });

  it('that our bridge gave a part is moved where another has that very moment, and counts for those after it', () => {
    const stamper = new Stamper();
    const bridged = (pin: number, claimedAt: number) =>
      timeOf(send(stamper, { part: `pin-${pin}`, claimedAt, bytes: `${pin}`, isStampedByBridge: true }));
    send(stamper, { bytes: 'now' });
    expect(bridged(1, NOW)).toBe(NOW + 1);
    expect(bridged(7, NOW + 30 * SECOND)).toBe(NOW + 30 * SECOND);
    expect(timeOf(send(stamper, { bytes: 'next', at: NOW + 30 * SECOND }))).toBe(NOW + 30 * SECOND + 1);
  });

  it('stays above what the store knows while its older pages come in', () => {
    const stamper = new Stamper();
    stamper.restore([{ stationId: STATION, measuredAt: NOW + 20, hi: 1, lo: 2 }], NOW);
    stamper.restore([{ stationId: STATION, measuredAt: NOW - HOUR_MS, hi: 3, lo: 4 }], NOW);
    expect(timeOf(send(stamper, {}))).toBe(NOW + 21);
  });
});

describe('time in the payload', () => {
  it('is taken as claimed from 7 days back to 2 minutes ahead', () => {
    const stamper = new Stamper();
    for (const claimedAt of [NOW - 7 * DAY_MS, NOW, NOW + 2 * 60 * SECOND]) {
      expect(send(stamper, { claimedAt })).toEqual({ measuredAt: claimedAt, isClaimed: true });
    }
  });

  it('is refused beyond', () => {
    const stamper = new Stamper();
    expect(reasonOf(send(stamper, { claimedAt: NOW - 7 * DAY_MS - 1 }))).toBe('time-too-old');
    expect(reasonOf(send(stamper, { claimedAt: NOW + 2 * 60 * SECOND + 1 }))).toBe('time-in-future');
  });

  it('is ours when the bridge set it, however long the bridge had to wait', () => {
    const claimedAt = NOW - 9 * DAY_MS;
    expect(send(new Stamper(), { claimedAt, isStampedByBridge: true })).toEqual({
      measuredAt: claimedAt,
      isClaimed: false,
    });
  });

  it('is claimed of a part too, unless our bridge set it', () => {
    const claimedAt = NOW - HOUR_MS;
    expect(send(new Stamper(), { claimedAt, part: 'pin-1' })).toStrictEqual({ measuredAt: claimedAt, isClaimed: true });
  });

  it('leaves nothing to take back when its message was not stored', () => {
    const stamper = new Stamper();
    send(stamper, { samples: 1 });
    stamper.release({ stationId: STATION, ...(send(stamper, { claimedAt: NOW }) as Stamp) });
    expect(send(stamper, { samples: 1, at: NOW + 10 })).toBe('duplicate');
  });

  it('may come again: its key makes the repeat harmless', () => {
    const stamper = new Stamper();
    expect(timeOf(send(stamper, { claimedAt: NOW }))).toBe(NOW);
    expect(timeOf(send(stamper, { claimedAt: NOW }))).toBe(NOW);
  });
});

describe('a cycle that comes in parts', () => {
  const part = (object: string, at: number, bytes = `${object} ${at}`) =>
    ({ format: 'esphome', object, part: object, at, bytes }) as const;

  it('has the time of its first part for 20 s', () => {
    const stamper = new Stamper();
    expect(timeOf(send(stamper, part('pm_2_5', NOW)))).toBe(NOW);
    expect(timeOf(send(stamper, part('pm_10', NOW + 50)))).toBe(NOW);
    expect(timeOf(send(stamper, part('temperature', NOW + 20 * SECOND)))).toBe(NOW);
    expect(timeOf(send(stamper, part('humidity', NOW + 20 * SECOND + 1)))).toBe(NOW + 20 * SECOND + 1);
  });

  it('keeps that time when its parts come a little out of order, as from several nodes', () => {
    const stamper = new Stamper();
    expect(timeOf(send(stamper, part('pm_2_5', NOW)))).toBe(NOW);
    expect(timeOf(send(stamper, part('pm_10', NOW - 2 * SECOND)))).toBe(NOW);
    expect(timeOf(send(stamper, part('humidity', NOW - 2 * SECOND - 1)))).not.toBe(NOW);
  });

  it('ends when a part comes a second time', () => {
    const stamper = new Stamper();
    send(stamper, part('pm_2_5', NOW));
    send(stamper, part('pm_10', NOW + 10));
    expect(timeOf(send(stamper, part('pm_2_5', NOW + 5 * SECOND)))).toBe(NOW + 5 * SECOND);
    expect(timeOf(send(stamper, part('pm_10', NOW + 5 * SECOND + 10)))).toBe(NOW + 5 * SECOND);
  });

  it('shares its time with no whole message of its device', () => {
    const stamper = new Stamper();
    expect(timeOf(send(stamper, { bytes: 'whole' }))).toBe(NOW);
    expect(timeOf(send(stamper, part('pm_2_5', NOW + 10)))).toBe(NOW + 10);
    expect(timeOf(send(stamper, { bytes: 'another', at: NOW + 20 }))).toBe(NOW + 20);
    expect(timeOf(send(stamper, part('pm_10', NOW + 30)))).toBe(NOW + 10);
  });

  it('does not mix the cycles of two devices', () => {
    const stamper = new Stamper();
    send(stamper, part('pm_2_5', NOW));
    expect(timeOf(send(stamper, { ...part('pm_10', NOW + 10), deviceId: 'esphome-2' }))).toBe(NOW + 10);
  });

  it('cannot be stretched by a device that makes up names', () => {
    const stamper = new Stamper();
    const times = Array.from({ length: 40 }, (_, n) => timeOf(send(stamper, part(`made_up_${n}`, NOW + n))));
    expect(times.filter((time) => time === NOW)).toHaveLength(32);
    expect(new Set(times).size).toBe(2);
  });

  it('is told by the bridge stamps, when it waited in the spool', () => {
    const stamper = new Stamper();
    const spooled = (pin: number, claimedAt: number) => ({
      ...{ part: `pin-${pin}`, claimedAt, bytes: `${pin} ${claimedAt}`, isStampedByBridge: true, at: NOW },
    });
    expect(timeOf(send(stamper, spooled(1, NOW - HOUR_MS)))).toBe(NOW - HOUR_MS);
    expect(timeOf(send(stamper, spooled(11, NOW - HOUR_MS + 900)))).toBe(NOW - HOUR_MS);
    expect(timeOf(send(stamper, spooled(11, NOW - HOUR_MS + 149 * SECOND)))).toBe(NOW - HOUR_MS + 149 * SECOND);
    expect(send(stamper, spooled(1, NOW - HOUR_MS))).toBe('duplicate');
  });
});
