import { randomInt } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import type { Language } from '../domain/names.ts';
import type { Station } from '../domain/station.ts';
import { isSameHash, keyHash, newKey, newStationId, type RandomBytes } from '../process/keys.ts';
import { TokenBuckets } from '../process/tokenBuckets.ts';
import type { Delivery } from './delivery.ts';
import { removalNotice } from './linkNotice.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import { type Change, type Contact, type Destination, drop, type Message, put, type Ticket } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';
import { type Questions, strangersName } from './questions.ts';

/** Most contacts of one station. */
const MAX_CONTACTS = 5;
/** How long a confirmation link and an ntfy code hold, ms. */
export const CONFIRM_MS = 2 * DAY_MS;
const CODE_MS = HOUR_MS;
/** Wrong codes before a new one is needed. */
const MAX_WRONG_CODES = 5;

/** Why nothing was done; the API says it in words. */
export interface ContactRefusal {
  refused:
    | 'mail-off'
    | 'too-many'
    | 'contact-exists'
    | 'address-refused'
    | 'too-often'
    | 'wrong-code'
    | 'code-expired'
    | 'outbox-full'
    | 'no-such-contact'
    | 'confirmed-already';
}

/** True for a refusal among results. */
export function isContactRefusal(result: object): result is ContactRefusal {
  return 'refused' in result;
}

/** What the contacts need. */
export interface ContactsParts {
  store: NoticeStore;
  outbox: Outbox;
  writer: MessageWriter;
  links: NoticeLinks;
  station: (stationId: string) => Station | undefined;
  isMailOn: boolean;
  questions: Questions;
  /** Sends one message at once: codes and challenges are worth nothing tomorrow. */
  sendNow: (message: Message) => Promise<Delivery>;
  challenge: (contact: { id: string; address: string }, challenge: string) => Promise<Delivery>;
  randomBytes: RandomBytes;
  clock: () => number;
}

/** Addresses of stations' owners, each confirmed before anything but the question goes there. */
export class Contacts {
  readonly #parts: ContactsParts;
  /** Questions one station may have sent. */
  readonly #byStation = new TokenBuckets({ burst: 10, perSecond: 1 / 600 });

  constructor(parts: ContactsParts) {
    this.#parts = parts;
  }

  /** A station's contacts, oldest first. */
  of(stationId: string): Contact[] {
    const contacts = this.#parts.store.all('contact').filter((contact) => contact.stationId === stationId);
    return contacts.sort((a, b) => a.createdAt - b.createdAt);
  }

  /** The contact, if it is this station's. */
  one(stationId: string, contactId: string): Contact | undefined {
    const contact = this.#parts.store.get('contact', contactId);
    return contact?.stationId === stationId ? contact : undefined;
  }

  /** Confirmed contacts that want alerts. */
  listeners(stationId: string): Contact[] {
    return this.of(stationId).filter(({ confirmedAt, isMuted }) => confirmedAt !== undefined && !isMuted);
  }

