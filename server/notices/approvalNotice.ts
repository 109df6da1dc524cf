import type { Station } from '../domain/station.ts';
import type { DormancyParts } from './dormancy.ts';

/** What telling needs. */
export type ApprovalParts = Pick<DormancyParts, 'store' | 'outbox' | 'writer' | 'links' | 'contacts'>;

/** Tells the confirmed mail addresses of a station that the operator let it through. */
export async function tellApproved(parts: ApprovalParts, { id, name }: Station): Promise<void> {
  const { store, outbox, writer, links, contacts } = parts;
  const readers = contacts.of(id).filter(({ channel, confirmedAt }) => channel === 'mail' && confirmedAt !== undefined);
  const messages = readers.map((contact) => {
    const { language } = contact;
    const words = writer.speak(language).texts.approved({ station: name, link: links.page(`/station/${id}`) });
    return writer.write({ to: contact, language, words, subject: { kind: 'contact', id: contact.id } });
  });
  if (messages.length > 0) await store.write(() => ({ answer: undefined, changes: outbox.take(messages) }));
}
