import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { AreaDirectory } from '../areas/areaDirectory.ts';
import { type Config, offsetMs } from '../config.ts';
import { rulesOf } from '../domain/alerts/alertSettings.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import type { RefusalReason } from '../domain/operator/stationRefusal.ts';
import { type Station, TERMS_VERSION } from '../domain/station.ts';
import type { Aggregator } from '../live/aggregator.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Rollups } from '../rollups/rollups.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { AlertRunner, alertSettingsOf } from './alertRunner.ts';
import { tellApproved, tellRefused } from './approvalNotice.ts';
import { AreaView } from './areaView.ts';
import { AreaWatches, overdue } from './areaWatches.ts';
import { Contacts } from './contacts.ts';
import type { Send } from './delivery.ts';
import { sweepDormant } from './dormancy.ts';
import { challengeWebhook, createNtfySend, createWebhookSend } from './hookSend.ts';
import { type LinkEvent, linkNotice } from './linkNotice.ts';
import { createMailSend, type PictureOf } from './mailSend.ts';
import { MessageWriter } from './messageWriter.ts';
import { sendMonthlyMails } from './monthlyMail.ts';
import { NoticeLinks } from './noticeLinks.ts';
import { NOTICES_FILE, NoticeStore } from './noticeStore.ts';
import { Outbox } from './outbox.ts';
import { OwnerLinks, stationRemoval } from './ownerLinks.ts';
import { type IsAddressAllowed, isPublicAddress } from './publicAddress.ts';
import { Questions } from './questions.ts';
import { StuckWatch } from './stuckWatch.ts';

/** How often the outbox is looked through, alerts are judged, and stuck sensors are looked for, ms. */
const SEND_MS = 5_000;
const LOOK_MS = MINUTE_MS;
const STUCK_MS = 15 * MINUTE_MS;
/** Longest wait at the end for messages under way, ms. */
const GOODBYE_MS = 1_000;

/** What the notices are made from. */
export interface NoticesParts {
  config: Config;
  stationStore: StationStore;
  store: ReadingStore;
  rollups: Rollups;
  aggregator: Aggregator;
  areas: AreaDirectory;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  /** Whether webhooks and ntfy servers may be at an address; the public internet when left out. */
  isAddressAllowed?: IsAddressAllowed | undefined;
  /** Pictures that go with mails. */
  pictureOf?: PictureOf | undefined;
}

/** Contacts, owner links, alerts, area watches and the messages that come of them. */
export class Notices {
  readonly contacts: Contacts;
  readonly ownerLinks: OwnerLinks;
  readonly areaWatches: AreaWatches;
  readonly areas: AreaView;
  readonly links: NoticeLinks;
  readonly store: NoticeStore;
  readonly outbox: Outbox;
  readonly isMailOn: boolean;
  readonly writer: MessageWriter;
  readonly questions: Questions;
  readonly #parts: NoticesParts;
  readonly #mail: (Send & { close: () => void }) | undefined;
  readonly #stuck: StuckWatch;
  readonly #listeningSince: number;
  #runner: AlertRunner | undefined;
  #timers: NodeJS.Timeout[] = [];
  #isClosing = false;
  readonly #jobs = new Set<Promise<void>>();

