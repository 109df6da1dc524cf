import { createFormat, type Format } from '../domain/format.ts';
import type { Language } from '../domain/names.ts';
import { newStationId, type RandomBytes } from '../process/keys.ts';
import type { NoticeLinks, Subject } from './noticeLinks.ts';
import type { Destination, Message } from './noticeRecords.ts';
import { type SpokenTimes, spokenTimes } from './spokenTimes.ts';
import { type NoticeTexts, noticeTextsOf, type Words } from './texts/noticeTexts.ts';

/** What messages are written with. */
export interface MessageWriterParts {
  /** `INSTANCE_NAME`. */
  instance: string;
  /** `CONTACT`. */
  contact: string | undefined;
  timeZone: string;
  links: NoticeLinks;
  randomBytes: RandomBytes;
  clock: () => number;
}

/** One message to be written. */
export interface Draft {
  to: Destination;
  language: Language;
  words: Words;
  subject?: Subject | undefined;
  /** Answers to a request have nothing to unsubscribe from. */
  canUnsubscribe?: boolean;
  data?: Record<string, unknown>;
}

/** Puts words into messages: whom they go to, how to end them, who writes. Plain text, nothing that counts readers. */
export class MessageWriter {
  readonly #parts: MessageWriterParts;
  readonly #formats: Readonly<Record<Language, Format>>;
  readonly #times: Readonly<Record<Language, SpokenTimes>>;

  constructor(parts: MessageWriterParts) {
    this.#parts = parts;
    const { timeZone } = parts;
    const formats = { de: createFormat('de', timeZone), en: createFormat('en', timeZone) };
    this.#formats = formats;
    this.#times = { de: spokenTimes('de', timeZone, formats.de), en: spokenTimes('en', timeZone, formats.en) };
  }

  /** Name of the installation, as it stands in messages. */
  get instance(): string {
    return this.#parts.instance;
  }

  /** Whom readers can ask; undefined when the operator names nobody. */
  get contact(): string | undefined {
    return this.#parts.contact;
  }

  /** Address of a page of ours. */
  page(path: string): string {
    return this.#parts.links.page(path);
  }

  /** Texts and formats of a language; times of day as `times` says them. */
  speak(language: Language): { texts: NoticeTexts; format: Format; times: SpokenTimes } {
    return { texts: noticeTextsOf(language), format: this.#formats[language], times: this.#times[language] };
  }

  /** A message ready for the outbox. */
  write({ to, language, words, subject, canUnsubscribe = false, data = {} }: Draft): Message {
    const { links, clock, randomBytes, instance, contact } = this.#parts;
    const now = clock();
    const unsubscribe = subject && canUnsubscribe ? links.unsubscribe(subject) : undefined;
    const footer = noticeTextsOf(language).footer({ instance, home: links.page('/'), unsubscribe, contact });
    return {
      id: newStationId(randomBytes) + newStationId(randomBytes),
      to: { channel: to.channel, address: to.address },
      ...(subject && { subject }),
      language,
      title: words.title,
      text: to.channel === 'webhook' ? words.text : `${words.text}\n\n${footer}\n`,
      data,
      canUnsubscribe,
      createdAt: now,
      attempts: 0,
      nextAttemptAt: now,
    };
  }
}
