import { DAY_MS } from '../domain/durations.ts';
import type { Language } from '../domain/names.ts';
import type { Station } from '../domain/station.ts';
import { keyHash, newKey, newStationId, normaliseKey, type RandomBytes } from '../process/keys.ts';
import { TokenBuckets } from '../process/tokenBuckets.ts';
import { isRefusal, type StationStore } from '../store/registry/stationStore.ts';
import { watchConfirmation } from './areaWatches.ts';
import { confirmedContact, contactRemoval, isSameAddress } from './contacts.ts';
import { linkNotice } from './linkNotice.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import {
  type AreaWatch,
  type Change,
  type Contact,
  drop,
  type LetterSubscription,
  put,
  type Ticket,
  type TicketPurpose,
} from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';
import { type Questions, strangersName } from './questions.ts';

/** How long a link to a new owner link holds, and one to take a station over, ms. */
const RECOVER_MS = DAY_MS;
const HANDOVER_MS = 7 * DAY_MS;
/** One-time keys kept at most; the API answers "too often" beyond. */
const MAX_TICKETS = 10_000;

/** What the owner links need. */
export interface OwnerLinksParts {
  store: NoticeStore;
  outbox: Outbox;
  writer: MessageWriter;
  links: NoticeLinks;
  stationStore: StationStore;
  isMailOn: boolean;
  questions: Questions;
  /** Version of the terms a new owner accepts. */
  termsVersion: string;
  randomBytes: RandomBytes;
  clock: () => number;
}

/** What a one-time key opens, with the names its page shows. */
export type OpenTicket =
  | {
      purpose: 'confirm';
      ticket: Ticket;
      /** True when this was confirmed already: the link was opened again. */
      isConfirmed: boolean;
      station?: Station | undefined;
      watch?: AreaWatch | undefined;
      subscription?: LetterSubscription | undefined;
    }
  | { purpose: 'recover' | 'handover'; ticket: Ticket; station: Station };

/** One-time keys: confirming an address, a new owner link for a lost one, handing a station over. */
export class OwnerLinks {
  readonly #parts: OwnerLinksParts;
  /** Mails with new links one address may get: three at once, then three a day, whoever asks. */
  readonly #byAddress = new TokenBuckets({ burst: 3, perSecond: 3 / 86_400 });

  constructor(parts: OwnerLinksParts) {
    this.#parts = parts;
  }

  /** Mails a one-time link for each station whose confirmed address this is; says nothing about whether there is one. */
  async recover({ address, language: asked }: { address: string; language?: Language | undefined }): Promise<void> {
    const { store, outbox, writer, links, clock } = this.#parts;
    const contacts = store.all('contact').filter((contact) => isRecoverable(contact, address));
    const language = asked ?? contacts[0]?.language;
    if (
      contacts.length === 0 ||
      language === undefined ||
      this.#byAddress.take(keyHash(address.toLowerCase()), clock()) > 0
    )
      return;
    const issued = contacts.flatMap((contact) => {
      const station = this.#parts.stationStore.station(contact.stationId);
      if (station === undefined) return [];
      const { key, ticket } = this.#ticket('recover', { stationId: station.id, expiresAt: clock() + RECOVER_MS });
      return [{ ticket, name: station.name, link: links.ticket('recover', key) }];
    });
    const words = writer.speak(language).texts.recover({ instance: writer.instance, stations: issued });
    const message = writer.write({ to: { channel: 'mail', address: contacts[0]!.address }, language, words });
    await store.write(() => {
      const fits = store.count('ticket') + issued.length <= MAX_TICKETS;
      const taken = fits ? outbox.take([message]) : [];
      return {
        answer: undefined,
        changes: taken.length === 0 ? [] : [...taken, ...issued.map(({ ticket }) => put('ticket', ticket))],
      };
    });
  }