  constructor(parts: NoticesParts) {
    const { config, stationStore, clock, aggregator, isAddressAllowed = isPublicAddress } = parts;
    this.#parts = parts;
    this.#listeningSince = clock();
    this.store = new NoticeStore({ path: join(config.DATA_DIR, NOTICES_FILE), randomBytes });
    this.links = new NoticeLinks(config.PUBLIC_URL ?? `http://localhost:${config.HTTP_PORT}`, () => this.store.secret);
    const { links, store } = this;
    this.writer = new MessageWriter({
      ...{ instance: config.INSTANCE_NAME, contact: config.CONTACT, timeZone: config.TIME_ZONE },
      ...{ links, randomBytes, clock },
    });
    const hooks = { links, isAddressAllowed, clock };
    this.#mail = mailOf(config, links, parts.pictureOf);
    this.isMailOn = this.#mail !== undefined;
    const sends = {
      ...(this.#mail && { mail: this.#mail }),
      ...{ webhook: createWebhookSend(hooks), ntfy: createNtfySend(hooks) },
    };
    this.outbox = new Outbox({
      ...{ store, sends, clock },
      onGivenUp: (channel, reason) => parts.log.warn({ channel, reason }, 'a message could not be delivered'),
      onError: (error) => this.#failed(error, 'a message failed'),
    });
    this.questions = new Questions(clock);
    const { writer, questions, outbox } = this;
    const common = { store, outbox, writer, links, questions, randomBytes, clock };
    this.contacts = new Contacts({
      ...common,
      station: (stationId) => stationStore.station(stationId),
      isMailOn: this.isMailOn,
      sendNow: sends.ntfy,
      challenge: (contact, challenge) => challengeWebhook(contact, challenge, hooks),
    });
    this.ownerLinks = new OwnerLinks({ ...common, stationStore, isMailOn: this.isMailOn, termsVersion: TERMS_VERSION });
    this.areaWatches = new AreaWatches(common);
    this.areas = new AreaView({
      stations: () => stationStore.stations(),
      station: (stationId) => stationStore.station(stationId),
      districts: parts.areas,
      aggregator,
    });
    this.#stuck = new StuckWatch(parts.store);
    this.#expose();
  }

  /** Opens the file; owners of stations that are gone are forgotten, should a restored copy have brought them back. */
  async open(): Promise<void> {
    await this.store.open();
    const gone = new Set(this.store.all('contact').map(({ stationId }) => stationId));
    for (const { id } of this.store.all('alerts')) gone.add(id);
    for (const stationId of gone) if (!this.hasStation(stationId)) await this.forgetStation(stationId);
    this.#runner = this.#createRunner();
  }

  /** Begins to judge and to send. */
  start(): void {
    const { config, log } = this.#parts;
    if (this.isMailOn && config.PUBLIC_URL === undefined) {
      log.warn(
        `PUBLIC_URL is not set: links in mails lead to ${this.links.page('')}, which only this machine can open`,
      );
    }
    const every = (ms: number, what: string, work: () => Promise<unknown>) =>
      this.#timers.push(setInterval(() => this.#run(what, work), ms).unref());
    every(SEND_MS, 'sending messages', () => this.outbox.sendDue());
    every(LOOK_MS, 'looking at alerts', () => this.lookAtAlerts());
    every(STUCK_MS, 'looking for stuck sensors', () => this.lookForStuck());
    this.#run('looking for stuck sensors', () => this.lookForStuck());
    this.#run('sending messages', () => this.outbox.sendDue());
  }

  /** Judges every alert as of now and sends what came of it. */
  async lookAtAlerts(): Promise<void> {
    const told = await this.#runner?.look(this.#parts.clock());
    if (told) await this.outbox.sendDue();
  }

  /** Looks for stuck sensors at stations whose owners want to know. */
  async lookForStuck(): Promise<void> {
    const told = this.store.all('contact').filter(({ confirmedAt, isMuted }) => confirmedAt !== undefined && !isMuted);
    const stations = [...new Set(told.map(({ stationId }) => stationId))];
    const asked = stations.filter((id) => this.#rules(id).has('stuck'));
    await this.#stuck.look(asked, this.#parts.clock());
  }

  /** What the calendar asks for: monthly mails, stations silent for a year, and what nobody confirmed. */
  async tidyUp(): Promise<void> {
    const { stationStore, store: readings, rollups, config, log, clock } = this.#parts;
    const now = clock();
    const { store, outbox, links, contacts } = this;
    await store.write(() => ({ answer: undefined, changes: overdue(store, now) }));
    const common = { store, outbox, writer: this.writer, links, contacts, readings, rollups };
    const station = (stationId: string) => stationStore.station(stationId);
    const mails = await sendMonthlyMails({ ...common, station, dayOffsetMs: offsetMs(config.DAY_OFFSET) }, now);
    if (mails > 0) log.info({ mails }, 'monthly mails are on their way');
    const lastHeardAt = (stationId: string) => this.lastHeardAt(stationId);
    const swept = await sweepDormant({ ...common, stationStore, lastHeardAt, timeZone: config.TIME_ZONE }, now);
    if (swept.told + swept.deleted > 0) log.info(swept, 'stations silent for a year');
  }

  /** True for a station that exists. */
  hasStation(stationId: string): boolean {
    return this.#parts.stationStore.station(stationId) !== undefined;
  }

  /** A station's public name; empty for one that is gone. */
  stationName(stationId: string): string {
    return this.#parts.stationStore.station(stationId)?.name ?? '';
  }

  /** Forgets everything of a station's owner. Durable when resolved. */
  async forgetStation(stationId: string): Promise<void> {
    await this.store.write(() => ({ answer: undefined, changes: stationRemoval(this.store, stationId) }));
  }

  /** Tells the owner by mail why the operator did not let their station through. */
  tellRefused(station: Station, reason: RefusalReason): void {
    this.#tellOwner('telling of a refusal', () => tellRefused(this, station, reason));
  }

  /** Tells the owner by mail that the operator let their station through. */
  tellApproved(station: Station): void {
    this.#tellOwner('telling of an approval', () => tellApproved(this, station));
  }

  /** Tells the owner by mail that their station link was replaced. */
  tellLinkReplaced(station: Station): void {
    this.#tellOfLink(station, 'linkReplaced');
  }

  /** Tells the owner by mail that their station was deleted; to be called before its addresses are forgotten. */
  tellDeleted(station: Station): void {
    this.#tellOfLink(station, 'stationDeleted');
  }

  /** Epoch ms of the last message of a station, as far as memory and registry go. */
  lastHeardAt(stationId: string): number | undefined {
    const { aggregator, stationStore } = this.#parts;
    const devices = stationStore.devicesOf(stationId).map(({ lastSeenAt }) => lastSeenAt ?? 0);
    const at = Math.max(aggregator.lastSeenAt(stationId) ?? 0, ...devices);
    return at === 0 ? undefined : at;
  }

  /** Sends messages soon, for a caller that does not wait for them. */
  sendSoon(): void {
    this.#run('sending messages', () => this.outbox.sendDue());
  }

  /** Ends the timers, waits a moment for what is under way and closes the file; what was not sent by then waits in it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const timer of this.#timers) clearInterval(timer);
    // A mail server that does not answer must not keep the stores from closing.
    const underWay = Promise.allSettled([this.outbox.close(), ...this.#jobs]);
    await Promise.race([underWay, wait(GOODBYE_MS, undefined, { ref: false })]);
    this.#mail?.close();
    await this.store.close();
  }

  #createRunner(): AlertRunner {
    const { stationStore, aggregator, config } = this.#parts;
    return new AlertRunner({
      ...{ store: this.store, outbox: this.outbox, writer: this.writer, links: this.links, areas: this.areas },
      station: (stationId) => stationStore.station(stationId),
      stations: () => stationStore.stations(),
      senses: {
        aggregator,
        lastHeardAt: (stationId) => this.lastHeardAt(stationId),
        isStuck: (stationId) => this.#stuck.isStuck(stationId),
        listeningSince: this.#listeningSince,
      },
      timeZone: config.TIME_ZONE,
    });
  }

  #rules(stationId: string) {
    return rulesOf(alertSettingsOf(this.store, stationId));
  }

  #tellOfLink(station: Station, what: LinkEvent): void {
    const { store, outbox, writer, isMailOn } = this;
    const parts = { store, outbox, writer, isMailOn, clock: this.#parts.clock };
    this.#tellOwner('telling an owner what became of their station', () =>
      store.write(() => ({ answer: undefined, changes: linkNotice(parts, station, what) })),
    );
  }

  /** Writes a message, for a caller that does not wait for it, and sends it. */
  #tellOwner(what: string, write: () => Promise<unknown>): void {
    this.#run(what, async () => {
      await write();
      await this.outbox.sendDue();
    });
  }

  #run(what: string, work: () => Promise<unknown>): void {
    if (this.#isClosing) return;
    const job: Promise<void> = work()
      .then(
        () => undefined,
        (error: unknown) => this.#failed(error, what),
      )
      .finally(() => this.#jobs.delete(job));
    this.#jobs.add(job);
  }

  #failed(error: unknown, what: string): void {
    if (!this.#isClosing) this.#parts.log.error({ err: error, what }, 'a part of the notices failed');
  }

  #expose(): void {
    const { metrics } = this.#parts;
    metrics.gauge('messages_waiting', 'Messages to people on their way', () => this.outbox.waiting);
    metrics.totals('messages_total', 'Messages to people, by what became of them', 'what', () =>
      Object.entries(this.outbox.counts),
    );
  }
}

function mailOf({ SMTP_URL, MAIL_FROM }: Config, links: NoticeLinks, picture: PictureOf | undefined) {
  return SMTP_URL === undefined || MAIL_FROM === undefined
    ? undefined
    : createMailSend({ url: SMTP_URL, from: MAIL_FROM, links, picture });
}
