import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { type DeviceMessage, isRejection, type MessageFormat } from '../../server/domain/reading.ts';
import type { Arrival } from '../../server/ingest/arrival.ts';
import { type Stamp, Stamper, slotOf } from '../../server/ingest/stamp.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const SECOND = 1_000;
const STATION = 'balkon0001';

interface Sent {
  at?: number;
  bytes?: string;
  format?: MessageFormat;
  object?: string;
  deviceId?: string;
  claimedAt?: number;
  part?: string;
  samples?: number;
  health?: DeviceMessage['health'];
  isStampedByBridge?: boolean;
  isSpooled?: boolean;
}

function send(stamper: Stamper, sent: Sent, stationId = STATION) {
  const { format = 'airrohr', deviceId = 'esp8266-1', object, at = NOW } = sent;
  const arrival: Arrival = {
    topic: object === undefined ? { format, deviceId } : { format, deviceId, object },
    payload: Buffer.from(sent.bytes ?? 'a body'),
    deviceId,
    receivedAt: at,
    isStampedByBridge: sent.isStampedByBridge ?? false,
    ...(sent.isSpooled === true && { isSpooled: true }),
  };
  const message: DeviceMessage = { format, sensors: [], health: { ...sent.health }, refusedFields: [] };
  if (sent.claimedAt !== undefined) message.claimedAt = sent.claimedAt;
  if (sent.part !== undefined) message.part = sent.part;
  if (sent.samples !== undefined) message.health.samples = sent.samples;
  return stamper.stamp(arrival, message, stationId);
}

function timeOf(stamped: ReturnType<Stamper['stamp']>): number {
  if (stamped === 'duplicate' || isRejection(stamped)) throw new Error(`no stamp: ${JSON.stringify(stamped)}`);
  return stamped.measuredAt;
}

/** A stamp as the store gives it back. */
function rowOf({ measuredAt, fingerprint }: Stamp) {
  return { stationId: STATION, measuredAt, hi: fingerprint?.hi ?? 0, lo: fingerprint?.lo ?? 0 };
}

function reasonOf(stamped: ReturnType<Stamper['stamp']>): string {
  return isRejection(stamped) ? stamped.reason : 'taken';
}

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

