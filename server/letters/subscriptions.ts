import type { LetterKind } from '../domain/alerts/letterPeriods.ts';
import type { Language } from '../domain/names.ts';
import { waitingFor } from '../notices/areaWatches.ts';
import { CONFIRM_MS, isSameAddress } from '../notices/contacts.ts';
import { drop, type LetterSubscription, put, type Ticket } from '../notices/noticeRecords.ts';
import type { Notices } from '../notices/notices.ts';
import { isJustAsked } from '../notices/questions.ts';
import { keyHash, newKey, newStationId, type RandomBytes } from '../process/keys.ts';
import { LETTER_MAIL_TEXTS } from './letterMailTexts.ts';

/** Most subscriptions of an installation, and of one address. */
const MAX_SUBSCRIPTIONS = 20_000;
const MAX_PER_ADDRESS = 20;

/** What somebody asks to be sent. */
export interface SubscriptionRequest {
  address: string;
  language: Language;
  area: { id: string; name: string };
  kinds: LetterKind[];
}

/** What subscriptions need. */
export interface SubscriptionsParts {
  notices: Pick<Notices, 'store' | 'outbox' | 'writer' | 'links' | 'questions'>;
  randomBytes: RandomBytes;
  clock: () => number;
}

/** Who gets which area's letters: asked for by anyone, begun by the one who reads the address's mail. */
export class LetterSubscriptions {
  readonly #parts: SubscriptionsParts;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  /**
   * Takes a request and asks the address. Whether the address is known, is asked too often or has enough already makes no
   * difference to the one who asks: false only when this installation takes no more.
   */
  async request({ area, ...request }: SubscriptionRequest): Promise<boolean> {
    const { notices, clock, randomBytes } = this.#parts;
    const { store, outbox } = notices;
    const createdAt = clock();
    const isAsked = () =>
      store.all('letter').some((other) => isJustAsked(other, createdAt) && isSameRequest(other, { area, ...request }));
    const id = newStationId(randomBytes);
    const letter: LetterSubscription = { id, ...request, areaId: area.id, areaName: area.name, createdAt };
    const key = newKey(randomBytes);
    const subject = { kind: 'letter' as const, id };
    const ticket: Ticket = { id: keyHash(key), purpose: 'confirm', expiresAt: createdAt + CONFIRM_MS, subject };
    const question = this.#question(letter, key);
    return store.write(() => {
      if (isAsked() || !notices.questions.mayAsk(request.address)) return { answer: true, changes: [] };
      if (store.count('letter') >= MAX_SUBSCRIPTIONS) return { answer: false, changes: [] };
      const others = store.all('letter').filter(({ address }) => isSameAddress(address, letter.address));
      if (others.length >= MAX_PER_ADDRESS) return { answer: true, changes: [] };
      const taken = outbox.take([question]);
      if (taken.length === 0) return { answer: false, changes: [] };
      return { answer: true, changes: [...taken, put('letter', letter), put('ticket', ticket)] };
    });
  }

  /** Confirmed subscriptions to an area's letters of a kind; of one address that asked twice, the newest. */
  of(areaId: string, kind: LetterKind): LetterSubscription[] {
    const byAddress = new Map<string, LetterSubscription>();
    for (const each of this.#parts.notices.store.all('letter')) {
      if (each.areaId !== areaId || !each.kinds.includes(kind) || each.confirmedAt === undefined) continue;
      const before = byAddress.get(each.address.toLowerCase());
      if (before === undefined || before.createdAt < each.createdAt) byAddress.set(each.address.toLowerCase(), each);
    }
    return [...byAddress.values()];
  }

  /** Ends a subscription: the address goes with it, and so do its other subscriptions to the same area. */
  async remove(id: string): Promise<void> {
    const { store } = this.#parts.notices;
    await store.write(() => {
      const ended = store.get('letter', id);
      const alike = store
        .all('letter')
        .filter((each) => ended && each.areaId === ended.areaId && isSameAddress(each.address, ended.address));
      return {
        answer: undefined,
        changes: alike.flatMap((each) => [drop('letter', each.id), ...waitingFor(store, each.id)]),
      };
    });
  }

  #question({ id, address, language, areaName, kinds }: LetterSubscription, key: string) {
    const { writer, links } = this.#parts.notices;
    const parts = { instance: writer.instance, area: areaName, kinds, link: links.ticket('confirm', key) };
    const words = LETTER_MAIL_TEXTS[language].confirm(parts);
    return writer.write({ to: { channel: 'mail', address }, language, words, subject: { kind: 'letter', id } });
  }
}

/** True for the same address, area and kinds of letters. */
function isSameRequest(
  { address, areaId, kinds }: LetterSubscription,
  request: Pick<SubscriptionRequest, 'address' | 'area' | 'kinds'>,
): boolean {
  const isSameArea = areaId === request.area.id && isSameAddress(address, request.address);
  return isSameArea && [...kinds].sort().join() === [...request.kinds].sort().join();
}
