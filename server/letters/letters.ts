import { hasData, type LetterContentDeps, letterUrl, letterViews } from '../api/pages/report/letterContent.ts';
import { chartFile } from '../api/pages/report/reportFiles.ts';
import { speechIn } from '../api/pages/report/reportPages.ts';
import {
  closedPeriodFrom,
  closedPeriods,
  comesOutAt,
  LETTER_KINDS,
  type LetterKind,
  type LetterPeriod,
  lettersOut,
} from '../domain/alerts/letterPeriods.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { IsoDate } from '../domain/limits/limitTable.ts';
import type { Language } from '../domain/names.ts';
import type { Message } from '../notices/noticeRecords.ts';
import type { Notices } from '../notices/notices.ts';
import type { Words } from '../notices/texts/noticeTexts.ts';
import { PictureError, type PngPress } from '../pictures/pngPress.ts';
import type { RandomBytes } from '../process/keys.ts';
import { mailLetter } from './letterMail.ts';
import { type LetterKey, LetterStops, letterOfId } from './letterStops.ts';
import { type LetterSubject, letterWords } from './letterWords.ts';
import { LetterSubscriptions, type SubscriptionRequest } from './subscriptions.ts';

/** Pixels a chart in a mail is wide. */
const CHART_WIDTH = 1140;

/** Later it is no news: a letter that could not go out by then is left out, ms. */
const MAIL_UNTIL_MS = 3 * DAY_MS;

/** What letters are made and sent with. */
export interface LettersDeps extends LetterContentDeps {
  notices: Pick<Notices, 'store' | 'outbox' | 'writer' | 'links' | 'questions' | 'isMailOn' | 'sendSoon'>;
  areas: {
    areas(): readonly { id: string; name: string }[];
    area(id: string): { id: string; name: string } | undefined;
  };
  press: Pick<PngPress, 'draw'>;
  timeZone: string;
  randomBytes: RandomBytes;
}

/** A letter as the operator sees it. */
export interface LetterState extends LetterSubject {
  /** Epoch ms. */
  comesOutAt: number;
  status: 'waiting' | 'stopped' | 'out';
  /** Confirmed subscriptions it goes to. */
  subscribers: number;
  /** Path of its page. */
  page: string;
}

/** Weekly and monthly letters of areas: which come out when, who gets them by mail, which are held back. */
export class Letters {
  readonly #deps: LettersDeps;
  readonly #stops: LetterStops;
  readonly subscriptions: LetterSubscriptions;

  constructor(deps: LettersDeps) {
    this.#deps = deps;
    this.#stops = new LetterStops({ store: deps.notices.store, clock: deps.clock });
    this.subscriptions = new LetterSubscriptions(deps);
  }

  /** True when letters can be had by mail. */
  get isMailOn(): boolean {
    return this.#deps.notices.isMailOn;
  }

  /** True for a letter that the operator holds back. */
  isStopped(letter: LetterKey): boolean {
    return this.#stops.has(letter);
  }

  /** Takes a request for letters and asks the address; false when no more are taken. */
  async subscribe(request: SubscriptionRequest): Promise<boolean> {
    const isTaken = await this.subscriptions.request(request);
    this.#deps.notices.sendSoon();
    return isTaken;
  }

