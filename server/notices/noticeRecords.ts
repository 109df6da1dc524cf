import type { RateCell } from '../admin/rateMeter.ts';
import type { AlertState } from '../domain/alerts/alertRule.ts';
import type { AlertSettings, MeanThreshold } from '../domain/alerts/alertSettings.ts';
import type { LetterKind } from '../domain/alerts/letterPeriods.ts';
import type { QuietHours } from '../domain/alerts/quietHours.ts';
import type { IsoDate } from '../domain/limits/limitTable.ts';
import type { Language } from '../domain/names.ts';
import type { PublicNotice } from '../domain/operator/publicNotice.ts';

/** Ways a message can go. */
export const CHANNELS = ['mail', 'webhook', 'ntfy'] as const;
/** One of `CHANNELS`. */
export type Channel = (typeof CHANNELS)[number];

/** Where a message goes. */
export interface Destination {
  channel: Channel;
  /** E-mail address, or URL of the webhook or ntfy topic. Never logged. */
  address: string;
}

/** An address of a station's owner. Private: it is shown to the owner and the admin, and used for messages. */
export interface Contact extends Destination {
  id: string;
  stationId: string;
  language: Language;
  createdAt: number;
  /** Absent until its holder confirmed it: before that nothing but the question goes there. */
  confirmedAt?: number;
  /** No alerts and no monthly mail; link recovery stays. */
  isMuted: boolean;
  /** SHA-256 of a code sent to an ntfy topic, until when it holds, and how often a wrong one came. */
  code?: { hash: string; expiresAt: number; wrong: number };
  /** The last message that could not be delivered for good. */
  lastFailure?: { at: number; reason: string };
}

/** Whose air a viewer watches. */
export type WatchedArea =
  | { lat: number; lon: number; radiusMetres: number }
  | { stationIds: string[] }
  | { areaId: string };

/** A viewer's alert for an area: an e-mail address and what it wants to know. */
export interface AreaWatch {
  id: string;
  address: string;
  language: Language;
  area: WatchedArea;
  /** What the area is called in messages. */
  areaName: string;
  threshold: MeanThreshold;
  quietHours: QuietHours | null;
  createdAt: number;
  confirmedAt?: number;
  /** The station that one of the chosen ones was joined with; absent once the next message has said so. */
  joinedInto?: string;
}

/** Somebody who gets an area's letters by mail: an e-mail address and which letters. */
export interface LetterSubscription {
  id: string;
  address: string;
  language: Language;
  areaId: string;
  /** What the area is called in messages. */
  areaName: string;
  kinds: LetterKind[];
  createdAt: number;
  confirmedAt?: number;
  /** First day of the last letter of each kind that was put into the outbox. */
  sentFor?: Partial<Record<LetterKind, IsoDate>>;
}

/** A letter that the operator holds back: neither mailed nor shown. */
export interface LetterStop {
  /** `<area id>/<kind>/<first day>` */
  id: string;
  stoppedAt: number;
}

/** What a one-time key opens. */
export type TicketPurpose = 'confirm' | 'recover' | 'handover';

/** A one-time key that was sent somewhere. Only its hash is kept. */
export interface Ticket {
  /** SHA-256 of the key, hex. */
  id: string;
  purpose: TicketPurpose;
  expiresAt: number;
  /** What is to be confirmed. */
  subject?: MessageSubject;
  stationId?: string;
  /** Hand-over: where the new owner can be reached, once they accept. */
  successor?: { address: string; language: Language };
}

/** What a message is for: an owner's contact, an area watch, or a subscription to letters. */
export interface MessageSubject {
  kind: 'contact' | 'watch' | 'letter';
  id: string;
}

/** One message on its way. */
export interface Message {
  id: string;
  to: Destination;
  /** Gone with it, and named in its unsubscribe link. Absent: a one-time mail. */
  subject?: MessageSubject;
  language: Language;
  title: string;
  text: string;
  /** What a webhook gets besides the words. */
  data: Record<string, unknown>;
  /** False for answers to a request (confirm, recover): nothing to unsubscribe from. */
  canUnsubscribe: boolean;
  createdAt: number;
  attempts: number;
  nextAttemptAt: number;
}

/** A station's alert settings as its owner set them. */
export interface StationAlerts {
  /** The station's id. */
  id: string;
  settings: AlertSettings;
}

/** What is kept of one alert: of a station's rule (`<stationId>/<rule>`) or of an area watch (`watch/<id>`). */
export interface KeptAlert {
  id: string;
  state: AlertState;
}

/** What was done for a station by the calendar. */
export interface StationDiary {
  /** The station's id. */
  id: string;
  /** Month of the last monthly mail, `2026-10`. */
  monthlyFor?: string;
  /** When its owner was told that data will be deleted, epoch ms. */
  dormantToldAt?: number;
}

/** One start of the program. */
export interface ProgramStart {
  /** `at` as text. */
  id: string;
  /** Epoch ms. */
  at: number;
  version: string;
  node: string;
  /** When it ended as it should, epoch ms; absent while it runs, and for ever when it was killed. */
  stoppedAt?: number;
}

/** What came in over the last day, five minutes by five minutes. One record. */
export interface KeptRates {
  id: 'rates';
  cells: RateCell[];
}

/** Everything the notices keep, by kind. */
export interface NoticeRecords {
  contact: Contact;
  watch: AreaWatch;
  letter: LetterSubscription;
  letterStop: LetterStop;
  ticket: Ticket;
  message: Message;
  alerts: StationAlerts;
  alert: KeptAlert;
  diary: StationDiary;
  publicNotice: PublicNotice;
  start: ProgramStart;
  rates: KeptRates;
}
/** A kind of record. */
export type NoticeKind = keyof NoticeRecords;

/** A record to be written, or, with `undefined`, to be dropped. */
export type Change = {
  [Kind in NoticeKind]: { kind: Kind; id: string; record: NoticeRecords[Kind] | undefined };
}[NoticeKind];

/** A record to be written. */
export function put<Kind extends NoticeKind>(kind: Kind, record: NoticeRecords[Kind]): Change {
  return { kind, id: record.id, record } as Change;
}

/** A record to be dropped. */
export function drop(kind: NoticeKind, id: string): Change {
  return { kind, id, record: undefined } as Change;
}
