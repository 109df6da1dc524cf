import { windowMean } from '../domain/areaStatistics.ts';
import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import { calendarWindows, type TimeWindow } from '../domain/means/calendarWindows.ts';
import type { ClockMean } from '../domain/means/clockMean.ts';
import { utcText } from '../domain/means/dayOffset.ts';
import { type Language, LOCALES } from '../domain/names.ts';
import type { Station } from '../domain/station.ts';
import type { Rollups } from '../rollups/rollups.ts';
import type { Contacts } from './contacts.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import { type Contact, type Message, put } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';

/** The mail goes out from this long after the end of the month on, ms: the last day is then stored and the hour a decent one. */
const AFTER_MS = 8 * HOUR_MS;
/** Later it is no news: a month that was missed is left out. */
const UNTIL_MS = 7 * DAY_MS;

/** What the monthly mail needs. */
export interface MonthlyMailParts {
  store: NoticeStore;
  outbox: Outbox;
  writer: MessageWriter;
  links: NoticeLinks;
  contacts: Contacts;
  station: (stationId: string) => Station | undefined;
  rollups: Rollups;
  /** `DAY_OFFSET`, ms: months and days as limits and reports have them. */
  dayOffsetMs: number;
}

/** A month's figures of one station. */
export interface StationMonth {
  days: readonly ClockMean[];
  /** Mean over the valid days; null when the month does not bear one out. */
  mean: number | null;
}

/** Sends "Ihre Station" for the month that has ended, once a station and month. Resolves to the number of mails. */
export async function sendMonthlyMails(parts: MonthlyMailParts, now: number): Promise<number> {
  const month = endedMonth(parts.dayOffsetMs, now);
  if (now < month.end + AFTER_MS || now > month.end + UNTIL_MS) return 0;
  const name = new Date(month.start + parts.dayOffsetMs).toISOString().slice(0, 7);
  let sent = 0;
  for (const { id, settings } of parts.store.all('alerts')) {
    const station = parts.station(id);
    if (!settings.isMonthly || station === undefined) continue;
    if (parts.store.get('diary', id)?.monthlyFor === name) continue;
    sent += await sendOne(parts, station, { month, name });
  }
  return sent;
}

async function sendOne(
  parts: MonthlyMailParts,
  station: Station,
  { month, name }: { month: TimeWindow; name: string },
): Promise<number> {
  const { store, outbox, contacts } = parts;
  const readers = contacts.listeners(station.id).filter(({ channel }) => channel === 'mail');
  if (readers.length === 0) return 0;
  const figures = await monthOf(parts, station.id, month);
  return store.write(() => {
    // What was read took time: the station may have had its mail, or its readers gone, meanwhile.
    const diary = store.get('diary', station.id) ?? { id: station.id };
    if (diary.monthlyFor === name) return { answer: 0, changes: [] };
    const stillThere = readers.filter(({ id }) => store.get('contact', id));
    const messages = stillThere.map((contact) => monthlyMessage(parts, station, { contact, figures, month }));
    return {
      answer: messages.length,
      changes: [...outbox.take(messages), put('diary', { ...diary, monthlyFor: name })],
    };
  });
}

/** PM2.5 of whoever spoke for the station in each hour, as reports have it: daily means and the month's. */
async function monthOf({ rollups }: MonthlyMailParts, stationId: string, month: TimeWindow): Promise<StationMonth> {
  const query = { stationIds: [stationId], quantity: 'pm25', window: 'day', isBare: true } as const;
  const days = await rollups.rows({ ...query, from: month.start, to: month.end });
  const valid = days.flatMap(({ mean }) => mean ?? []);
  return { days, mean: windowMean(valid, daysOf(month)) ?? null };
}

function daysOf({ start, end }: TimeWindow): number {
  return Math.round((end - start) / DAY_MS);
}

function monthlyMessage(
  { writer, links, dayOffsetMs }: MonthlyMailParts,
  station: Station,
  { contact, figures, month }: { contact: Contact; figures: StationMonth; month: TimeWindow },
): Message {
  const { language } = contact;
  const { texts, format } = writer.speak(language);
  const valid = figures.days.filter(({ mean }) => mean !== null);
  const highest = valid.reduce<ClockMean | undefined>(
    (best, day) => (best && best.mean! >= day.mean! ? best : day),
    undefined,
  );
  const words = texts.monthly({
    name: station.name,
    link: links.page(`/station/${station.id}`),
    month: calendarText(language, month.start + dayOffsetMs, { month: 'long', year: 'numeric' }),
    mean: figures.mean === null ? undefined : format.value('pm25', figures.mean),
    highestDay: highest && calendarText(language, highest.start + dayOffsetMs, { day: 'numeric', month: 'long' }),
    highestMean: highest && format.value('pm25', highest.mean!),
    validDays: valid.length,
    days: daysOf(month),
    dayBegins: utcText(dayOffsetMs),
    ownerPage: links.page('/host'),
  });
  const subject = { kind: 'contact' as const, id: contact.id };
  return writer.write({ to: contact, language, words, subject, canUnsubscribe: true });
}

function endedMonth(offsetMs: number, now: number): TimeWindow {
  const [running] = calendarWindows('1mo', { offsetMs }, { start: now, end: now + 1 });
  const [ended] = calendarWindows('1mo', { offsetMs }, { start: running!.start - 1, end: running!.start });
  return ended!;
}

/** A date of the fixed-offset calendar, given as if it were UTC. */
function calendarText(language: Language, at: number, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALES[language], { ...parts, timeZone: 'UTC' }).format(at);
}
