import { describe, expect, it } from '@jest/globals';
import {
  type AlertEvent,
  type AlertState,
  CALM,
  meanVerdict,
  stepAlert,
  type Verdict,
} from '../../../server/domain/alerts/alertRule.ts';
import { isQuiet } from '../../../server/domain/alerts/quietHours.ts';
import { MINUTE_MS } from '../../../server/domain/durations.ts';

const TIMING = { raiseAfterMs: 10 * MINUTE_MS, clearAfterMs: 30 * MINUTE_MS, lostAfterMs: 180 * MINUTE_MS };

/** Looks once a minute at verdicts such as `bad x 12`; with `survive`, the state goes through JSON in between, as over a restart. */
function run(
  script: [verdict: Verdict, minutes: number, mayTell?: boolean][],
  { survive = false, start = CALM as AlertState } = {},
): { events: [minute: number, event: AlertEvent][]; state: AlertState } {
  let state = start;
  let minute = 0;
  const events: [number, AlertEvent][] = [];
  for (const [verdict, minutes, mayTell = true] of script) {
    for (let i = 0; i < minutes; i++, minute++) {
      const next = stepAlert(state, { verdict, now: minute * MINUTE_MS, mayTell }, TIMING);
      state = survive ? (JSON.parse(JSON.stringify(next.state)) as AlertState) : next.state;
      if (next.event) events.push([minute, next.event]);
    }
  }
  return { events, state };
}

describe('an alert', () => {
  it('begins once after its patience, and is over once after its own', () => {
    const { events } = run([
      ['fine', 5],
      ['bad', 60],
      ['fine', 60],
    ]);
    expect(events).toEqual([
      [15, 'raised'],
      [95, 'cleared'],
    ]);
  });

  it('is the same over a restart at any look', () => {
    const script: [Verdict, number][] = [
      ['bad', 60],
      ['unknown', 20],
      ['fine', 60],
      ['bad', 9],
      ['fine', 5],
      ['bad', 30],
    ];
    expect(run(script, { survive: true }).events).toEqual(run(script).events);
  });

  it('does not flutter around its threshold', () => {
    const flutter = Array.from({ length: 40 }, (_, i): [Verdict, number] => [i % 2 === 0 ? 'bad' : 'between', 5]);
    expect(run([['bad', 20], ...flutter, ['fine', 20], ['bad', 20], ['fine', 29], ['bad', 1]]).events).toEqual([
      [10, 'raised'],
    ]);
    expect(run([...flutter]).events).toEqual([]);
  });

  it('neither begins nor ends because nothing is known', () => {
    expect(run([['unknown', 600]]).events).toEqual([]);
    expect(
      run([
        ['bad', 20],
        ['unknown', 170],
        ['bad', 20],
      ]).events,
    ).toEqual([[10, 'raised']]);
    expect(
      run([
        ['bad', 9],
        ['unknown', 1],
        ['bad', 9],
      ]).events,
    ).toEqual([]);
    expect(
      run([
        ['bad', 20],
        ['fine', 29],
        ['unknown', 1],
        ['fine', 29],
      ]).events,
    ).toEqual([[10, 'raised']]);
  });

  it('ends without an all-clear when nothing is known for long, and may begin anew', () => {
    const { events } = run([
      ['bad', 20],
      ['unknown', 200],
      ['fine', 60],
      ['bad', 20],
    ]);
    expect(events).toEqual([
      [10, 'raised'],
      [200, 'lost'],
      [290, 'raised'],
    ]);
  });

  it('that nobody was told of is lost without a word, as is one that is lost in the quiet hours', () => {
    const told = run([
      ['bad', 20],
      ['unknown', 300, false],
      ['unknown', 60],
    ]);
    expect(told.events).toEqual([[10, 'raised']]);
    const untold = run([
      ['bad', 20, false],
      ['unknown', 180, false],
      ['unknown', 60],
    ]);
    expect(untold.events).toEqual([]);
  });

  it('waits with its message for the end of the quiet hours, and says nothing of what was over by then', () => {
    expect(
      run([
        ['bad', 60, false],
        ['bad', 1],
      ]).events,
    ).toEqual([[60, 'raised']]);
    expect(
      run([
        ['bad', 60, false],
        ['fine', 60, false],
        ['fine', 10],
      ]).events,
    ).toEqual([]);
  });

  it('tells an all-clear of the quiet hours afterwards, and takes what came back meanwhile for one event', () => {
    expect(
      run([
        ['bad', 20],
        ['fine', 60, false],
        ['fine', 1],
      ]).events,
    ).toEqual([
      [10, 'raised'],
      [80, 'cleared'],
    ]);
    expect(
      run([
        ['bad', 20],
        ['fine', 60, false],
        ['bad', 60, false],
        ['bad', 5],
      ]).events,
    ).toEqual([[10, 'raised']]);
  });

  it('keeps the same state object while nothing changes, so that nothing is written', () => {
    const { state } = run([['bad', 30]]);
    expect(stepAlert(state, { verdict: 'bad', now: 31 * MINUTE_MS, mayTell: true }, TIMING).state).toBe(state);
    expect(stepAlert(CALM, { verdict: 'unknown', now: 0, mayTell: true }, TIMING).state).toBe(CALM);
    expect(stepAlert(CALM, { verdict: 'fine', now: 0, mayTell: true }, TIMING).state).toBe(CALM);
  });
});

describe('the verdict on a mean', () => {
  it.each([
    [undefined, 25, 'unknown'],
    [Number.NaN, 25, 'unknown'],
    [25.01, 25, 'bad'],
    [25, 25, 'between'],
    [22.6, 25, 'between'],
    [22.5, 25, 'fine'],
    [4.1, 5, 'between'],
    [4, 5, 'fine'],
  ] as const)('%p with threshold %p is %s', (mean, above, verdict) => {
    expect(meanVerdict(mean, above)).toBe(verdict);
  });
});

describe('quiet hours', () => {
  it('are local time, span midnight and both changes of the clock', () => {
    const night = { from: '22:00', to: '07:00' };
    const at = (text: string) => isQuiet(night, Date.parse(text), 'Europe/Berlin');
    expect(
      ['2026-01-15T20:59:59Z', '2026-01-15T21:00:00Z', '2026-01-16T05:59:59Z', '2026-01-16T06:00:00Z'].map(at),
    ).toEqual([false, true, true, false]);
    expect(
      ['2026-07-15T19:59:00Z', '2026-07-15T20:00:00Z', '2026-07-16T04:59:00Z', '2026-07-16T05:00:00Z'].map(at),
    ).toEqual([false, true, true, false]);
    expect(['2026-03-29T01:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map(at)).toEqual([
      true,
      true,
      true,
    ]);
    expect(isQuiet({ from: '12:00', to: '14:00' }, Date.parse('2026-01-15T12:00:00Z'), 'Europe/Berlin')).toBe(true);
    expect([isQuiet(null, 0, 'UTC'), isQuiet({ from: '10:00', to: '10:00' }, 36_000_000, 'UTC')]).toEqual([
      false,
      false,
    ]);
  });
});