  /**
   * Offers a station to somebody else; a former offer ends. The link is for them, or for the owner to pass on. Or a word
   * for why not.
   */
  async offer(
    station: Station,
    successor: { address: string; language: Language } | undefined,
  ): Promise<{ expiresAt: number; link: string } | 'too-often' | 'outbox-full'> {
    const { store, outbox, links, clock } = this.#parts;
    if (successor && !this.#parts.questions.mayAsk(successor.address)) return 'too-often';
    const expiresAt = clock() + HANDOVER_MS;
    const { key, ticket } = this.#ticket('handover', {
      stationId: station.id,
      expiresAt,
      ...(successor && { successor }),
    });
    const link = links.ticket('handover', key);
    const message = successor && this.#offerMessage(station, successor, link);
    return store.write<{ expiresAt: number; link: string } | 'outbox-full'>(() => {
      const taken = message === undefined ? [] : outbox.take([message]);
      if (message !== undefined && taken.length === 0) return { answer: 'outbox-full', changes: [] };
      return {
        answer: { expiresAt, link },
        changes: [...this.#ticketsOf('handover', station.id), ...taken, put('ticket', ticket)],
      };
    });
  }

  /** Takes an offer back. */
  async withdraw(stationId: string): Promise<void> {
    const { store } = this.#parts;
    await store.write(() => ({ answer: undefined, changes: this.#ticketsOf('handover', stationId) }));
  }

  /** What a key opens now; undefined for one that is wrong, used or too old. Changes nothing. */
  look(purpose: TicketPurpose, typed: string): OpenTicket | undefined {
    const { store, stationStore, clock } = this.#parts;
    const key = normaliseKey(typed);
    const ticket = key === undefined ? undefined : store.get('ticket', keyHash(key));
    if (ticket === undefined || ticket.purpose !== purpose || ticket.expiresAt <= clock()) return undefined;
    if (purpose === 'confirm') return this.#lookAtSubject(ticket);
    const station = stationStore.station(ticket.stationId ?? '');
    return station && { purpose, ticket, station };
  }

  /** Confirms the address a key was sent to. The key goes on to open its page: people press twice, or look again. */
  async confirm(typed: string): Promise<OpenTicket | undefined> {
    const { store, clock } = this.#parts;
    return store.write<OpenTicket | undefined>(() => {
      const open = this.look('confirm', typed);
      if (open === undefined) return { answer: undefined, changes: [] };
      const isDone = open.purpose === 'confirm' && open.isConfirmed;
      return { answer: open, changes: isDone ? [] : this.#confirmation(open.ticket, clock()) };
    });
  }

  /** Makes the new owner link a key entitles to; the old one ends, and so do other keys that were asked for. */
  async redeem(typed: string): Promise<{ station: Station; link: string } | undefined> {
    const { store } = this.#parts;
    const station = await store.write(() => {
      const open = this.look('recover', typed);
      if (open === undefined || open.purpose === 'confirm') return { answer: undefined, changes: [] };
      return { answer: open.station, changes: this.#ticketsOf('recover', open.station.id) };
    });
    return station && this.#newLink(station);
  }

  /**
   * Takes a station over: terms accepted, a new owner link. The former owner's contacts and settings go first and at
   * once, so that whatever happens in between, no mail of theirs can bring the station back; a last one tells them.
   */
  async takeOver(typed: string): Promise<{ station: Station; link: string } | undefined> {
    const { store, stationStore, termsVersion, clock } = this.#parts;
    const station = await store.write(() => {
      const open = this.look('handover', typed);
      if (open === undefined || open.purpose === 'confirm') return { answer: undefined, changes: [] };
      const contact = this.#successorContact(open.ticket, open.station.id);
      const told = linkNotice(this.#parts, open.station, 'handedOver');
      const removed = stationRemoval(store, open.station.id);
      return { answer: open.station, changes: [...removed, ...told, ...(contact ? [put('contact', contact)] : [])] };
    });
    if (station === undefined) return undefined;
    const consent = { version: termsVersion, acceptedAt: clock() };
    const changed = await stationStore.updateStation(station.id, { consent });
    return isRefusal(changed) ? undefined : this.#newLink(changed);
  }

  #successorContact({ successor }: Ticket, stationId: string): Contact | undefined {
    const { clock, randomBytes } = this.#parts;
    if (successor === undefined) return undefined;
    const at = clock();
    const id = newStationId(randomBytes);
    return { id, stationId, channel: 'mail', ...successor, createdAt: at, confirmedAt: at, isMuted: false };
  }

  async #newLink(station: Station): Promise<{ station: Station; link: string } | undefined> {
    const rotated = await this.#parts.stationStore.rotateOwnerKey(station.id);
    return isRefusal(rotated) ? undefined : { station, link: this.#parts.links.owner(station.id, rotated.ownerKey) };
  }

  #lookAtSubject(ticket: Ticket): OpenTicket | undefined {
    const { store, stationStore } = this.#parts;
    const { kind, id = '' } = ticket.subject ?? {};
    if (kind === 'watch') {
      const watch = store.get('watch', id);
      return watch && { purpose: 'confirm', ticket, isConfirmed: watch.confirmedAt !== undefined, watch };
    }
    if (kind === 'letter') {
      const subscription = store.get('letter', id);
      const isConfirmed = subscription?.confirmedAt !== undefined;
      return subscription && { purpose: 'confirm', ticket, isConfirmed, subscription };
    }
    const contact = store.get('contact', id);
    const isConfirmed = contact?.confirmedAt !== undefined;
    return contact && { purpose: 'confirm', ticket, isConfirmed, station: stationStore.station(contact.stationId) };
  }

  #confirmation({ subject }: Ticket, at: number): Change[] {
    const { store } = this.#parts;
    const contact = subject?.kind === 'contact' ? store.get('contact', subject.id) : undefined;
    if (contact) return [put('contact', confirmedContact(contact, at))];
    const watch = subject?.kind === 'watch' ? store.get('watch', subject.id) : undefined;
    if (watch) return watchConfirmation(store, watch, at);
    const letter = subject?.kind === 'letter' ? store.get('letter', subject.id) : undefined;
    return letter ? [put('letter', { ...letter, confirmedAt: at })] : [];
  }

  #ticket(purpose: TicketPurpose, fields: Omit<Ticket, 'id' | 'purpose'>): { key: string; ticket: Ticket } {
    const key = newKey(this.#parts.randomBytes);
    return { key, ticket: { id: keyHash(key), purpose, ...fields } };
  }

  #offerMessage(station: Station, { address, language }: { address: string; language: Language }, link: string) {
    const { writer } = this.#parts;
    const words = writer.speak(language).texts.handover({
      instance: writer.instance,
      station: strangersName(station.name, station.id),
      link,
    });
    return writer.write({ to: { channel: 'mail', address }, language, words });
  }

  #ticketsOf(purpose: TicketPurpose, stationId: string): Change[] {
    const tickets = this.#parts.store.all('ticket').filter((ticket) => ticket.purpose === purpose);
    return tickets.filter((ticket) => ticket.stationId === stationId).map(({ id }) => drop('ticket', id));
  }
}

/** Everything of a station's owner: contacts, settings, what is kept of alerts, one-time keys, messages on their way. */
export function stationRemoval(store: NoticeStore, stationId: string): Change[] {
  const contacts = store.all('contact').filter((contact) => contact.stationId === stationId);
  const alerts = store.all('alert').filter(({ id }) => id.startsWith(`${stationId}/`));
  const tickets = store.all('ticket').filter((ticket) => ticket.stationId === stationId);
  return [
    ...contacts.flatMap(({ id }) => contactRemoval(store, id)),
    ...alerts.map(({ id }) => drop('alert', id)),
    ...tickets.map(({ id }) => drop('ticket', id)),
    drop('alerts', stationId),
    drop('diary', stationId),
  ];
}

function isRecoverable({ channel, address, confirmedAt }: Contact, asked: string): boolean {
  return channel === 'mail' && confirmedAt !== undefined && isSameAddress(address, asked);
}