describe('the same unstamped bytes again', () => {
  it('are one reading for 24 h when counters make them unique', () => {
    const stamper = new Stamper();
    const body = { bytes: 'body', samples: 71_234 };
    expect(timeOf(send(stamper, body))).toBe(NOW);
    expect(send(stamper, { ...body, at: NOW + DAY_MS })).toBe('duplicate');
    expect(timeOf(send(stamper, { ...body, at: NOW + 25 * HOUR_MS }))).toBe(NOW + 25 * HOUR_MS);
  });

  it.each([{ samples: 71_234 }, { minMicro: 181 }, { maxMicro: 20_102 }])('are so by %p alone', (health) => {
    const stamper = new Stamper();
    send(stamper, { health });
    expect(send(stamper, { health, at: NOW + 23 * HOUR_MS })).toBe('duplicate');
  });

  it('are one reading of an airRohr without counters for half of its usual cadence, before its second message', () => {
    const stamper = new Stamper();
    send(stamper, {});
    expect(send(stamper, { at: NOW + 70 * SECOND })).toBe('duplicate');
    expect(timeOf(send(stamper, { at: NOW + 80 * SECOND }))).toBe(NOW + 80 * SECOND);
  });

  it('are a new reading after half the cadence also of a device that sends every other second', () => {
    const stamper = new Stamper();
    const say = (bytes: string, at: number) => send(stamper, { bytes, at, format: 'tasmota' });
    say('8', NOW);
    say('9', NOW + 2 * SECOND);
    expect(say('9', NOW + 2_900)).toBe('duplicate');
    expect(timeOf(say('9', NOW + 4 * SECOND))).toBe(NOW + 4 * SECOND);
  });

  it('are a new reading after half the usual cadence, though the device was away meanwhile', () => {
    const stamper = new Stamper();
    const say = (bytes: string, at: number) => send(stamper, { bytes, at, format: 'airgradient' });
    say('8', NOW);
    say('9', NOW + 60 * SECOND);
    say('7', NOW + HOUR_MS);
    expect(timeOf(say('7', NOW + HOUR_MS + 40 * SECOND))).toBe(NOW + HOUR_MS + 40 * SECOND);
  });

  it('are a new reading after half the cadence of a device whose first message came in at another node', () => {
    const stamper = new Stamper(1);
    stamper.noteElsewhere('esp8266-1', NOW - 20 * SECOND);
    send(stamper, { bytes: '8', format: 'tasmota' });
    expect(timeOf(send(stamper, { bytes: '8', format: 'tasmota', at: NOW + 12 * SECOND }))).toBeGreaterThan(NOW);
  });

  it('are one reading also when our clock was set back meanwhile', () => {
    const stamper = new Stamper();
    send(stamper, { samples: 1 });
    expect(send(stamper, { samples: 1, at: NOW - HOUR_MS })).toBe('duplicate');
  });

  it('are two readings of two stations, and of two topics of a device', () => {
    const stamper = new Stamper();
    const state = { bytes: '7.3', format: 'esphome' as const };
    expect(timeOf(send(stamper, { ...state, object: 'pm_2_5', part: 'pm_2_5' }))).toBe(NOW);
    expect(timeOf(send(stamper, { ...state, object: 'pm_10', part: 'pm_10' }))).toBe(NOW);
    expect(timeOf(send(stamper, { ...state, object: 'pm_2_5', part: 'pm_2_5' }, 'garten0001'))).toBe(NOW);
  });

  it('are a new reading after half the cadence where nothing makes them unique', () => {
    const stamper = new Stamper();
    const say = (bytes: string, at: number) => send(stamper, { bytes, at, format: 'airgradient' });
    say('8', NOW);
    say('9', NOW + 60 * SECOND);
    expect(say('9', NOW + 89 * SECOND)).toBe('duplicate');
    expect(timeOf(say('9', NOW + 120 * SECOND))).toBe(NOW + 120 * SECOND);
  });

  it('are a new reading after half the cadence also where two of three messages come in at other nodes', () => {
    const stamper = new Stamper(1);
    const say = (bytes: string, at: number) => send(stamper, { bytes, at, format: 'airgradient' });
    say('8', NOW);
    // Told some time later, the second after our next one came in.
    stamper.noteElsewhere('esp8266-1', NOW + 60 * SECOND);
    say('9', NOW + 180 * SECOND);
    stamper.noteElsewhere('esp8266-1', NOW + 120 * SECOND);
    stamper.noteElsewhere('esp8266-1', NOW + 240 * SECOND);
    expect(say('9', NOW + 209 * SECOND)).toBe('duplicate');
    expect(timeOf(say('9', NOW + 215 * SECOND))).toBeGreaterThanOrEqual(NOW + 215 * SECOND);
  });

  it('are one reading of an airRohr without counters, though its last messages came faster than the firmware can', () => {
    const stamper = new Stamper();
    const say = (bytes: string, at: number) => send(stamper, { bytes, at });
    say('8', NOW);
    say('9', NOW + 30);
    expect(say('9', NOW + 2 * SECOND)).toBe('duplicate');
    expect(timeOf(say('9', NOW + 5 * SECOND))).toBe(NOW + 5 * SECOND);
  });

  it('count as new when the first copy was not stored', () => {
    const stamper = new Stamper();
    const stamp = send(stamper, { samples: 1 });
    stamper.release({ stationId: STATION, ...(stamp as Stamp) });
    expect(timeOf(send(stamper, { samples: 1, at: NOW + 10 }))).toBe(NOW + 10);
  });

  it('are recognised by the next run', () => {
    const first = send(new Stamper(), { samples: 1 }) as Stamp;
    const stamper = new Stamper();
    const { hi, lo } = first.fingerprint ?? { hi: 0, lo: 0 };
    stamper.restore([{ stationId: STATION, measuredAt: NOW, hi, lo }], NOW + HOUR_MS);
    expect(send(stamper, { samples: 1, at: NOW + HOUR_MS })).toBe('duplicate');
  });

  it('are recognised by the next run for half the cadence that the last one heard', () => {
    const say = (stamper: Stamper, bytes: string, at: number) => send(stamper, { bytes, at, format: 'airgradient' });
    const stored = [0, 1, 2, 3].map((n) => say(new Stamper(), String(n), NOW + n * 300 * SECOND) as Stamp);
    const restarted = () => {
      const stamper = new Stamper();
      stamper.restore(stored.map(rowOf), NOW + 960 * SECOND);
      return stamper;
    };
    expect(say(restarted(), '3', NOW + 1_040 * SECOND)).toBe('duplicate');
    expect(timeOf(say(restarted(), '3', NOW + 1_060 * SECOND))).toBe(NOW + 1_060 * SECOND);
    expect(timeOf(say(restarted(), '2', NOW + 960 * SECOND))).toBe(NOW + 960 * SECOND);
  });

  it('are recognised so also where each reading was stored in parts of one time', () => {
    const say = (stamper: Stamper, at: number) => send(stamper, { bytes: '8', at, format: 'airgradient' });
    const stored = [0, 1, 2, 3].map((n) => rowOf(say(new Stamper(), NOW + n * 300 * SECOND) as Stamp));
    const stamper = new Stamper();
    stamper.restore(
      stored.flatMap((row) => [row, { ...row, hi: row.hi + 1 }]),
      NOW + 960 * SECOND,
    );
    // The bytes are the same every time: the newest counts.
    expect(say(stamper, NOW + 1_040 * SECOND)).toBe('duplicate');
  });

  it('are a new reading soon after a start when the gap before was a device that was away', () => {
    const say = (stamper: Stamper, at: number) => send(stamper, { bytes: '8', at, format: 'airgradient' });
    const stored = [NOW, NOW + 2_400 * SECOND].map((at) => say(new Stamper(), at) as Stamp);
    const stamper = new Stamper();
    stamper.restore(stored.map(rowOf), NOW + HOUR_MS);
    expect(timeOf(say(stamper, NOW + 2_460 * SECOND))).toBe(NOW + 2_460 * SECOND);
  });

  it('are one reading also when what was stored before comes in after them', () => {
    const say = (stamper: Stamper, at: number) => send(stamper, { bytes: '8', at, format: 'airgradient' });
    const before = say(new Stamper(), NOW) as Stamp;
    const stamper = new Stamper();
    say(stamper, NOW + HOUR_MS);
    stamper.restore([rowOf(before)], NOW + HOUR_MS);
    expect(say(stamper, NOW + HOUR_MS + 10 * SECOND)).toBe('duplicate');
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
