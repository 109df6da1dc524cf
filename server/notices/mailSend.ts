import { createTransport } from 'nodemailer';
import type { Send } from './delivery.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import type { Message } from './noticeRecords.ts';

/** Longest wait for the mail server, ms. */
const TIMEOUT_MS = 30_000;

/** What sending mail needs. */
export interface MailOptions {
  /** `SMTP_URL`. */
  url: string;
  /** `MAIL_FROM`. */
  from: string;
  links: NoticeLinks;
  /** The picture that goes with a message, made when it is sent: kept with each of a thousand it would fill the memory. */
  picture?: PictureOf | undefined;
}

/** A message's picture; undefined for most, and where it cannot be made: a message is worth more than its picture. */
export type PictureOf = (message: Message) => Promise<{ name: string; png: Buffer } | undefined>;

/** Sends plain text mails. What the server says to a refusal may hold the address: only its code is passed on. */
export function createMailSend({ url, from, links, picture }: MailOptions): Send & { close: () => void } {
  const transport = createTransport(url, {
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as object);
  const send: Send = async (message) => {
    try {
      const shown = await picture?.(message);
      await transport.sendMail({ ...mailOf(message, from, links), ...(shown && withPicture(shown)) });
      return { result: 'sent' };
    } catch (error) {
      const { responseCode, code } = error as { responseCode?: number; code?: string };
      const isFinal = responseCode !== undefined && responseCode >= 500;
      // A wrong password or a server that wants another sender is for the operator to mend: the mail waits meanwhile.
      const isOurs = code === 'EAUTH' || code === 'EOAUTH2';
      const reason = responseCode === undefined ? (code ?? 'failed') : `SMTP ${responseCode}`;
      return { result: isFinal && !isOurs ? 'refused' : 'later', reason };
    }
  };
  return Object.assign(send, { close: () => transport.close() });
}

function mailOf(message: Message, from: string, links: NoticeLinks) {
  return {
    from,
    to: { name: '', address: message.to.address },
    subject: message.title,
    text: message.text,
    textEncoding: 'quoted-printable' as const,
    // The same for every attempt: a mailbox that got it twice shows it once.
    messageId: `<${message.id}@${links.host}>`,
    date: new Date(message.createdAt),
    headers: {
      'Content-Language': message.language,
      'Auto-Submitted': 'auto-generated',
      ...unsubscribeHeaders(message, links),
    },
  };
}

function withPicture({ name, png }: { name: string; png: Buffer }) {
  const picture = { filename: name, content: png, contentType: 'image/png', contentDisposition: 'inline' as const };
  return { attachments: [picture] };
}

function unsubscribeHeaders({ subject, canUnsubscribe }: Message, links: NoticeLinks): Record<string, string> {
  if (subject === undefined || !canUnsubscribe) return {};
  const link = { 'List-Unsubscribe': `<${links.unsubscribe(subject)}>` };
  return links.isHttps ? { ...link, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : link;
}
