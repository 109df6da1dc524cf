import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { startHttpReceiver } from '../support/httpReceiver.ts';
import { linksIn } from '../support/mailServer.ts';
import { LIMIT, NOON, restart, setAlerts, subjects, typed } from './alertHouse.ts';
import { addContact, addStation, openNoticeHost, servePages } from './noticeHost.ts';

describe('a mean above the owner’s value', () => {
  it('is told once, with the figure and how to end it, and once when it is over, also over restarts', async () => {
    let host = await openNoticeHost({ now: NOON });
    const id = await addStation(host);
    await addContact(host, id);
    await setAlerts(host, id, { above: [LIMIT] });
    await host.measure(id, NOON - 2 * HOUR_MS, NOON, () => 40);
    await host.pass(9, { [id]: 40 });
    expect(subjects(host)).toEqual([]);
    host = await restart(host);
    await host.pass(3, { [id]: 40 });
    expect(subjects(host).map(typed)).toEqual(['„Balkon“: PM2,5 über 25 µg/m³']);
    const [mail] = host.mail.mails;
    expect(typed(mail?.text)).toMatch(
      /^An der Station „Balkon“ liegt PM2,5 im Mittel der letzten 60 Minuten bei 40,\d µg\/m³ \(Stand 5\.11\., 12:\d\d Uhr MEZ\)\./,
    );
    expect(mail?.text).toContain('Bürgermessung, kein amtlicher Messwert.');
    const unsubscribe = linksIn(mail?.text ?? '').at(-1);
    expect(mail?.headers.get('list-unsubscribe')).toBe(`<${unsubscribe}>`);
    expect(mail?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(mail?.source).not.toMatch(/51\.456|7\.012|<img|text\/html/);
    for (let i = 0; i < 3; i++) {
      host = await restart(host);
      await host.pass(10, { [id]: 40 });
    }
    expect(host.mail.mails).toHaveLength(1);
    await host.pass(70, { [id]: 3 });
    host = await restart(host);
    await host.pass(40, { [id]: 3 });
    expect(subjects(host).map(typed)).toEqual([
      '„Balkon“: PM2,5 über 25 µg/m³',
      '„Balkon“: PM2,5 wieder unter 25 µg/m³',
    ]);
  });

  it('begins from no snapshot, no sparse mean and no silence', async () => {
    const host = await openNoticeHost({ now: NOON });
    const id = await addStation(host);
    await addContact(host, id);
    await setAlerts(host, id, { above: [LIMIT] });
    await host.measure(id, NOON - 10 * 60_000, NOON, () => 400);
    for (let minute = 0; minute < 60; minute++) await host.pass(1);
    expect(subjects(host)).toEqual([]);
  });

  it('goes to all confirmed contacts that are not muted, each in its language and its way', async () => {
    const host = await openNoticeHost({ now: NOON });
    const receiver = await startHttpReceiver();
    receiver.answer = () => ({ status: 200, body: '{}' });
    const id = await addStation(host);
    await addContact(host, id, { address: 'en@example.org', language: 'en' });
    await addContact(host, id, { address: 'muted@example.org', isMuted: true });
    await addContact(host, id, { address: 'pending@example.org', confirmedAt: undefined } as object);
    const hook = await addContact(host, id, { channel: 'webhook', address: `${receiver.url}/hook` });
    await addContact(host, id, { channel: 'ntfy', address: `${receiver.url}/sub/topic` });
    await setAlerts(host, id, { above: [LIMIT] });
    await host.measure(id, NOON - 2 * HOUR_MS, NOON, () => 40);
    await host.pass(12, { [id]: 40 });
    expect(host.mail.mails.map(({ to, subject }) => [to[0], typed(subject)])).toEqual([
      ['en@example.org', '“Balkon”: PM2.5 above 25 µg/m³'],
    ]);
    const posts = new Map(receiver.posts.map((post) => [post.path, post]));
    expect([...posts.keys()].sort()).toEqual(['/hook', '/sub']);
    const { body = '', headers } = posts.get('/hook') ?? {};
    expect(JSON.parse(body)).toMatchObject({
      type: 'alert',
      event: 'raised',
      rule: 'above-pm25-1h-25',
      station: { id },
      unit: 'µg/m³',
    });
    const [, seconds, signature] = /^t=(\d+),v1=(\w+)$/.exec(String(headers?.['buergerluft-signature'])) ?? [];
    expect(signature).toBe(
      createHmac('sha256', host.notices.links.webhookSecret(hook.id)).update(`${seconds}.${body}`).digest('hex'),
    );
    expect(JSON.parse(posts.get('/sub')?.body ?? '{}')).toMatchObject({
      topic: 'topic',
      title: expect.stringContaining('über'),
    });
  });

  it('waits for the end of the quiet hours', async () => {
    const night = Date.parse('2026-11-05T21:30:00Z');
    const host = await openNoticeHost({ now: night });
    const id = await addStation(host);
    await addContact(host, id);
    await setAlerts(host, id, { above: [LIMIT], quietHours: { from: '22:00', to: '23:15' } });
    await host.measure(id, night - 2 * HOUR_MS, night, () => 40);
    await host.pass(44, { [id]: 40 });
    expect(subjects(host)).toEqual([]);
    await host.pass(2, { [id]: 40 });
    expect(subjects(host).map(typed)).toEqual(['„Balkon“: PM2,5 über 25 µg/m³']);
  });
});

describe('a silent station', () => {
  it('is told once and when it is back; the time this program was away is not its silence', async () => {
    let host = await openNoticeHost({ now: NOON });
    const id = await addStation(host);
    await addContact(host, id);
    await setAlerts(host, id, { silentAfterMinutes: 60 });
    await host.measure(id, NOON - 2 * HOUR_MS, NOON, () => 5);
    host = await restart(host, { now: NOON + 3 * HOUR_MS });
    await host.pass(59);
    expect(subjects(host)).toEqual([]);
    await host.pass(3);
    expect(subjects(host)).toEqual(['„Balkon“ meldet sich nicht']);
    host = await restart(host, { now: NOON + 10 * HOUR_MS });
    await host.pass(90);
    expect(host.mail.mails).toHaveLength(1);
    await host.pass(15, { [id]: 5 });
    expect(subjects(host)).toEqual(['„Balkon“ meldet sich nicht', '„Balkon“ meldet sich wieder']);
  });

  it('is nobody’s fault when most stations fall silent together', async () => {
    const host = await openNoticeHost({ now: NOON });
    const ids = await Promise.all([1, 2, 3, 4, 5].map((n) => addStation(host, { name: `Station ${n}` })));
    for (const id of ids) {
      await addContact(host, id, { address: `${id}@example.org` });
      await setAlerts(host, id, { silentAfterMinutes: 60 });
      await host.measure(id, NOON - HOUR_MS, NOON, () => 5);
    }
    await host.pass(120);
    expect(subjects(host)).toEqual([]);
    const [first, ...others] = ids;
    await host.pass(30, Object.fromEntries(others.map((id) => [id, 5])));
    expect(host.mail.mails.map(({ to }) => to[0])).toEqual([`${first}@example.org`]);
  });
});

describe('a stuck sensor', () => {
  it('is told by the store’s readings, also by a process that never saw them come', async () => {
    let host = await openNoticeHost({ now: NOON });
    const id = await addStation(host);
    await addContact(host, id);
    await setAlerts(host, id, { isStuckTold: true });
    await host.measure(id, NOON - 8 * HOUR_MS, NOON, () => 12.34);
    host = await restart(host);
    await host.notices.lookForStuck();
    await host.pass(2);
    expect(subjects(host)).toEqual(['„Balkon“ zeigt seit Stunden denselben Wert']);
    host = await restart(host);
    await host.pass(1);
    await host.notices.lookForStuck();
    await host.pass(1);
    expect(host.mail.mails).toHaveLength(1);
    await host.measure(id, host.time.now, host.time.now + HOUR_MS, (at) => 5 + (at % 1_000_000) / 1e6);
    host.time.now += HOUR_MS;
    await host.notices.lookForStuck();
    await host.pass(62);
    expect(subjects(host)).toEqual(['„Balkon“ zeigt seit Stunden denselben Wert', '„Balkon“ misst wieder']);
  });
});

describe('an owner’s address', () => {
  it('is muted or deleted by the link in its messages, by its reader or by their mail program', async () => {
    const host = await openNoticeHost({ now: NOON });
    const base = await servePages(host);
    const contact = await addContact(host, await addStation(host));
    const link = new URL(host.notices.links.unsubscribe({ kind: 'contact', id: contact.id })).pathname;
    const page = await fetch(base + link, { headers: { 'Accept-Language': 'en' } });
    expect(await page.text()).toMatch(/anna@example\.org[\s\S]*<form method="post">/);
    expect(host.notices.store.get('contact', contact.id)?.isMuted).toBe(false);
    const post = (fields: Record<string, string>) =>
      fetch(base + link, { method: 'POST', body: new URLSearchParams(fields) });
    expect((await post({ 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
    expect(host.notices.store.get('contact', contact.id)?.isMuted).toBe(true);
    expect((await post({ action: 'remove' })).status).toBe(200);
    expect(host.notices.store.get('contact', contact.id)).toBeUndefined();
    // Its reader knows: no last message.
    expect(host.notices.outbox.waiting).toBe(0);
    expect(await (await fetch(base + link)).text()).toContain('<h1>Schon abbestellt</h1>');
    expect((await fetch(`${base}${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`)).status).toBe(404);
  });
});
