import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { type Stamp, Stamper } from '../../server/ingest/stamp.ts';
import { NOW, rowOf, SECOND, STATION, send, timeOf } from './stampHouse.ts';

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
