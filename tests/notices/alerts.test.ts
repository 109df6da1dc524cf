import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_ALERTS } from '../../server/domain/alertSettings.ts';
import { put } from '../../server/notices/noticeRecords.ts';
import { startHttpReceiver } from '../support/httpReceiver.ts';
import { linksIn } from '../support/mailServer.ts';
import { addContact, addStation, type NoticeHost, openNoticeHost, servePages } from './noticeHost.ts';

const HOUR = 3_600_000;
/** Noon in Berlin: no quiet hours are near. */
const NOON = Date.parse('2026-11-05T11:00:00Z');
const LIMIT = { quantity: 'pm25', average: '1h', value: 25 } as const;

async function setAlerts({ notices }: NoticeHost, id: string, change: object): Promise<void> {
  const settings = { ...DEFAULT_ALERTS, silentAfterMinutes: null, isStuckTold: false, ...change };
  await notices.store.write(() => ({ answer: undefined, changes: [put('alerts', { id, settings })] }));
}

const subjects = ({ mail }: NoticeHost) => mail.mails.map(({ subject }) => subject);
const typed = (text: string | undefined) => text?.replace(/\u202f/g, ' ');

/** The same data folder and mail server, a process later. */
async function restart(host: NoticeHost, options: { now?: number } = {}): Promise<NoticeHost> {
  await host.close();
  return openNoticeHost({ now: options.now ?? host.time.now, dataDir: host.dataDir, mail: host.mail });
}

describe('an alert on chosen stations, one of which was joined with another', () => {
  const watch = (host: NoticeHost, id: string, stationIds: string[], language: 'de' | 'en' = 'de') =>
    host.notices.store.write(() => ({
      answer: undefined,
      changes: [
        put('watch', {
          ...{ id, address: `${id}@example.org`, language, area: { stationIds }, areaName: '3 Stationen' },
          ...{ threshold: { quantity: 'pm25', average: '1h', value: 25 }, quietHours: null },
          ...{ createdAt: host.time.now, confirmedAt: host.time.now },
        }),
      ],
    }));

  it('goes on with the station that stays, and says so once', async () => {
    const host = await openNoticeHost({ now: Date.parse('2026-11-05T12:00:00Z') });
    const ids = await Promise.all(['A', 'B', 'C', 'D'].map((name) => addStation(host, { name })));
    const [former, a, b, into] = ids as [string, string, string, string];
    await watch(host, 'anna', [former, a, b]);
    await watch(host, 'other', [a, b, into]);
    for (const again of [1, 2]) {
      await host.notices.areaWatches.stationJoined(former, into);
      expect([again, host.notices.store.get('watch', 'anna')?.area]).toEqual([again, { stationIds: [into, a, b] }]);
    }
    await host.stations.removeStation(former);
    const loud = { [a]: 40, [b]: 41, [into]: 42 };
    await host.pass(100, loud);
    const told = () => host.mail.mails.filter(({ to }) => String(to).includes('anna'));
    expect(told().map(({ subject }) => subject)).toEqual(['Feinstaub, 3 Stationen: über 25,0\u202fµg/m³']);
    expect(told()[0]!.text).toContain('Eine Ihrer Stationen hat eine neue Adresse');
    expect(told()[0]!.text).toContain(`https://luft.example.org/station/${into}`);
    expect(host.mail.mails.find(({ to }) => String(to).includes('other'))?.text).not.toContain('neue Adresse');
    await host.pass(200, { [a]: 3, [b]: 4, [into]: 5 });
    expect(told()).toHaveLength(2);
    expect(told()[1]!.text).not.toContain('neue Adresse');
  });

  it('is told at once that too few are left, when both of a pair were among three', async () => {
    const host = await openNoticeHost({ now: Date.parse('2026-11-05T12:00:00Z') });
    const ids = await Promise.all(['A', 'B', 'C'].map((name) => addStation(host, { name })));
    const [former, a, into] = ids as [string, string, string];
    await watch(host, 'anna', [former, a, into], 'en');
    await host.notices.areaWatches.stationJoined(former, into);
    await host.pass(1);
    await host.notices.outbox.sendDue();
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual(['Particulates alert 3 Stationen: too few stations']);
    expect(host.mail.mails[0]!.text).toContain('this alert tells nothing any more');
  });
});

