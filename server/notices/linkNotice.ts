import type { Station } from '../domain/station.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { Change, Contact } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';

/** What became of a station link: another one was made, somebody else accepted the station, or it was deleted. */
export type LinkEvent = 'linkReplaced' | 'handedOver' | 'stationDeleted';

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
  const contacts = parts.store.all('contact').filter(({ stationId }) => stationId === station.id);
  return told(parts, contacts, { what, station });
}

/**
 * The changes that tell an address that it was removed from a station, if it is a confirmed mail address: without it
 * nobody would hear of a link that is replaced afterwards.
 */
export function removalNotice(parts: LinkNoticeParts, station: Station, contact: Contact): Change[] {
  return told(parts, [contact], { what: 'addressRemoved', station });
}

function told(
  { outbox, writer, isMailOn, clock }: LinkNoticeParts,
  contacts: readonly Contact[],
  { what, station }: { what: LinkEvent | 'addressRemoved'; station: Station },
): Change[] {
  if (!isMailOn) return [];
  const readers = contacts.filter(({ channel, confirmedAt }) => channel === 'mail' && confirmedAt !== undefined);
  const now = clock();
  const messages = readers.map(({ channel, address, language }) => {
    const { texts, format, times } = writer.speak(language);
    const words = texts[what]({
      ...{ instance: writer.instance, contact: writer.contact, station: station.name, page: writer.page('/host') },
      ...{ date: format.date(now), time: times.time(now) },
    });
    // No subject: a message goes with its contact, and this one is to arrive when the contact has been removed.
    return writer.write({ to: { channel, address }, language, words });
  });
  return outbox.take(messages);
}
