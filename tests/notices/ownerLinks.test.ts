import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/program.ts';
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

describe('a lost owner link', () => {
  it('is answered alike whether or not the address is known, and replaced by the one who reads its mail', async () => {
    const host = await startWithMail();
    const { mail, program, station } = host;
    await confirmedMail(host);
    const ask = (address: string) => program.send('POST', '/api/v1/owner-links', { body: { address } });
    const [known, unknown] = [await ask(ADDRESS), await ask('nobody@example.org')];
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    expect(known.status).toBe(202);
    const path = await linkFrom(mail, '/recover/', 2);
    expect(mail.mails.map(({ to }) => to)).toEqual([[ADDRESS], [ADDRESS]]);
    expect((await program.get(path)).status).toBe(200);
    expect((await program.send('GET', pathOf(station), { key: station.ownerKey })).status).toBe(200);
    const page = await (await press(program, path)).text();
    const [, id, key] = /\/host#([a-z0-9]{10})\.([0-9A-Z]{26})/.exec(page) ?? [];
    expect(id).toBe(station.id);
    expect((await program.send('GET', pathOf(station), { key: station.ownerKey })).status).toBe(401);
    expect((await program.send('GET', pathOf(station), { key: String(key) })).status).toBe(200);
    expect((await press(program, path)).status).toBe(404);
    const put = await fetch(program.url + path, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD']);
  });

  it('is replaced in the language one asks in', async () => {
    const host = await startWithMail();
    await confirmedMail(host);
    const body = { address: ADDRESS, language: 'en' };
    expect((await host.program.send('POST', '/api/v1/owner-links', { body })).status).toBe(202);
    await linkFrom(host.mail, '/recover/', 2);
    expect(host.mail.mails.at(-1)?.subject).toMatch(/^New station link for/);
  });

  it('cannot be asked for without end', async () => {
    const { program } = await startWithMail();
    const ask = () => program.send('POST', '/api/v1/owner-links', { body: { address: ADDRESS } });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await ask()).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429, 429]);
  });
});

describe('a station that changes hands', () => {
  it('is the new owner’s once they accepted: old key, contacts and alerts end, the consent is theirs', async () => {
    const host = await startWithMail();
    const { mail, program, station } = host;
    await confirmedMail(host);
    const body = { address: 'ben@example.org', language: 'en' };
    const path = `/api/v1/stations/${station.id}/handover`;
    const offered = await program.send('POST', path, { body, key: station.ownerKey });
    expect([offered.status, Object.keys(JSON.parse(offered.text))]).toEqual([201, ['expiresAt']]);
    const link = await linkFrom(mail, '/handover/', 2);
    expect((await press(program, link)).status).toBe(400);
    expect((await program.send('GET', pathOf(station), { key: station.ownerKey })).status).toBe(200);
    const page = await (await press(program, link, { accepted: 'yes' })).text();
    const ownerKey = /\/host#[a-z0-9]{10}\.([0-9A-Z]{26})/.exec(page)?.[1] ?? '';
    expect((await program.send('GET', pathOf(station), { key: station.ownerKey })).status).toBe(401);
    expect(await contactsOf(program, { ...station, ownerKey })).toMatchObject([
      { address: 'ben@example.org', status: 'confirmed' },
    ]);
    const own = JSON.parse(
      (await program.send('GET', `/api/v1/stations/${station.id}/private`, { key: ownerKey })).text,
    );
    expect(own.station.consent).toMatchObject({ version: '1' });
    await program.send('POST', '/api/v1/owner-links', { body: { address: ADDRESS } });
    await program.send('POST', '/api/v1/owner-links', { body: { address: 'ben@example.org' } });
    const mailsTo = (address: string) => mail.mails.filter(({ to }) => to[0] === address);
    await until('the new owner can recover', () => mailsTo('ben@example.org').length === 2);
    await until('the former owner is told', () => mailsTo(ADDRESS).length > 1);
    const toFormer = mailsTo(ADDRESS);
    expect(toFormer.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^Bitte bestätigen/),
      'Station übergeben: „Balkon Süd“',
    ]);
  });

  it('writes to no stranger more than three times, and shows them no link of somebody else’s making', async () => {
    const { mail, program } = await startWithMail();
    const station = await program.addStation('esp8266-4713', { name: 'Gewinn auf www.evil.example/x' });
    const path = `/api/v1/stations/${station.id}/handover`;
    const body = { address: 'stranger@example.org' };
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++)
      statuses.push((await program.send('POST', path, { body, key: station.ownerKey })).status);
    expect(statuses).toEqual([201, 201, 201, 429]);
    expect((await addContact(program, station, { kind: 'mail', ...body })).status).toBe(429);
    await until('three mails', () => mail.mails.length === 3);
    expect(mail.mails.map(({ source }) => source).join()).not.toContain('evil.example');
    expect(mail.mails[0]?.text).toContain(`„${station.id}“`);
  });

  it('goes by a link passed on where there is no mail; an offer ends when it is taken back', async () => {
    const program = await startProgram({ settings: { PUBLIC_URL } });
    const station = await program.addStation('esp8266-4711');
    const path = `/api/v1/stations/${station.id}/handover`;
    const offer = async () =>
      new URL(JSON.parse((await program.send('POST', path, { body: {}, key: station.ownerKey })).text).link).pathname;
    const [first, second] = [await offer(), await offer()];
    expect([(await program.get(first)).status, (await program.get(second)).status]).toEqual([404, 200]);
    expect((await program.send('DELETE', path, { key: station.ownerKey })).status).toBe(204);
    expect((await program.get(second)).status).toBe(404);
    expect((await press(program, await offer(), { accepted: 'yes' })).status).toBe(200);
  });
});
