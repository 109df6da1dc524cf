import { createHmac } from 'node:crypto';
import { isSameHash } from '../process/keys.ts';
import type { MessageSubject, TicketPurpose, WatchedArea } from './noticeRecords.ts';

/** Whom an unsubscribe link is for. */
export type Subject = MessageSubject;

/** Kinds by the letter their unsubscribe keys begin with. */
const KIND_BY_LETTER: Readonly<Record<string, Subject['kind']>> = { c: 'contact', w: 'watch', l: 'letter' };

/**
 * Links in messages, and the keys that follow from the installation's secret: nothing of them is stored, and they hold as
 * long as the address they are for.
 */
export class NoticeLinks {
  readonly #baseUrl: string;
  readonly #secret: () => string;

  /** `baseUrl` without a slash at its end. */
  constructor(baseUrl: string, secret: () => string) {
    this.#baseUrl = baseUrl;
    this.#secret = secret;
  }

  /** True when mail programs may be offered the one-click way (RFC 8058 wants HTTPS). */
  get isHttps(): boolean {
    return this.#baseUrl.startsWith('https:');
  }

  /** Host of the installation, for message ids. */
  get host(): string {
    return new URL(this.#baseUrl).hostname;
  }

  /** A page of ours. */
  page(path: string): string {
    return this.#baseUrl + path;
  }

  /** Where a watched area is seen: a district's page, or the map over a circle; chosen stations lie anywhere. */
  area(area: WatchedArea): string {
    if ('areaId' in area) return this.page(`/area/${encodeURIComponent(area.areaId)}`);
    if ('stationIds' in area) return this.page('/');
    return this.page(`/#${zoomFor(area.radiusMetres)}/${area.lat}/${area.lon}`);
  }

  /** A page that a one-time key opens. */
  ticket(purpose: TicketPurpose, key: string): string {
    return `${this.#baseUrl}/${purpose}/${key}`;
  }

  /** The owner's page of a station; the key stays in the fragment. */
  owner(stationId: string, ownerKey: string): string {
    return `${this.#baseUrl}/host#${stationId}.${ownerKey}`;
  }

  /** Where messages to an address can be ended. */
  unsubscribe(subject: Subject): string {
    return `${this.#baseUrl}/unsubscribe/${this.unsubscribeKey(subject)}`;
  }

  /** Kind, id and a signature: `c-<id>-<32 hex>`. */
  unsubscribeKey({ kind, id }: Subject): string {
    return `${kind.charAt(0)}-${id}-${this.#sign(`unsubscribe ${kind} ${id}`).slice(0, 32)}`;
  }

  /** Whom an unsubscribe key is for; undefined for one we did not make. */
  readUnsubscribeKey(key: string): Subject | undefined {
    const [, letter, id] = /^([cwl])-([a-z0-9]{10})-[0-9a-f]{32}$/.exec(key) ?? [];
    const kind = KIND_BY_LETTER[letter ?? ''];
    if (kind === undefined || id === undefined) return undefined;
    const subject: Subject = { kind, id };
    return isSameHash(key, this.unsubscribeKey(subject)) ? subject : undefined;
  }

  /** What a webhook's messages are signed with; its owner sees it once. */
  webhookSecret(contactId: string): string {
    return this.#sign(`webhook ${contactId}`);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret()).update(text).digest('hex');
  }
}

/** The zoom at which a circle fills a phone's width: 15 for 500 m, one less for every doubling. */
function zoomFor(radiusMetres: number): number {
  return Math.round(15 - Math.log2(radiusMetres / 500));
}
