import { DAY_MS, MINUTE_MS } from '../../../server/domain/durations.ts';

/**
 * The time typed into a `datetime-local` field, as of the instance's time zone, epoch ms; undefined for none. The zone's
 * offset is read off the formatted time. In the hour that comes twice in autumn the first is meant; a time that the
 * clock skips in spring does not exist.
 */
export function localToTime(typed: string, timeZone: string): number | undefined {
  // Firefox 78 and Safari 14 show a plain field, where people write a space.
  const text = typed.trim().replace(' ', 'T');
  const wall = Date.parse(`${text}:00Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) || Number.isNaN(wall)) return undefined;
  const guesses = [wall - offsetAt(wall - DAY_MS, timeZone), wall - offsetAt(wall + DAY_MS, timeZone)];
  return guesses.sort((a, b) => a - b).find((guess) => timeToLocal(guess, timeZone) === text);
}

/** The text of a `datetime-local` field for a time, in the zone. */
export function timeToLocal(at: number, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16);
}

function offsetAt(at: number, timeZone: string): number {
  const whole = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(whole);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) - whole;
}
