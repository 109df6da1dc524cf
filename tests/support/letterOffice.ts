import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMailSend, type PictureOf } from '../../server/notices/mailSend.ts';
import { MessageWriter } from '../../server/notices/messageWriter.ts';
import { NoticeLinks } from '../../server/notices/noticeLinks.ts';
import { NoticeStore } from '../../server/notices/noticeStore.ts';
import { Outbox } from '../../server/notices/outbox.ts';
import { Questions } from '../../server/notices/questions.ts';
import { closeAfterTest } from './closing.ts';
import type { MailServer } from './mailServer.ts';

const PUBLIC_URL = 'https://luft.example.org';

/** What letters need of the notices, with a real file and, when there is a mail server, real mail. */
export async function openLetterOffice({
  mail,
  clock,
  picture,
}: {
  mail?: MailServer | undefined;
  clock: () => number;
  picture: PictureOf;
}) {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-letters-'));
  const store = new NoticeStore({ path: join(folder, 'notices.duckdb'), randomBytes });
  await store.open();
  const links = new NoticeLinks(PUBLIC_URL, () => store.secret);
  const send = mail && createMailSend({ url: mail.url, from: 'luft@example.org', links, picture });
  const onError = (error: unknown) => {
    throw error;
  };
  const outbox = new Outbox({ store, sends: { ...(send && { mail: send }) }, clock, onGivenUp: () => {}, onError });
  const about = { instance: 'Bürgerluft', contact: undefined, timeZone: 'Europe/Berlin' };
  const writer = new MessageWriter({ ...about, links, randomBytes, clock });
  closeAfterTest(async () => {
    await outbox.close();
    void send?.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return {
    ...{ store, outbox, writer, links, questions: new Questions(clock) },
    isMailOn: mail !== undefined,
    sendSoon: () => void outbox.sendDue(),
  };
}
