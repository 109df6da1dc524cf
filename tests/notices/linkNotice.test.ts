import { describe, expect, it } from '@jest/globals';
import { linksIn } from '../support/mailServer.ts';
import { ADMIN_TOKEN, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import {
  ADDRESS,
  addContact,
  confirmedMail,
  contactsOf,
  linkFrom,
  PUBLIC_URL,
  pathOf,
  press,
  startWithMail,
} from './contactsHouse.ts';

const CONTACT = 'betrieb@example.org';
/** Half an hour off: a time of another zone shows. */
const TIME_ZONE = 'Asia/Kolkata';
const AT = / am (\d{1,2}\.\d{1,2}\.\d{4}) um (\d\d:\d\d) Uhr /;

type House = Awaited<ReturnType<typeof startWithMail>>;

/** The mails to an address whose subject begins so. */
const mailsTo = ({ mail }: House, address: string, subject: string) =>
  mail.mails.filter((each) => each.to[0] === address && each.subject.startsWith(subject));

/** Day and time a mail names, and those between which it has to be. */
function timesOf(text: string, from: number): { told: string; allowed: string[] } {
  const [, day, time] = AT.exec(text) ?? [];
  const format = new Intl.DateTimeFormat('de-DE', { timeZone: TIME_ZONE, dateStyle: 'medium', timeStyle: 'short' });
  const allowed: string[] = [];
  for (let at = from; at < Date.now() + 60_000; at += 60_000) allowed.push(format.format(at));
  return { told: `${day}, ${time}`, allowed };
}

const rotate = ({ program, station }: House, key = station.ownerKey) =>
  program.send('POST', `/api/v1/stations/${station.id}/owner-key`, { key });

describe('an owner whose station link was replaced', () => {
  it('by whoever holds it hears of it at every confirmed address, once, in their language, without a key', async () => {
    const host = await startWithMail({ CONTACT, TIME_ZONE });
    const { program, station } = host;
    await confirmedMail(host);
    const contact = await confirmedMail(host, 'ben@example.org');
    const from = Date.now();
    const path = `/api/v1/stations/${station.id}/contacts/${contact.id}`;
    const body = { language: 'en', isMuted: true };
    expect((await program.send('PATCH', path, { body, key: station.ownerKey })).status).toBe(200);
    const { ownerKey } = JSON.parse((await rotate(host)).text);
    await until('both are told', () => mailsTo(host, 'ben@example.org', 'Station link replaced').length > 0);
    await until('both are told', () => mailsTo(host, ADDRESS, 'Stationslink ersetzt').length > 0);
    expect((await rotate(host)).status).toBe(401);
    const [told, ...others] = mailsTo(host, ADDRESS, 'Stationslink ersetzt: „Balkon Süd“');
    expect(others).toEqual([]);
    const { told: at, allowed } = timesOf(told?.text ?? '', from);
    expect(allowed).toContain(at);
    expect(told?.text).toContain(`sagen Sie es ${CONTACT}`);
    expect(new Set(linksIn(told?.text ?? ''))).toEqual(new Set([`${PUBLIC_URL}/host`, `${PUBLIC_URL}/`]));
    for (const { source } of host.mail.mails) expect(source).not.toContain(ownerKey);
  });

  it('by a mailed link hears of it, too, and once', async () => {
    const host = await startWithMail();
    await confirmedMail(host);
    await host.program.send('POST', '/api/v1/owner-links', { body: { address: ADDRESS } });
    const path = await linkFrom(host.mail, '/recover/', 2);
    expect((await press(host.program, path)).status).toBe(200);
    expect((await press(host.program, path)).status).toBe(404);
    await until('they are told', () => host.mail.mails.length === 3);
    expect(mailsTo(host, ADDRESS, 'Stationslink ersetzt')).toHaveLength(1);
    expect(host.mail.mails.at(-1)?.text).toContain('sagen Sie es dem Betreiber');
  });

  it('is not written to before they confirmed their address', async () => {
    const host = await startWithMail();
    const body = { kind: 'mail', address: ADDRESS };
    await host.program.send('POST', `/api/v1/stations/${host.station.id}/contacts`, {
      body,
      key: host.station.ownerKey,
    });
    await linkFrom(host.mail, '/confirm/', 1);
    expect((await rotate(host)).status).toBe(201);
    await confirmedMail({ ...host, station: await host.program.addStation('esp8266-4712') }, 'ben@example.org');
    expect(mailsTo(host, ADDRESS, 'Stationslink')).toEqual([]);
  });
});

describe('an owner whose station somebody accepted', () => {
  it('hears of it at the address that was just removed, and whom to turn to', async () => {
    const host = await startWithMail({ CONTACT });
    const { mail, program, station } = host;
    await confirmedMail(host);
    const body = { address: 'ben@example.org', language: 'en' };
    await program.send('POST', `/api/v1/stations/${station.id}/handover`, { body, key: station.ownerKey });
    const link = await linkFrom(mail, '/handover/', 2);
    expect(mailsTo(host, ADDRESS, 'Station übergeben')).toEqual([]);
    expect((await press(program, link, { accepted: 'yes' })).status).toBe(200);
    await until('the former owner is told', () => mail.mails.length === 3);
    const [told] = mailsTo(host, ADDRESS, 'Station übergeben: „Balkon Süd“');
    expect(told?.text).toMatch(AT);
    expect(told?.text).toContain(`wenden Sie sich bitte gleich an ${CONTACT}`);
    expect(linksIn(told?.text ?? '')).toEqual([`${PUBLIC_URL}/`]);
    expect(mailsTo(host, 'ben@example.org', 'Station')).toEqual([]);
  });
});

describe('an owner whose address somebody with the station link removed', () => {
  const removeAll = async ({ program, station }: House) => {
    for (const { id } of await contactsOf(program, station)) {
      const path = `${pathOf(station)}/${id}`;
      expect((await program.send('DELETE', path, { key: station.ownerKey })).status).toBe(204);
    }
  };

  it('hears of it there, once, in their language, and whom to turn to, also when the link is replaced next', async () => {
    const host = await startWithMail({ CONTACT });
    const { program, station, mail } = host;
    await confirmedMail(host);
    const ben = await confirmedMail(host, 'ben@example.org');
    const body = { language: 'en', isMuted: true };
    await program.send('PATCH', `${pathOf(station)}/${ben.id}`, { body, key: station.ownerKey });
    await removeAll(host);
    expect((await rotate(host)).status).toBe(201);
    await until('both are told', () => mail.mails.length === 4);
    const [told] = mailsTo(host, ADDRESS, 'Adresse entfernt: „Balkon Süd“');
    expect(told?.text).toMatch(AT);
    expect(told?.text).toContain(`Wenden Sie sich bitte gleich an ${CONTACT}`);
    expect(linksIn(told?.text ?? '')).toEqual([`${PUBLIC_URL}/`]);
    const [toldBen] = mailsTo(host, 'ben@example.org', 'Address removed: “Balkon Süd”');
    expect(toldBen?.text).toContain(`turn to ${CONTACT}`);
    expect(await contactsOf(program, { ...station, ownerKey: ADMIN_TOKEN })).toEqual([]);
  });

  it('is not written to before they confirmed it', async () => {
    const host = await startWithMail();
    await addContact(host.program, host.station, { kind: 'mail', address: ADDRESS });
    await linkFrom(host.mail, '/confirm/', 1);
    await removeAll(host);
    await confirmedMail(host, 'ben@example.org');
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual(Array(2).fill(host.mail.mails[0]?.subject));
  });
});

describe('an owner whose station was deleted', () => {
  it('hears of it at the address that goes with it', async () => {
    const host = await startWithMail({ CONTACT });
    const { program, station, mail } = host;
    await confirmedMail(host);
    const path = `/api/v1/stations/${station.id}`;
    expect((await program.send('DELETE', path, { key: station.ownerKey })).status).toBe(204);
    await until('they are told', () => mail.mails.length === 2);
    const [told] = mailsTo(host, ADDRESS, 'Station gelöscht: „Balkon Süd“');
    expect(told?.text).toMatch(AT);
    expect(told?.text).toContain(`wenden Sie sich bitte gleich an ${CONTACT}`);
  });
});

describe('where mail is off by now', () => {
  it('nothing waits to be mailed', async () => {
    const host = await startWithMail();
    await confirmedMail(host);
    const { dataDir } = host.program;
    await host.program.close();
    const program = await startProgram({ dataDir, settings: { PUBLIC_URL } });
    const path = `/api/v1/stations/${host.station.id}/owner-key`;
    expect((await program.send('POST', path, { key: host.station.ownerKey })).status).toBe(201);
    expect((await program.send('GET', '/metrics', { key: ADMIN_TOKEN })).text).toMatch(/messages_waiting 0\n/);
  });
});