  /** Adds an address and asks its holder. */
  async add(
    stationId: string,
    { channel, address, language }: Destination & { language: Language },
  ): Promise<Contact | ContactRefusal> {
    const { store, clock, randomBytes, isMailOn } = this.#parts;
    if (channel === 'mail' && !isMailOn) return { refused: 'mail-off' };
    if (this.#isTooOften(stationId, address)) return { refused: 'too-often' };
    const contact: Contact = {
      id: newStationId(randomBytes),
      stationId,
      channel,
      address,
      language,
      createdAt: clock(),
      isMuted: false,
    };
    const added = await store.write<Contact | ContactRefusal>(() => {
      const refused = this.#refusal(contact);
      return refused ? { answer: refused, changes: [] } : { answer: contact, changes: [put('contact', contact)] };
    });
    return isContactRefusal(added) ? added : this.#ask(added);
  }

  /** Asks once more. */
  async resend(contact: Contact): Promise<Contact | ContactRefusal> {
    if (contact.confirmedAt !== undefined) return { refused: 'confirmed-already' };
    if (contact.channel === 'mail' && !this.#parts.isMailOn) return { refused: 'mail-off' };
    if (this.#isTooOften(contact.stationId, contact.address)) return { refused: 'too-often' };
    return this.#ask(contact);
  }

  /** Confirms an ntfy topic by the code that was sent there. */
  async confirmCode(contactId: string, typed: string): Promise<Contact | ContactRefusal> {
    const { store, clock } = this.#parts;
    return store.write<Contact | ContactRefusal>(() => {
      const contact = store.get('contact', contactId);
      if (contact === undefined) return { answer: { refused: 'no-such-contact' }, changes: [] };
      if (contact.confirmedAt !== undefined) return { answer: contact, changes: [] };
      const { code } = contact;
      if (!code || code.expiresAt <= clock() || code.wrong >= MAX_WRONG_CODES) {
        return { answer: { refused: 'code-expired' }, changes: [] };
      }
      if (!isSameHash(code.hash, codeHash(contact.id, typed))) {
        const tried = { ...contact, code: { ...code, wrong: code.wrong + 1 } };
        return { answer: { refused: 'wrong-code' }, changes: [put('contact', tried)] };
      }
      const confirmed = confirmedContact(contact, clock());
      return { answer: confirmed, changes: [put('contact', confirmed)] };
    });
  }

  /** Changes what an owner may change. */
  async change(
    contactId: string,
    change: Partial<Pick<Contact, 'isMuted' | 'language'>>,
  ): Promise<Contact | ContactRefusal> {
    const { store } = this.#parts;
    return store.write<Contact | ContactRefusal>(() => {
      const contact = store.get('contact', contactId);
      if (contact === undefined) return { answer: { refused: 'no-such-contact' }, changes: [] };
      const changed = { ...contact, ...change };
      return {
        answer: changed,
        changes: [put('contact', changed), ...(change.isMuted ? messagesOf(store, contactId) : [])],
      };
    });
  }

  /** Removes a contact with everything that waits for it, as its holder asked at the address itself. */
  async remove(contactId: string): Promise<void> {
    const { store } = this.#parts;
    await store.write(() => ({ answer: undefined, changes: contactRemoval(store, contactId) }));
  }

  /** The same, as somebody asked who has the station link: a confirmed mail address hears of it in a last message. */
  async removeByLink(contactId: string): Promise<void> {
    const { store, station } = this.#parts;
    await store.write(() => {
      const contact = store.get('contact', contactId);
      const of = contact && station(contact.stationId);
      const told = contact && of ? removalNotice(this.#parts, of, contact) : [];
      return { answer: undefined, changes: [...contactRemoval(store, contactId), ...told] };
    });
  }

  async #ask(contact: Contact): Promise<Contact | ContactRefusal> {
    switch (contact.channel) {
      case 'mail':
        return this.#askByMail(contact);
      case 'ntfy':
        return this.#askByCode(contact);
      case 'webhook':
        return this.#askByChallenge(contact);
    }
  }

  async #askByMail(contact: Contact): Promise<Contact | ContactRefusal> {
    const { store, outbox, writer, links, randomBytes, clock } = this.#parts;
    const key = newKey(randomBytes);
    const ticket: Ticket = {
      id: keyHash(key),
      purpose: 'confirm',
      expiresAt: clock() + CONFIRM_MS,
      subject: { kind: 'contact', id: contact.id },
    };
    const { texts } = writer.speak(contact.language);
    const words = texts.confirmContact({
      instance: writer.instance,
      station: strangersName(this.#nameOf(contact), contact.stationId),
      link: links.ticket('confirm', key),
    });
    const message = writer.write({ to: contact, language: contact.language, words, subject: ticket.subject });
    return store.write<Contact | ContactRefusal>(() => {
      const taken = outbox.take([message]);
      if (taken.length === 0) return { answer: { refused: 'outbox-full' }, changes: [] };
      return { answer: contact, changes: [...taken, put('ticket', ticket)] };
    });
  }

  async #askByCode(contact: Contact): Promise<Contact | ContactRefusal> {
    const { writer, sendNow, clock } = this.#parts;
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const { texts } = writer.speak(contact.language);
    const words = texts.ntfyCode({ instance: writer.instance, station: this.#nameOf(contact), code });
    const delivery = await sendNow(writer.write({ to: contact, language: contact.language, words }));
    const hash = codeHash(contact.id, code);
    return this.#asked({ ...contact, code: { hash, expiresAt: clock() + CODE_MS, wrong: 0 } }, delivery);
  }

  async #askByChallenge(contact: Contact): Promise<Contact | ContactRefusal> {
    const { challenge, randomBytes, clock } = this.#parts;
    const delivery = await challenge(contact, newKey(randomBytes));
    return this.#asked(delivery.result === 'sent' ? confirmedContact(contact, clock()) : contact, delivery);
  }

  /** What an attempt at once brought: an address we may not reach is not kept. */
  async #asked(contact: Contact, delivery: Delivery): Promise<Contact | ContactRefusal> {
    const { store, clock } = this.#parts;
    return store.write<Contact | ContactRefusal>(() => {
      if (store.get('contact', contact.id) === undefined)
        return { answer: { refused: 'no-such-contact' }, changes: [] };
      const { lastFailure: _former, ...clean } = contact;
      if (delivery.result === 'sent') return { answer: clean, changes: [put('contact', clean)] };
      if (delivery.reason === 'address not allowed') {
        return { answer: { refused: 'address-refused' }, changes: [drop('contact', contact.id)] };
      }
      const failed = { ...clean, lastFailure: { at: clock(), reason: delivery.reason } };
      return { answer: failed, changes: [put('contact', failed)] };
    });
  }

  #refusal({ stationId, channel, address }: Contact): ContactRefusal | undefined {
    const others = this.of(stationId);
    if (others.length >= MAX_CONTACTS) return { refused: 'too-many' };
    const isThere = others.some((other) => other.channel === channel && isSameAddress(other.address, address));
    return isThere ? { refused: 'contact-exists' } : undefined;
  }

  #isTooOften(stationId: string, address: string): boolean {
    const now = this.#parts.clock();
    return this.#byStation.take(stationId, now) > 0 || !this.#parts.questions.mayAsk(address);
  }

  #nameOf({ stationId }: Contact): string {
    return this.#parts.station(stationId)?.name ?? stationId;
  }
}

/** A contact whose holder said yes. */
export function confirmedContact({ code: _code, lastFailure: _failure, ...contact }: Contact, at: number): Contact {
  return { ...contact, confirmedAt: at };
}

/** Everything of a contact. */
export function contactRemoval(store: NoticeStore, contactId: string): Change[] {
  const tickets = store.all('ticket').filter(({ subject }) => subject?.kind === 'contact' && subject.id === contactId);
  return [drop('contact', contactId), ...messagesOf(store, contactId), ...tickets.map(({ id }) => drop('ticket', id))];
}

/** True for the same mailbox or URL; people write addresses in any case. */
export function isSameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function messagesOf(store: NoticeStore, subjectId: string): Change[] {
  return store
    .all('message')
    .filter(({ subject }) => subject?.id === subjectId)
    .map(({ id }) => drop('message', id));
}

/** Six digits are few: the hash is bound to the contact, and tries are counted. */
function codeHash(contactId: string, code: string): string {
  return keyHash(`${contactId} ${code.trim()}`);
}