  /** Letters of closed periods that are not out yet, the next one first. */
  upcoming(): LetterState[] {
    const { areas } = this.#deps;
    const periods = LETTER_KINDS.flatMap((kind) => this.#closed(kind)).filter(
      (period) => comesOutAt(period) > this.#deps.clock(),
    );
    return areas
      .areas()
      .flatMap((area) => periods.map((period) => this.#stateOf({ area, period })))
      .sort((one, other) => one.comesOutAt - other.comesOutAt);
  }

  /** One letter of a closed period; undefined when there is none. */
  find(areaId: string, kind: LetterKind, from: IsoDate): LetterState | undefined {
    const { areas, clock, dayOffsetMs: offsetMs } = this.#deps;
    const area = areas.area(areaId);
    const period = closedPeriodFrom(kind, from, { now: clock(), offsetMs });
    return area && period && this.#stateOf({ area, period });
  }

  /**
   * Exactly what is mailed, in both languages; null where the period has no data, and so no mail; `behind` while that is
   * not known.
   */
  async texts(letter: LetterSubject): Promise<Record<Language, Words> | null | 'behind'> {
    const views = await letterViews(this.#deps, letter.area.id, letter.period);
    if (views === 'behind') return views;
    if (!hasData(views)) return null;
    const words = (language: Language) =>
      letterWords(views, letter, {
        speech: speechIn(language, this.#deps.timeZone),
        page: (path) => this.#deps.notices.links.page(path),
      });
    return { de: words('de'), en: words('en') };
  }

  /** The chart of the letter a mail holds; undefined for other mails, and while it cannot be drawn. */
  async pictureOf({ data, language }: Message): Promise<{ name: string; png: Buffer } | undefined> {
    const key = letterOfId(data.letter);
    const letter = key && this.find(key.areaId, key.kind, key.from);
    if (letter === undefined) return undefined;
    const views = await letterViews(this.#deps, letter.area.id, letter.period);
    const first = hasData(views) ? views.find(({ figure }) => figure.state !== 'no-data') : undefined;
    if (first === undefined) return undefined;
    const source = `${this.#deps.notices.writer.instance}, ${this.#deps.notices.links.page('/')}`;
    try {
      const svg = chartFile(first, speechIn(language, this.#deps.timeZone), source);
      return {
        name: `${letter.area.id}-${letter.period.from}.png`,
        png: await this.#deps.press.draw(svg, CHART_WIDTH),
      };
    } catch (error) {
      if (error instanceof PictureError) return undefined;
      throw error;
    }
  }

  /** Holds a letter back. */
  async stop({ area, period }: LetterSubject): Promise<LetterState> {
    await this.#stops.add({ areaId: area.id, ...period });
    return this.#stateOf({ area, period });
  }

  /** Lets a letter out that was held back. */
  async release({ area, period }: LetterSubject): Promise<LetterState> {
    await this.#stops.remove({ areaId: area.id, ...period });
    return this.#stateOf({ area, period });
  }

  /** Mails what has come out, to whoever has not got it. Resolves to the number of mails. */
  async mailDue(): Promise<number> {
    if (!this.isMailOn) return 0;
    const { areas, clock, dayOffsetMs: offsetMs } = this.#deps;
    let mails = 0;
    for (const kind of LETTER_KINDS) {
      const [period] = lettersOut(kind, { now: clock(), offsetMs, count: 1 });
      if (period === undefined || clock() - comesOutAt(period) > MAIL_UNTIL_MS) continue;
      for (const area of areas.areas()) mails += await this.#mail({ area, period });
    }
    return mails;
  }

  async #mail(letter: LetterSubject): Promise<number> {
    const { area, period } = letter;
    if (this.isStopped({ areaId: area.id, ...period })) return 0;
    const readers = this.subscriptions.of(area.id, period.kind).filter((each) => isDue(each, period));
    if (readers.length === 0) return 0;
    const views = await letterViews(this.#deps, area.id, period);
    // Reading took time: it may have been stopped meanwhile.
    if (!hasData(views) || this.isStopped({ areaId: area.id, ...period })) return 0;
    const { notices, timeZone } = this.#deps;
    return mailLetter({ notices, readers, views, letter, timeZone });
  }

  #closed(kind: LetterKind): LetterPeriod[] {
    const { clock, dayOffsetMs: offsetMs } = this.#deps;
    return closedPeriods(kind, { now: clock(), offsetMs, count: 1 });
  }

  #stateOf({ area, period }: LetterSubject): LetterState {
    const key = { areaId: area.id, ...period };
    const isOut = comesOutAt(period) <= this.#deps.clock();
    return {
      ...{ area: { id: area.id, name: area.name }, period },
      comesOutAt: comesOutAt(period),
      status: this.isStopped(key) ? 'stopped' : isOut ? 'out' : 'waiting',
      subscribers: this.subscriptions.of(area.id, period.kind).length,
      page: letterUrl(area.id, period, undefined),
    };
  }
}

/** Confirmed before it came out, and not sent yet: nobody's first letter is an old one. */
function isDue(
  {
    confirmedAt = Number.POSITIVE_INFINITY,
    sentFor,
  }: { confirmedAt?: number; sentFor?: Partial<Record<LetterKind, IsoDate>> },
  period: LetterPeriod,
): boolean {
  return confirmedAt <= comesOutAt(period) && (sentFor?.[period.kind] ?? '') < period.from;
}
