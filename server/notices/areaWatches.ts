import { isDeepStrictEqual } from 'node:util';
import type { MeanThreshold } from '../domain/alerts/alertSettings.ts';
import type { QuietHours } from '../domain/alerts/quietHours.ts';
import { MIN_FOR_NUMBER } from '../domain/areaStatistics.ts';
import type { Language } from '../domain/names.ts';
import { keyHash, newKey, newStationId, type RandomBytes } from '../process/keys.ts';
import { CONFIRM_MS, isSameAddress } from './contacts.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import { type AreaWatch, type Change, drop, put, type Ticket, type WatchedArea } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';
import { isJustAsked, type Questions, strangersName } from './questions.ts';
import { thresholdWords } from './texts/noticeTexts.ts';

/** Most area watches of an installation, and of one address. */
const MAX_WATCHES = 5_000;
const MAX_PER_ADDRESS = 10;

/** What somebody asks to be told. */
export interface WatchRequest {
  address: string;
  language: Language;
  area: WatchedArea;
  areaName: string;
  threshold: MeanThreshold;
  quietHours: QuietHours | null;
}

/** What area watches need. */
export interface AreaWatchesParts {
  store: NoticeStore;
  outbox: Outbox;
  writer: MessageWriter;
  links: NoticeLinks;
  questions: Questions;
  randomBytes: RandomBytes;
  clock: () => number;
}

/** Viewers' alerts: asked for by anyone, begun by the one who reads the address's mail. */
export class AreaWatches {
  readonly #parts: AreaWatchesParts;

  constructor(parts: AreaWatchesParts) {
    this.#parts = parts;
  }

