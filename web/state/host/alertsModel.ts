import { type Signal, signal } from '@preact/signals';
import type { AlertSettings } from '../../../server/domain/alerts/alertSettings.ts';
import type { MyStationModel } from './myStationModel.ts';
import { ApiError } from './ownApi.ts';

/** Where alerts go. */
export interface Contact {
  id: string;
  kind: 'mail' | 'webhook' | 'ntfy';
  address: string;
  status: 'pending' | 'confirmed';
  isMuted: boolean;
  lastFailure: { at: string; reason: string } | null;
}

/** How far the alerts are; `unavailable`: this instance sends none. */
export type AlertsStatus = 'loading' | 'ready' | 'unavailable' | 'failed';

/** What was done when a mail that asks an address is on its way. */
export const MAIL_SENT = 'mail-sent';

/** Contacts and rules of one's own station. */
export class AlertsModel {
  readonly status: Signal<AlertsStatus> = signal('loading');
  readonly isMailOn: Signal<boolean> = signal(false);
  readonly contacts: Signal<readonly Contact[]> = signal([]);
  readonly settings: Signal<AlertSettings | undefined> = signal(undefined);
  /** Secret of a webhook just added: shown this once. */
  readonly secret: Signal<string | undefined> = signal(undefined);
  readonly #station: MyStationModel;

  constructor(station: MyStationModel) {
    this.#station = station;
  }

  /** Asks for contacts and rules. */
  async load(): Promise<void> {
    try {
      const contacts = (await this.#station.call('GET', '/contacts')) as { isMailOn: boolean; contacts: Contact[] };
      const alerts = (await this.#station.call('GET', '/alerts')) as { settings: AlertSettings };
      this.isMailOn.value = contacts.isMailOn;
      this.contacts.value = contacts.contacts;
      this.settings.value = alerts.settings;
      this.status.value = 'ready';
    } catch (error) {
      this.status.value = error instanceof ApiError && error.problem === 'gone' ? 'unavailable' : 'failed';
    }
  }

  /** Adds a contact, which is asked before anything else goes there. Resolves to whether that worked, as the others do. */
  async add(contact: { kind: Contact['kind']; address: string; language: string }): Promise<boolean> {
    const isAdded = await this.#act('contacts', async () => {
      const made = (await this.#station.call('POST', '/contacts', contact)) as { secret?: string };
      this.secret.value = made.secret;
    });
    if (isAdded) this.#asked(contact.kind);
    return isAdded;
  }

  /** Confirms a contact by the code that was sent to it. */
  confirm(id: string, code: string): Promise<boolean> {
    return this.#act('contacts', () => this.#station.call('POST', `/contacts/${id}/confirm`, { code }));
  }

  /** Asks a contact once more. */
  async resend({ id, kind }: Pick<Contact, 'id' | 'kind'>): Promise<void> {
    if (await this.#act('contacts', () => this.#station.call('POST', `/contacts/${id}/resend`))) this.#asked(kind);
  }

  /** Silences a contact, or lets it hear again. */
  mute(id: string, isMuted: boolean): Promise<boolean> {
    return this.#act('contacts', () => this.#station.call('PATCH', `/contacts/${id}`, { isMuted }));
  }

  /** Forgets a contact. */
  remove(id: string): Promise<boolean> {
    return this.#act('contacts', () => this.#station.call('DELETE', `/contacts/${id}`));
  }

  /** Puts these rules in the place of those there are. */
  save(settings: AlertSettings): Promise<boolean> {
    return this.#act('alerts', () => this.#station.call('PATCH', '/alerts', settings));
  }

  /** Says that a mail is on its way instead of "saved". */
  #asked(kind: Contact['kind']): void {
    if (kind === 'mail') this.#station.done.value = MAIL_SENT;
  }

  #act(part: string, work: () => Promise<unknown>): Promise<boolean> {
    return this.#station.act(part, async () => {
      await work();
      await this.load();
    });
  }
}
