import type { Station } from '../domain/station.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { Change } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';

/** What became of a station link: another one was made, or somebody else accepted the station. */
export type LinkEvent = 'linkReplaced' | 'handedOver';

/** What telling needs. */
export interface LinkNoticeParts {
  store: NoticeStore;
  outbox: Outbox;
  writer: MessageWriter;
  /** Without mail nothing is written: days later it would only startle people. */
  isMailOn: boolean;
  clock: () => number;
}

/**
 * The changes that tell the confirmed mail addresses of a station what became of its link, for a write of the caller's.
 * Also those that want no alerts: whoever did not do it themselves must hear of it.
 */
export function linkNotice(parts: LinkNoticeParts, station: Station, what: LinkEvent): Change[] {
  const { store, outbox, writer, isMailOn, clock } = parts;
  if (!isMailOn) return [];
  const contacts = store.all('contact').filter(({ stationId }) => stationId === station.id);
  const readers = contacts.filter(({ channel, confirmedAt }) => channel === 'mail' && confirmedAt !== undefined);
  const now = clock();
  const messages = readers.map(({ channel, address, language }) => {
    const { texts, format } = writer.speak(language);
    const words = texts[what]({
      ...{ instance: writer.instance, contact: writer.contact, station: station.name, page: writer.page('/host') },
      ...{ date: format.date(now), time: format.time(now) },
    });
    // No subject: a message goes with its contact, and this one is to arrive when the contact has been removed.
    return writer.write({ to: { channel, address }, language, words });
  });
  return outbox.take(messages);
}