  /**
   * Takes a request and asks the address; the same request again at once is the same. Whether the address is known, is
   * asked too often or has enough alerts already makes no difference to the one who asks: false only when this
   * installation takes no more.
   */
  async request(request: WatchRequest): Promise<boolean> {
    const { store, outbox, clock, randomBytes } = this.#parts;
    const now = clock();
    const isAsked = () => store.all('watch').some((other) => isJustAsked(other, now) && isSameWatch(other, request));
    const watch: AreaWatch = { id: newStationId(randomBytes), ...request, createdAt: now };
    const key = newKey(randomBytes);
    const subject = { kind: 'watch' as const, id: watch.id };
    const ticket: Ticket = { id: keyHash(key), purpose: 'confirm', expiresAt: now + CONFIRM_MS, subject };
    const message = this.#question(watch, key);
    return store.write(() => {
      if (isAsked() || !this.#parts.questions.mayAsk(request.address)) return { answer: true, changes: [] };
      if (store.count('watch') >= MAX_WATCHES) return { answer: false, changes: [] };
      const others = store.all('watch').filter(({ address }) => isSameAddress(address, watch.address));
      if (others.length >= MAX_PER_ADDRESS) return { answer: true, changes: [] };
      const taken = outbox.take([message]);
      if (taken.length === 0) return { answer: false, changes: [] };
      return { answer: true, changes: [...taken, put('watch', watch), put('ticket', ticket)] };
    });
  }

  /** Removes a watch with everything that waits for it. */
  async remove(watchId: string): Promise<void> {
    const { store } = this.#parts;
    await store.write(() => ({ answer: undefined, changes: watchRemoval(store, watchId) }));
  }

  /**
   * A watched station was joined with another and goes on under that one's id: so do the watches of it. Their next message
   * says so, and one goes at once where fewer stations are left than a median takes. Asked again, nothing changes.
   */
  async stationJoined(formerId: string, into: string): Promise<void> {
    const { store, outbox } = this.#parts;
    await store.write(() => {
      const joined = store.all('watch').flatMap((watch) => joinedWatch(watch, formerId, into) ?? []);
      const atOnce = joined.filter((watch) => watch.confirmedAt !== undefined && isTooSmall(watch));
      const told = outbox.take(atOnce.map((watch) => this.#joinedMessage(watch, into)));
      return { answer: undefined, changes: [...joined.map((watch) => put('watch', watch)), ...told] };
    });
  }

  #joinedMessage(watch: AreaWatch, into: string) {
    const { writer, links } = this.#parts;
    const { texts } = writer.speak(watch.language);
    const words = texts.watchEnded({ name: watch.areaName, link: links.page(`/station/${into}`) });
    const to = { channel: 'mail' as const, address: watch.address };
    return writer.write({
      ...{ to, language: watch.language, words },
      subject: { kind: 'watch', id: watch.id },
      canUnsubscribe: true,
    });
  }

  #question(watch: AreaWatch, key: string) {
    const { writer, links } = this.#parts;
    const { texts, format } = writer.speak(watch.language);
    const name = strangersName(watch.areaName, watch.id);
    const mean = thresholdWords(texts, format, watch.threshold);
    const link = links.ticket('confirm', key);
    const words = texts.confirmWatch({ instance: writer.instance, name, ...mean, link, quiet: watch.quietHours });
    const to = { channel: 'mail' as const, address: watch.address };
    return writer.write({ to, language: watch.language, words, subject: { kind: 'watch', id: watch.id } });
  }
}

/** The watch with the station that stays in the place of the former one; undefined for one that does not name it. */
function joinedWatch(watch: AreaWatch, formerId: string, into: string): AreaWatch | undefined {
  if (!('stationIds' in watch.area) || !watch.area.stationIds.includes(formerId)) return undefined;
  const stationIds = watch.area.stationIds.map((id) => (id === formerId ? into : id));
  return { ...watch, area: { stationIds: [...new Set(stationIds)] }, joinedInto: into };
}

function isTooSmall({ area }: AreaWatch): boolean {
  return 'stationIds' in area && area.stationIds.length < MIN_FOR_NUMBER;
}

/** The changes that confirm a watch; it takes the place of one that would write the same to the same address. */
export function watchConfirmation(store: NoticeStore, watch: AreaWatch, at: number): Change[] {
  const others = store.all('watch').filter((other) => other.id !== watch.id && other.confirmedAt !== undefined);
  const replaced = others.filter((other) => isSameWatch(other, watch));
  return [...replaced.flatMap(({ id }) => watchRemoval(store, id)), put('watch', { ...watch, confirmedAt: at })];
}

/** True for the same address, area and threshold. */
function isSameWatch(
  a: Pick<AreaWatch, 'address' | 'area' | 'threshold'>,
  b: Pick<AreaWatch, 'address' | 'area' | 'threshold'>,
): boolean {
  return isSameAddress(a.address, b.address) && isDeepStrictEqual([a.area, a.threshold], [b.area, b.threshold]);
}

/** Everything of an area watch. */
function watchRemoval(store: NoticeStore, watchId: string): Change[] {
  return [drop('watch', watchId), drop('alert', `watch/${watchId}`), ...waitingFor(store, watchId)];
}

/** Messages on their way and one-time keys of a watch or subscription. */
export function waitingFor(store: NoticeStore, subjectId: string): Change[] {
  const isFor = ({ subject }: { subject?: { id: string } }) => subject?.id === subjectId;
  return [
    ...store
      .all('message')
      .filter(isFor)
      .map(({ id }) => drop('message', id)),
    ...store
      .all('ticket')
      .filter(isFor)
      .map(({ id }) => drop('ticket', id)),
  ];
}

/** What nobody confirmed in time, and one-time keys that hold no longer. */
export function overdue(store: NoticeStore, now: number): Change[] {
  const isLeft = ({ confirmedAt, createdAt }: { confirmedAt?: number; createdAt: number }) =>
    confirmedAt === undefined && createdAt < now - CONFIRM_MS;
  return [
    ...store
      .all('ticket')
      .filter(({ expiresAt }) => expiresAt <= now)
      .map(({ id }) => drop('ticket', id)),
    ...store
      .all('watch')
      .filter(isLeft)
      .flatMap(({ id }) => watchRemoval(store, id)),
    ...store
      .all('letter')
      .filter(isLeft)
      .flatMap(({ id }) => [drop('letter', id), ...waitingFor(store, id)]),
    ...store
      .all('contact')
      .filter(isLeft)
      .map(({ id }) => drop('contact', id)),
  ];
}
