import { REFUSAL_REASONS, type RefusalReason } from '../domain/operator/stationRefusal.ts';
import type { Station } from '../domain/station.ts';
import type { DormancyParts } from './dormancy.ts';
import type { Contact } from './noticeRecords.ts';
import type { Words } from './texts/noticeTexts.ts';

/** What telling needs. */
export type ApprovalParts = Pick<DormancyParts, 'store' | 'outbox' | 'writer' | 'links' | 'contacts'>;

/** Tells the confirmed mail addresses of a station that the operator let it through. */
export async function tellApproved(parts: ApprovalParts, station: Station): Promise<void> {
  const link = parts.links.page(`/station/${station.id}`);
  await tell(parts, station, ({ language }) => {
    return parts.writer.speak(language).texts.approved({ station: station.name, link });
  });
}

/** Tells them why the operator did not. */
export async function tellRefused(parts: ApprovalParts, station: Station, reason: RefusalReason): Promise<void> {
  await tell(parts, station, ({ language }) => {
    const words = { station: station.name, reason: REFUSAL_REASONS[reason][language], link: parts.links.page('/host') };
    return parts.writer.speak(language).texts.refused(words);
  });
}

async function tell(parts: ApprovalParts, { id }: Station, wordsFor: (contact: Contact) => Words): Promise<void> {
  const { store, outbox, writer, contacts } = parts;
  const readers = contacts.of(id).filter(({ channel, confirmedAt }) => channel === 'mail' && confirmedAt !== undefined);
  const messages = readers.map((contact) => {
    const subject = { kind: 'contact' as const, id: contact.id };
    return writer.write({ to: contact, language: contact.language, words: wordsFor(contact), subject });
  });
  if (messages.length > 0) await store.write(() => ({ answer: undefined, changes: outbox.take(messages) }));
}