describe('a mean above the owner’s value', () => {
  it('is told once, with the figure and how to end it, and once when it is over, also over restarts', async () => {
    let host = await openNoticeHost({ now: NOON });
    const id = await addStation(host);
    await addContact(host, id);
    await setAlerts(host, id, { above: [LIMIT] });
    await host.measure(id, NOON - 2 * HOUR, NOON, () => 40);
    await host.pass(9, { [id]: 40 });
    expect(subjects(host)).toEqual([]);
    host = await restart(host);
    await host.pass(3, { [id]: 40 });
    expect(subjects(host).map(typed)).toEqual(['„Balkon“: über 25,0 µg/m³']);
    const [mail] = host.mail.mails;
    expect(typed(mail?.text)).toContain('Mittel der letzten 60 Minuten PM2,5 an der Station „Balkon“: 40,');
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
    expect(subjects(host).map(typed)).toEqual(['„Balkon“: über 25,0 µg/m³', '„Balkon“: wieder unter 25,0 µg/m³']);
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
    await host.measure(id, NOON - 2 * HOUR, NOON, () => 40);
    await host.pass(12, { [id]: 40 });
    expect(host.mail.mails.map(({ to, subject }) => [to[0], typed(subject)])).toEqual([
      ['en@example.org', '“Balkon”: above 25.0 µg/m³'],
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
    await host.measure(id, night - 2 * HOUR, night, () => 40);
    await host.pass(44, { [id]: 40 });
    expect(subjects(host)).toEqual([]);
    await host.pass(2, { [id]: 40 });
    expect(subjects(host).map(typed)).toEqual(['„Balkon“: über 25,0 µg/m³']);
  });
});

describe('a silent station', () => {
  it('is told once and when it is back; the time this program was away is not its silence', async () => {
    let host = await openNoticeHost({ now: NOON });
    const id = await addStation(host);
    await addContact(host, id);
    await setAlerts(host, id, { silentAfterMinutes: 60 });
    await host.measure(id, NOON - 2 * HOUR, NOON, () => 5);
    host = await restart(host, { now: NOON + 3 * HOUR });
    await host.pass(59);
    expect(subjects(host)).toEqual([]);
    await host.pass(3);
    expect(subjects(host)).toEqual(['„Balkon“ meldet sich nicht']);
    host = await restart(host, { now: NOON + 10 * HOUR });
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
      await host.measure(id, NOON - HOUR, NOON, () => 5);
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
    await host.measure(id, NOON - 8 * HOUR, NOON, () => 12.34);
    host = await restart(host);
    await host.notices.lookForStuck();
    await host.pass(2);
    expect(subjects(host)).toEqual(['„Balkon“ zeigt seit Stunden denselben Wert']);
    host = await restart(host);
    await host.pass(1);
    await host.notices.lookForStuck();
    await host.pass(1);
    expect(host.mail.mails).toHaveLength(1);
    await host.measure(id, host.time.now, host.time.now + HOUR, (at) => 5 + (at % 1_000_000) / 1e6);
    host.time.now += HOUR;
    await host.notices.lookForStuck();
    await host.pass(62);
    expect(subjects(host)).toEqual(['„Balkon“ zeigt seit Stunden denselben Wert', '„Balkon“ misst wieder']);
  });
});

describe('an area', () => {
  const watchFields = { language: 'de', threshold: LIMIT, quietHours: null } as const;

  async function threeStations(host: NoticeHost): Promise<string[]> {
    const ids = [];
    for (let n = 0; n < 3; n++)
      ids.push(await addStation(host, { position: { lat: 51.4567891 + n / 400, lon: 7.0123456 } }));
    return ids;
  }

  it('is told by the median of at least three stations, to a confirmed address, with an all-clear', async () => {
    const host = await openNoticeHost({ now: NOON });
    const base = await servePages(host);
    const ids = await threeStations(host);
    const area = { lat: 51.457, lon: 7.0123, radiusMetres: 2_000 };
    const request = { ...watchFields, address: 'viewer@example.org', area, areaName: 'Frohnhausen' };
    expect(await host.notices.areaWatches.request(request)).toBe(true);
    await host.notices.outbox.sendDue();
    const link = linksIn(host.mail.mails[0]?.text ?? '')[0] ?? '';
    for (const id of ids) await host.measure(id, NOON - 2 * HOUR, NOON, () => 40);
    await host.pass(15, Object.fromEntries(ids.map((id) => [id, 40])));
    expect(host.mail.mails).toHaveLength(1);
    expect((await fetch(base + new URL(link).pathname)).status).toBe(200);
    expect((await fetch(base + new URL(link).pathname, { method: 'POST' })).status).toBe(200);
    const [one, ...others] = ids as [string, string, string];
    // Two of three high: the median is.
    await host.pass(15, { [one]: 2, ...Object.fromEntries(others.map((id) => [id, 40])) });
    expect(subjects(host).map(typed).slice(1)).toEqual(['Feinstaub, Frohnhausen: über 25,0 µg/m³']);
    expect(host.mail.mails[1]?.text).toContain('Median von 3 Stationen');
    await host.pass(100, Object.fromEntries(ids.map((id) => [id, 2])));
    expect(subjects(host).map(typed).slice(2)).toEqual(['Feinstaub, Frohnhausen: wieder unter 25,0 µg/m³']);
    const end = new URL(linksIn(host.mail.mails[2]?.text ?? '').at(-1) ?? '').pathname;
    expect((await fetch(base + end)).status).toBe(200);
    expect(host.notices.store.count('watch')).toBe(1);
    await fetch(base + end, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    expect([host.notices.store.count('watch'), host.notices.store.count('alert')]).toEqual([0, 0]);
  });

  it('is never told by one or two stations, an indoor or an excluded one, nor by one outside', async () => {
    const host = await openNoticeHost({ now: NOON });
    const inside = [await addStation(host), await addStation(host)];
    const others = [
      await addStation(host, { isIndoor: true, isPublishedIndoor: true }),
      await addStation(host, { status: 'excluded', statusReason: 'over a vent' }),
      await addStation(host, { status: 'hidden' }),
      await addStation(host, { position: { lat: 51.49, lon: 7.0123 } }),
    ];
    const all = [...inside, ...others];
    for (const id of all) await host.measure(id, NOON - 2 * HOUR, NOON, () => 80);
    await host.notices.areaWatches.request({
      ...{ ...watchFields, address: 'viewer@example.org', areaName: 'Hier' },
      area: { lat: 51.457, lon: 7.0123, radiusMetres: 2_000 },
    });
    const [watch] = host.notices.store.all('watch');
    await host.notices.store.write(() => ({
      answer: undefined,
      changes: [put('watch', { ...watch!, confirmedAt: NOON })],
    }));
    await host.pass(30, Object.fromEntries(all.map((id) => [id, 80])));
    expect(subjects(host).filter((subject) => subject.startsWith('Feinstaub'))).toEqual([]);
    const third = await addStation(host);
    await host.measure(third, NOON - HOUR, host.time.now, () => 80);
    await host.pass(12, Object.fromEntries([...all, third].map((id) => [id, 80])));
    expect(subjects(host).filter((subject) => subject.startsWith('Feinstaub'))).toHaveLength(1);
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
    expect((await fetch(base + link)).status).toBe(404);
    expect((await fetch(`${base}${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`)).status).toBe(404);
  });
});
