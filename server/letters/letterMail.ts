import type { AnswerView } from '../api/pages/report/answerView.ts';
import { speechIn } from '../api/pages/report/reportPages.ts';
import type { LetterSubscription, Message } from '../notices/noticeRecords.ts';
import { put } from '../notices/noticeRecords.ts';
import type { Notices } from '../notices/notices.ts';
import { MAX_MESSAGES } from '../notices/outbox.ts';
import { letterId } from './letterStops.ts';
import { type LetterSubject, letterWords } from './letterWords.ts';

/** Letters leave this much of the outbox to alerts and confirmations. */
const MAX_WAITING = MAX_MESSAGES / 2;

/** What mailing one letter needs. */
export interface LetterMailParts {
  notices: Pick<Notices, 'store' | 'outbox' | 'writer' | 'links'>;
  /** Subscriptions that should get it. */
  readers: readonly LetterSubscription[];
  views: readonly AnswerView[];
  letter: LetterSubject;
  timeZone: string;
}

/**
 * Puts a letter into the outbox for as many readers as there is room, and notes with each, in the same write, that they
 * have it: the rest gets it the next time. Resolves to the number of mails.
 */
export async function mailLetter(parts: LetterMailParts): Promise<number> {
  const { notices, readers, letter } = parts;
  const { store, outbox } = notices;
  const { kind, from } = letter.period;
  return store.write(() => {
    const room = Math.max(0, MAX_WAITING - outbox.waiting);
    const stillThere = readers.flatMap(({ id }) => store.get('letter', id) ?? []).slice(0, room);
    const messages = stillThere.map((reader) => messageFor(parts, reader));
    const noted = stillThere.map((each) => put('letter', { ...each, sentFor: { ...each.sentFor, [kind]: from } }));
    return { answer: messages.length, changes: [...outbox.take(messages), ...noted] };
  });
}

function messageFor({ notices, views, letter, timeZone }: LetterMailParts, reader: LetterSubscription): Message {
  const { writer, links } = notices;
  const { id, address, language } = reader;
  const { area, period } = letter;
  return writer.write({
    to: { channel: 'mail', address },
    language,
    words: letterWords(views, letter, { speech: speechIn(language, timeZone), page: (path) => links.page(path) }),
    subject: { kind: 'letter', id },
    canUnsubscribe: true,
    // By this a letter that is held back takes its mails along.
    data: { letter: letterId({ areaId: area.id, ...period }) },
  });
}
