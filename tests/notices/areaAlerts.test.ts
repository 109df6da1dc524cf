import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { put } from '../../server/notices/noticeRecords.ts';
import { linksIn } from '../support/mailServer.ts';
import { LIMIT, NOON, subjects, typed } from './alertHouse.ts';
import { addStation, type NoticeHost, openNoticeHost, servePages } from './noticeHost.ts';

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
    for (const id of ids) await host.measure(id, NOON - 2 * HOUR_MS, NOON, () => 40);
    await host.pass(15, Object.fromEntries(ids.map((id) => [id, 40])));
    expect(host.mail.mails).toHaveLength(1);
    expect((await fetch(base + new URL(link).pathname)).status).toBe(200);
    const confirm = async (method: string) => (await fetch(base + new URL(link).pathname, { method })).text();
    expect(await confirm('POST')).toContain('<h1>Bestätigt</h1>');
    // Pressed twice, or opened again from the mail the next day.
    expect(await confirm('POST')).toContain('<h1>Bestätigt</h1>');
    expect(await confirm('GET')).toContain('<h1>Bestätigt</h1>');
    const [one, ...others] = ids as [string, string, string];
    // Two of three high: the median is.
    await host.pass(15, { [one]: 2, ...Object.fromEntries(others.map((id) => [id, 40])) });
    expect(subjects(host).map(typed).slice(1)).toEqual(['Feinstaub, Frohnhausen: über 25 µg/m³']);
    expect(host.mail.mails[1]?.text).toContain('Median von 3 Stationen');
    expect(host.mail.mails[1]?.text).toContain('https://luft.example.org/#13/51.457/7.0123\n');
    await host.pass(100, Object.fromEntries(ids.map((id) => [id, 2])));
    expect(subjects(host).map(typed).slice(2)).toEqual(['Feinstaub, Frohnhausen: wieder unter 25 µg/m³']);
    const end = new URL(linksIn(host.mail.mails[2]?.text ?? '').at(-1) ?? '').pathname;
    expect((await fetch(base + end)).status).toBe(200);
    expect(host.notices.store.count('watch')).toBe(1);
    expect(await (await fetch(base + end)).text()).toContain('href="/alerts?lat=51.457&amp;lon=7.0123&amp;radius=2000');
    await fetch(base + end, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    expect(await (await fetch(base + end)).text()).toContain('<h1>Schon abbestellt</h1>');
    expect([host.notices.store.count('watch'), host.notices.store.count('alert')]).toEqual([0, 0]);
  });

  it('asked for twice at once is one question; confirmed again later, it takes the place of the first', async () => {
    const host = await openNoticeHost({ now: NOON });
    const area = { lat: 51.457, lon: 7.0123, radiusMetres: 2_000 };
    const request = { ...watchFields, address: 'viewer@example.org', area, areaName: 'Frohnhausen' };
    const { areaWatches, ownerLinks, outbox, store } = host.notices;
    const ask = async (change: object = {}) => {
      await areaWatches.request({ ...request, ...change });
      await outbox.sendDue();
      return (
        linksIn(host.mail.mails.at(-1)?.text ?? '')[0]
          ?.split('/')
          .at(-1) ?? ''
      );
    };
    await Promise.all([
      areaWatches.request(request),
      areaWatches.request({ ...request, address: 'Viewer@example.org' }),
    ]);
    const first = await ask();
    expect([store.count('watch'), host.mail.mails.length]).toEqual([1, 1]);
    await ownerLinks.confirm(first);
    host.time.now += HOUR_MS;
    const [{ id = '' } = {}] = store.all('watch');
    const again = await ask({ quietHours: { from: '22:00', to: '07:00' } });
    await ownerLinks.confirm(again);
    expect(store.all('watch')).toMatchObject([{ quietHours: { from: '22:00', to: '07:00' } }]);
    expect(store.get('watch', id)).toBeUndefined();
    await ownerLinks.confirm(await ask({ threshold: { ...LIMIT, value: 50 } }));
    expect(store.count('watch')).toBe(2);
  });

  it.each([
    ['de', null, 'Uhrzeit: jederzeit, auch nachts\n'],
    ['de', { from: '22:00', to: '07:00' }, 'Uhrzeit: nicht von 22:00 bis 07:00 Uhr, sondern danach\n'],
    ['en', { from: '22:00', to: '07:00' }, 'Time: not from 22:00 to 07:00, but after it\n'],
  ] as const)(
    'is confirmed by a mail that says when nobody is written to (%s, %j)',
    async (language, quietHours, says) => {
      const host = await openNoticeHost({ now: NOON });
      const area = { lat: 51.457, lon: 7.0123, radiusMetres: 2_000 };
      const address = 'viewer@example.org';
      const asked = { ...watchFields, address, area, areaName: 'Frohnhausen', language, quietHours };
      await host.notices.areaWatches.request(asked);
      await host.notices.outbox.sendDue();
      expect(host.mail.mails[0]?.text).toContain(says);
    },
  );

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
    for (const id of all) await host.measure(id, NOON - 2 * HOUR_MS, NOON, () => 80);
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
    await host.measure(third, NOON - HOUR_MS, host.time.now, () => 80);
    await host.pass(12, Object.fromEntries([...all, third].map((id) => [id, 80])));
    expect(subjects(host).filter((subject) => subject.startsWith('Feinstaub'))).toHaveLength(1);
  });
});

describe('an alert on chosen stations, one of which was joined with another', () => {
  const watch = (host: NoticeHost, id: string, stationIds: string[], language: 'de' | 'en' = 'de') =>
    host.notices.store.write(() => ({
      answer: undefined,
      changes: [
        put('watch', {
          ...{ id, address: `${id}@example.org`, language, area: { stationIds }, areaName: '3 Stationen' },
          ...{ threshold: LIMIT, quietHours: null },
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
    expect(told().map(({ subject }) => subject)).toEqual(['Feinstaub, 3 Stationen: über 25\u202fµg/m³']);
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
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual([
      'Particulates alert, 3 Stationen: too few stations',
    ]);
    expect(host.mail.mails[0]!.text).toContain('this alert tells nothing any more');
  });
});
