import type { AlertEvent } from '../../domain/alerts/alertRule.ts';
import type { MeanThreshold } from '../../domain/alerts/alertSettings.ts';
import type { QuietHours } from '../../domain/alerts/quietHours.ts';
import type { Format } from '../../domain/format.ts';
import type { Language } from '../../domain/names.ts';
import { UNITS } from '../../domain/quantity.ts';
import { de } from './de.ts';
import { en } from './en.ts';

/** What a message says: a subject line and plain text. */
export interface Words {
  title: string;
  text: string;
}

/** A station in a message: its public name and where its page is. */
export interface NamedStation {
  name: string;
  link: string;
}

/** Facts of an alert, formatted. */
export interface AlertFacts {
  /** Name of the station, or of the area. */
  name: string;
  link: string;
  event: AlertEvent;
  /** When the phase began. */
  since: string;
  /** When it was looked at: a message may come late. */
  at: string;
}

/** A watched mean, formatted. */
export interface MeanFacts {
  quantity: string;
  average: string;
  /** The value somebody chose, with its unit. */
  limit: string;
}

/** Facts of a station's month, formatted; undefined where there is no valid figure. */
export interface MonthFacts extends NamedStation {
  month: string;
  mean?: string | undefined;
  highestDay?: string | undefined;
  highestMean?: string | undefined;
  validDays: number;
  days: number;
  /** Where a day begins, such as `UTC+1`. */
  dayBegins: string;
  ownerPage: string;
}

/** What became of a station's link or of an address of its owner, formatted. */
export interface LinkFacts {
  instance: string;
  station: string;
  /** When, in local time. */
  date: string;
  time: string;
  /** Where a lost link is replaced. */
  page: string;
  /** Whom to ask; undefined when the operator names nobody. */
  contact: string | undefined;
}

/** Everything that is written to people. Numbers and times come in formatted. */
export interface NoticeTexts {
  quantity: Record<MeanThreshold['quantity'], string>;
  average: Record<MeanThreshold['average'], string>;
  confirmContact(parts: { instance: string; station: string; link: string }): Words;
  /** `quiet`: null where none were chosen. */
  confirmWatch(parts: MeanFacts & { instance: string; name: string; link: string; quiet: QuietHours | null }): Words;
  ntfyCode(parts: { instance: string; station: string; code: string }): Words;
  recover(parts: { instance: string; stations: NamedStation[] }): Words;
  handover(parts: { instance: string; station: string; link: string }): Words;
  linkReplaced(facts: LinkFacts): Words;
  handedOver(facts: LinkFacts): Words;
  addressRemoved(facts: LinkFacts): Words;
  stationDeleted(facts: LinkFacts): Words;
  silent(facts: AlertFacts & { lastSeen: string }): Words;
  stuck(facts: AlertFacts): Words;
  above(facts: AlertFacts & MeanFacts & { value: string }): Words;
  areaAbove(facts: AlertFacts & MeanFacts & { value: string; stations: number }): Words;
  /** Below a message about chosen stations, one of which has another address now. */
  stationJoined(link: string): string;
  /** To whoever watches stations that are too few now that two of them turned out to be one. */
  watchEnded(parts: { name: string; link: string }): Words;
  monthly(facts: MonthFacts): Words;
  refused(parts: { station: string; reason: string; link: string }): Words;
  approved(parts: { station: string; link: string }): Words;
  dormant(parts: { station: string; lastSeen: string; deletedOn: string; link: string }): Words;
  circle(parts: { radius: string; station: string }): string;
  /** Name of a circle nobody named. */
  circleAt(parts: { radius: string }): string;
  /** Name of an area that was put together of single stations. */
  stationsChosen(count: number): string;
  footer(parts: {
    instance: string;
    home: string;
    unsubscribe?: string | undefined;
    contact?: string | undefined;
  }): string;
}

/** Texts of a language. */
export function noticeTextsOf(language: Language): NoticeTexts {
  return { de, en }[language];
}

/** A threshold as people read it; the value as it was chosen, without decimals nobody typed. */
export function thresholdWords(texts: NoticeTexts, format: Format, threshold: MeanThreshold): MeanFacts {
  const { quantity, average, value } = threshold;
  const limit = Number.isInteger(value)
    ? `${format.number(value, 0)}\u202f${UNITS[quantity]}`
    : format.value(quantity, value);
  return { quantity: texts.quantity[quantity], average: texts.average[average], limit };
}
