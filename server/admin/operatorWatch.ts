import type { Config } from '../config.ts';
import { isMailAddress } from '../configTypes.ts';
import { CALM, stepAlert } from '../domain/alerts/alertRule.ts';
import {
  allClearTitle,
  WARNING_TIMINGS,
  type Warning,
  type WarningFacts,
  type WarningSpeech,
  type WarningSubject,
  warningWords,
} from '../domain/operator/operatorWarning.ts';
import type { MessageWriter } from '../notices/messageWriter.ts';
import type { NoticeLinks } from '../notices/noticeLinks.ts';
import { type Change, type Message, put } from '../notices/noticeRecords.ts';
import type { NoticeStore } from '../notices/noticeStore.ts';
import type { Outbox } from '../notices/outbox.ts';
import type { OperatorSenses, Sight } from './operatorSenses.ts';
import { isOwnContainer } from './ownContainer.ts';

const RECEIVER = {
  de: 'Diese Nachrichten bekommt, wer in den Einstellungen des Servers unter OPERATOR_MAIL steht, sonst CONTACT.',
  en: 'These messages go to whom the server’s settings name under OPERATOR_MAIL, else CONTACT.',
} as const;

/** What the watch needs. */
export interface OperatorWatchParts {
  config: Pick<Config, 'OPERATOR_MAIL' | 'CONTACT' | 'LANGUAGE' | 'TIME_ZONE' | 'SMTP_URL'>;
  senses: Pick<OperatorSenses, 'look'>;
  store: NoticeStore;
  outbox: Pick<Outbox, 'take'>;
  /** Sends what waits there, however long the mail server takes. */
  sendSoon: () => void;
  writer: MessageWriter;
  links: NoticeLinks;
  clock: () => number;
}

/**
 * Warns the operator by mail, once an event and with an all-clear; state and message are one write, so a restart neither
 * repeats nor forgets. Without an address what holds is still seen on the admin page.
 */
export class OperatorWatch {
  readonly #parts: OperatorWatchParts;
  #sights = new Map<WarningSubject, Sight>();

  constructor(parts: OperatorWatchParts) {
    this.#parts = parts;
  }

  /** Whom the mails go to; undefined when nobody said, or no mail is sent at all. */
  get address(): string | undefined {
    return operatorAddress(this.#parts.config);
  }

  /** Looks at everything and puts what there is to tell into the outbox. Resolves to the number of mails. */
  async look(): Promise<number> {
    const { senses, store, outbox, clock } = this.#parts;
    const now = clock();
    const sights = await senses.look(now);
    for (const sight of sights) if (sight.facts !== undefined) this.#sights.set(sight.subject, sight);
    const told = await store.write(() => {
      const changes: Change[] = [];
      const messages = sights.flatMap((sight) => this.#step(sight, now, changes) ?? []);
      return { answer: messages.length, changes: [...changes, ...outbox.take(messages)] };
    });
    if (told > 0) this.#parts.sendSoon();
    return told;
  }

  /** What holds now, the longest first. */
  warnings(): Warning[] {
    const found = [...this.#sights.values()].flatMap(({ subject, facts }) => {
      const state = this.#parts.store.get('alert', idOf(subject))?.state;
      return state?.phase === 'raised' ? ({ subject, since: state.since ?? 0, facts } as Warning) : [];
    });
    return found.sort((a, b) => a.since - b.since);
  }

  #step(sight: Sight, now: number, changes: Change[]): Message | undefined {
    const { store } = this.#parts;
    const id = idOf(sight.subject);
    const former = store.get('alert', id)?.state ?? CALM;
    const look = { verdict: sight.verdict, now, mayTell: this.address !== undefined };
    const { state, event } = stepAlert(former, look, WARNING_TIMINGS[sight.subject]);
    if (state !== former) changes.push(put('alert', { id, state }));
    if (event === undefined || event === 'lost') return undefined;
    return this.#message(sight, { isOver: event === 'cleared', since: state.since ?? now });
  }

  #message(sight: Sight, { isOver, since }: { isOver: boolean; since: number }): Message | undefined {
    const { config, writer } = this.#parts;
    const { address } = this;
    if (address === undefined) return undefined;
    const { LANGUAGE: language } = config;
    const words = isOver ? this.#allClear(sight.subject, since) : this.#warning(sight);
    const title = `${writer.instance}: ${words.title}`;
    return writer.write({ to: { channel: 'mail', address }, language, words: { ...words, title } });
  }

  #warning({ subject, facts }: Sight) {
    const { config, writer } = this.#parts;
    const { LANGUAGE: language } = config;
    const { format, times } = writer.speak(language);
    const speech = speechOf({ dateTime: times.dateTime, date: format.date });
    const words = warningWords({ subject, facts } as Warning, language, speech);
    return { title: words.title, text: `${words.text}\n\n    ${words.command}\n\n${this.#ending()}` };
  }

  #allClear(subject: WarningSubject, since: number) {
    const { config, writer } = this.#parts;
    const { LANGUAGE: language } = config;
    const title = allClearTitle(subject, language);
    const at = writer.speak(language).times.dateTime(since);
    const text = { de: `Entwarnung: ${title}, seit ${at}.`, en: `All clear: ${title}, since ${at}.` }[language];
    return { title, text: `${text}\n\n${this.#ending()}` };
  }

  /** Where to look, and who gets such mails: they have no link to unsubscribe. */
  #ending(): string {
    const { config, links } = this.#parts;
    return `${links.page('/admin')}\n\n${RECEIVER[config.LANGUAGE]}`;
  }
}

/** How warnings are spelled on this machine. */
function speechOf({ dateTime, date }: Pick<WarningSpeech, 'dateTime' | 'date'>): WarningSpeech {
  return { dateTime, date, isContainer: isOwnContainer() };
}

function idOf(subject: WarningSubject): string {
  return `operator/${subject}` satisfies `operator/${keyof WarningFacts}`;
}

/** Whom the operator's mails go to; undefined when nobody is named, or no mail is sent at all. */
export function operatorAddress({
  OPERATOR_MAIL,
  CONTACT,
  SMTP_URL,
}: Pick<Config, 'OPERATOR_MAIL' | 'CONTACT' | 'SMTP_URL'>): string | undefined {
  if (SMTP_URL === undefined) return undefined;
  return OPERATOR_MAIL ?? (CONTACT !== undefined && isMailAddress(CONTACT) ? CONTACT : undefined);
}
