import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { closeAfterTest } from './closing.ts';

/** A mail as it came in: headers unfolded, the text decoded. */
export interface ReceivedMail {
  to: string[];
  subject: string;
  headers: Map<string, string>;
  text: string;
  /** Everything as it came over the wire. */
  source: string;
}

/** A real SMTP server on this machine. */
export interface MailServer {
  url: string;
  mails: ReceivedMail[];
  /** What the next mails are answered with instead of being taken; undefined: taken. */
  refuseWith: { code: number; message: string } | undefined;
  close(): Promise<void>;
}

/** Starts it on a free port, or on `port`; closed after the test. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { refuseWith } = running;
        if (refuseWith)
          return callback(Object.assign(new Error(refuseWith.message), { responseCode: refuseWith.code }));
        mails.push(
          parseMail(
            Buffer.concat(chunks).toString('utf8'),
            session.envelope.rcptTo.map(({ address }) => address),
          ),
        );
        return callback(null, 'taken');
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const running: MailServer = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    refuseWith: undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  closeAfterTest(() => running.close());
  return running;
}

function parseMail(source: string, to: string[]): ReceivedMail {
  const end = source.indexOf('\r\n\r\n');
  const head = source.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1];
  if (boundary !== undefined)
    return {
      ...parseMail(firstPart(source, boundary), to),
      ...{ to, headers, source },
      subject: encodedWords(headers.get('subject') ?? ''),
    };
  const body = source.slice(end + 4);
  const text = headers.get('content-transfer-encoding') === 'quoted-printable' ? quotedPrintable(body) : body;
  return {
    to,
    subject: encodedWords(headers.get('subject') ?? ''),
    headers,
    text: text.replaceAll('\r\n', '\n'),
    source,
  };
}

/** The text of a mail with something attached. */
function firstPart(source: string, boundary: string): string {
  const [, part = ''] = source.split(`--${boundary}\r\n`);
  return part;
}

function quotedPrintable(text: string): string {
  const joined = text.replace(/=\r\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

/** RFC 2047 words; white space between two of them is none. */
function encodedWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_whole, kind: string, data: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(data, 'base64').toString('utf8')
        : quotedPrintable(data.replaceAll('_', ' ')),
    );
}

/** The links of a text, in order. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/https?:\/\/\S+/g)].map(([link]) => link);
}
