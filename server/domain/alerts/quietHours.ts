/** Hours in which nobody is written to, local time, `HH:MM`; `from` after `to` spans midnight. */
export interface QuietHours {
  from: string;
  to: string;
}

/** True when `at` (epoch ms) lies in the quiet hours of the zone. `from` is quiet, `to` no longer; equal ends: never. */
export function isQuiet(quiet: QuietHours | null | undefined, at: number, timeZone: string): boolean {
  if (!quiet || quiet.from === quiet.to) return false;
  const time = localTime(at, timeZone);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from < to ? time >= from && time < to : time >= from || time < to;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes since local midnight. */
function localTime(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  return minutesOf(format.format(at));
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
