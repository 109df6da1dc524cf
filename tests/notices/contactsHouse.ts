import { expect } from '@jest/globals';
import { linksIn, type MailServer, startMailServer } from '../support/mailServer.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

export const PUBLIC_URL = 'https://luft.example.org';
/** An owner’s address. */
export const ADDRESS = 'anna.host@example.org';
export const ADMIN = '0123456789ABCDEFGHJKMNPQRS';

/** A contact as its owner sees it. */
interface ContactView {
  id: string;
  status: string;
  isMuted: boolean;
  address: string;
  lastFailure: { reason: string } | null;
}

/** A program that sends mail, with one station. */
export async function startWithMail(settings: Record<string, string> = {}) {
  const mail = await startMailServer();
  const program = await startProgram({
    settings: { SMTP_URL: mail.url, MAIL_FROM: 'luft@example.org', PUBLIC_URL, ...settings },
    isAddressAllowed: (ip) => ip === '127.0.0.1',
  });
  const station = await program.addStation('esp8266-4711', { name: 'Balkon Süd' });
  return { mail, program, station };
}

/** Path of a station’s contacts. */
export const pathOf = ({ id }: OwnStation) => `/api/v1/stations/${id}/contacts`;

/** Adds a contact. */
export async function addContact({ send }: Program, station: OwnStation, body: object) {
  const { status, text } = await send('POST', pathOf(station), { body, key: station.ownerKey });
  return { status, ...(JSON.parse(text) as { contact: ContactView; secret?: string; code?: string }) };
}

/** The contacts of a station. */
export async function contactsOf({ send }: Program, station: OwnStation): Promise<ContactView[]> {
  return JSON.parse((await send('GET', pathOf(station), { key: station.ownerKey })).text).contacts;
}

/** The path of the first link of the newest mail that begins like this. */
export async function linkFrom(mail: MailServer, start: string, count: number): Promise<string> {
  await until(`${count} mails came`, () => mail.mails.length >= count);
  const link = linksIn(mail.mails.at(-1)?.text ?? '').find((each) => each.startsWith(`${PUBLIC_URL}${start}`));
  return (link ?? '').slice(PUBLIC_URL.length);
}

/** Presses the button of a page, as a form does. */
export function press({ url }: Program, path: string, fields: Record<string, string> = {}): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: new URLSearchParams(fields) });
}

/** A mail contact whose holder has pressed the button. */
export async function confirmedMail(
  host: { mail: MailServer; program: Program; station: OwnStation },
  address = ADDRESS,
) {
  const before = host.mail.mails.length;
  const { contact } = await addContact(host.program, host.station, { kind: 'mail', address });
  const path = await linkFrom(host.mail, '/confirm/', before + 1);
  expect((await press(host.program, path)).status).toBe(200);
  return contact;
}
