import { describe, expect, it } from '@jest/globals';
import { RECORDED_MS, recordingStart } from '../../server/demo/demoClock.ts';
import { DEMO_STATIONS } from '../../server/demo/demoStations.ts';
import type { RecordedMessage } from '../../server/demo/recording.ts';
import { Replay } from '../../server/demo/replay.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';

function message(offset: number, station = 0): RecordedMessage {
  return { station, offset, values: [['SDS_P2', '5.00']] };
}

/** A replay of `messages` that starts `into` the recording, with a clock the test turns. */
function replayFrom(into: number, messages: RecordedMessage[], { speed = 1, isConnected = true } = {}) {
  const start = Date.UTC(2026, 0, 1);
  let now = start + into;
  const sent: { station: number; at: number; body: string }[] = [];
  let loops = 0;
  const replay = new Replay({
    messages,
    start,
    clock: () => now,
    speed,
    send: (station, body) => {
      if (isConnected) sent.push({ station, at: now - start, body });
      return isConnected;
    },
    onLoop: () => {
      loops += 1;
    },
  });
  const pass = (duration: number, step = MINUTE_MS / 4) => {
    for (let passed = 0; passed < duration; passed += step) {
      now += step;
      replay.tick();
    }
  };
  return { replay, sent, pass, loops: () => loops, start };
}

describe('the clock of the demo', () => {
  it.each(['2026-11-23T00:00:00Z', '2026-11-23T18:30:00Z', '2027-03-28T23:59:59Z'])(
    'at %s plays 5 November as yesterday and leaves the time of day alone',
    (text) => {
      const now = Date.parse(text);
      const shift = recordingStart(now) - (DEMO_STATIONS[0]?.firstDay ?? 0);
      expect(shift % DAY_MS).toBe(0);
      const bonfireNight = Date.UTC(2018, 10, 5) + shift;
      expect(bonfireNight).toBe(Math.floor(now / DAY_MS) * DAY_MS - DAY_MS);
    },
  );
});

describe('the replay', () => {
  it('sends each message when its time of day comes, and nothing that lies before', () => {
    const { sent, pass } = replayFrom(HOUR_MS, [
      message(HOUR_MS - 1),
      message(HOUR_MS + MINUTE_MS),
      message(HOUR_MS + 5 * MINUTE_MS, 1),
    ]);
    pass(4 * MINUTE_MS);
    expect(sent.map(({ at, station }) => [at, station])).toEqual([[HOUR_MS + MINUTE_MS, 0]]);
    pass(2 * MINUTE_MS);
    expect(sent.map(({ at, station }) => [at, station])).toEqual([
      [HOUR_MS + MINUTE_MS, 0],
      [HOUR_MS + 5 * MINUTE_MS, 1],
    ]);
  });

  it('goes through the gaps faster with a speed', () => {
    const messages = [message(10 * MINUTE_MS), message(20 * MINUTE_MS)];
    const { sent, pass } = replayFrom(0, messages, { speed: 10 });
    pass(2 * MINUTE_MS);
    expect(sent.map(({ at }) => at)).toEqual([MINUTE_MS, 2 * MINUTE_MS]);
  });

  it('starts again at the same time of day when the recording ends, and says so', () => {
    const { replay, sent, pass, loops, start } = replayFrom(RECORDED_MS - HOUR_MS, [
      message(HOUR_MS),
      message(RECORDED_MS - 1),
    ]);
    pass(2 * HOUR_MS);
    expect(sent.map(({ at }) => at)).toEqual([RECORDED_MS, RECORDED_MS + HOUR_MS]);
    expect(loops()).toBe(1);
    expect(replay.status()).toEqual({
      speed: 1,
      loops: 1,
      loopedAt: start + RECORDED_MS + HOUR_MS,
      sent: 2,
      dropped: 0,
    });
  });

  it('never sends the same bytes twice, although the recording repeats itself', () => {
    const { sent, pass } = replayFrom(0, [message(MINUTE_MS)], { speed: 24 * 60 });
    pass((3 * DAY_MS) / 6, MINUTE_MS);
    expect(sent.length).toBeGreaterThan(50);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(sent.length);
  });

  it('leaves out what was due while the machine slept', () => {
    const { replay, sent, pass } = replayFrom(0, [
      message(HOUR_MS),
      message(2 * HOUR_MS),
      message(3 * HOUR_MS + MINUTE_MS),
    ]);
    pass(3 * HOUR_MS, 3 * HOUR_MS);
    pass(2 * MINUTE_MS);
    expect(sent.map(({ at }) => at)).toEqual([3 * HOUR_MS + MINUTE_MS]);
    expect(replay.status()).toMatchObject({ sent: 1, dropped: 2 });
  });

  it('counts what its connections could not take', () => {
    const { replay, pass } = replayFrom(0, [message(MINUTE_MS)], { isConnected: false });
    pass(2 * MINUTE_MS);
    expect(replay.status()).toMatchObject({ sent: 0, dropped: 1 });
  });
});
