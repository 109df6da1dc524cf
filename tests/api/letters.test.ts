import { describe, expect, it } from '@jest/globals';
import { closedPeriodFrom, closedPeriods } from '../../server/domain/alerts/letterPeriods.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { linksIn, type MailServer, startMailServer } from '../support/mailServer.ts';
import { hourlyRow, reportStation, startReportHouse } from '../support/reportHouse.ts';
import { until } from '../support/until.ts';

const START = Date.parse('2025-02-03T00:00:00+01:00');
/** A Wednesday. */
const NOW = Date.parse('2025-03-12T13:00:00+01:00');

/** So many stations in Ehrenfeld at 20, 30, 40, from 3 February to 9 March. */
function house(stations: number, days = 35, mail?: MailServer, isUpToDate = () => true) {
  const ids = ['a', 'b', 'c'].slice(0, stations).map((letter) => letter.repeat(10));
  return startReportHouse({
    stations: ids.map((id) => reportStation(id)),
    rollups: () => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        quantity === 'humidity' || window === 'day'
          ? []
          : stationIds.flatMap((id) =>
              Array.from({ length: days * 24 }, (_, hour) =>
                hourlyRow(id, START + hour * HOUR_MS, 20 + 10 * ids.indexOf(id)),
              ).filter(({ start }) => start >= from && start < to),
            ),
      upToDate: async () => isUpToDate(),
      markDirty: async () => undefined,
    }),
    now: NOW,
    ...(mail && { mail }),
  });
}

const plain = (text: string | undefined) => text?.replace(/[\u202f\u00a0]/g, ' ') ?? '';

describe('the periods of letters', () => {
  it('are weeks from Monday and months of the calendar, only those that are over', () => {
    const at = { now: NOW, offsetMs: HOUR_MS };
    expect(closedPeriods('week', { ...at, count: 2 })).toMatchObject([
      { from: '2025-03-03', to: '2025-03-09', end: Date.parse('2025-03-10T00:00:00+01:00') },
      { from: '2025-02-24', to: '2025-03-02' },
    ]);
    expect(closedPeriods('month', { ...at, count: 3 }).map(({ from, to }) => [from, to])).toEqual([
      ['2025-02-01', '2025-02-28'],
      ['2025-01-01', '2025-01-31'],
      ['2024-12-01', '2024-12-31'],
    ]);
    // To the millisecond.
    const midnight = Date.parse('2025-03-17T00:00:00+01:00');
    expect(closedPeriods('week', { now: midnight - 1, offsetMs: HOUR_MS, count: 1 })[0]?.to).toBe('2025-03-09');
    expect(closedPeriods('week', { now: midnight, offsetMs: HOUR_MS, count: 1 })[0]?.to).toBe('2025-03-16');
  });

  it('begin on their first day only', () => {
    const at = { now: NOW, offsetMs: HOUR_MS };
    expect(closedPeriodFrom('week', '2025-03-03', at)).toMatchObject({ to: '2025-03-09' });
    expect(closedPeriodFrom('month', '2025-02-01', at)).toMatchObject({ to: '2025-02-28' });
    for (const from of ['2025-03-04', '2025-03-10', '2025-13-01', '2031-01-06']) {
      expect([from, closedPeriodFrom('week', from, at)]).toEqual([from, undefined]);
    }
  });
});

describe('the letter of an area', () => {
  it('tells the last whole week with n and coverage, says that it is generated, and shows one chart', async () => {
    const { send } = await house(3);
    const { status, text } = await send('GET', '/area/ehrenfeld/letter?lang=de');
    expect(status).toBe(200);
    expect(text).toContain('Wochenbrief: Feinstaub in Ehrenfeld, 3.3.2025 bis 9.3.2025');
    expect(text).toContain('Aus den Messwerten erzeugter Text.');
    expect(text).toContain('Median der 3 Stationen in Ehrenfeld: 30,0\u202fµg/m³ PM2,5');
    expect(text).toMatch(/3 Bürgersensoren mit 100\s%/);
    expect(text.match(/class="report-chart"/g)).toHaveLength(1);
    const month = (await send('GET', '/area/ehrenfeld/letter?lang=en&kind=month')).text;
    expect(month).toContain('Monthly letter: particulates in Ehrenfeld, 01/02/2025 to 28/02/2025');
    expect(month).toContain('Text generated from the measurements.');
  });

  it.each([
    [2, 35, 'PM2.5, Ehrenfeld: 2 of 2 stations have enough valid days'],
    [3, 7, 'no valid hour'],
  ])('of %d stations over %d days is honest', async (stations, days, said) => {
    const { send } = await house(stations, days);
    const { status, text } = await send('GET', '/area/ehrenfeld/letter?lang=en');
    expect(status).toBe(200);
    expect(text).toContain(said);
    expect(text).not.toMatch(/Median of the/);
  });

  it('that is none is an honest page', async () => {
    const { send } = await house(3);
    const none = ['mars/letter', 'ehrenfeld/letter?kind=year', 'ehrenfeld/letter?from=2025-03-10', 'mars/feed.xml'];
    for (const path of none) expect([path, (await send('GET', `/area/${path}`)).status]).toEqual([path, 404]);
  });

  it('comes as a feed of whole weeks and months with data, linked from the area', async () => {
    const { send } = await house(3);
    const { status, headers, text } = await send('GET', '/area/ehrenfeld/feed.xml?lang=de');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/atom+xml; charset=utf-8']);
    expect(text.match(/<entry>/g)).toHaveLength(5);
    // Out at 08:00 of the Tuesday after.
    expect(text).toContain('<updated>2025-03-11T07:00:00.000Z</updated>');
    expect(text).toContain('&lt;p&gt;Median der 3 Stationen in Ehrenfeld');
    expect(text).toContain('Aus den Messwerten erzeugter Text.');
    const area = (await send('GET', '/area/ehrenfeld?lang=de')).text;
    expect(area).toContain('<link rel="alternate" type="application/atom+xml"');
    expect(area).toContain('href="/area/ehrenfeld/letter?lang=de"');
  });
});

describe('letters by mail', () => {
  /** Somebody who asked for the weekly letter and confirmed. */
  async function reader(isUpToDate = () => true) {
    const mail = await startMailServer();
    const open = await house(3, 35, mail, isUpToDate);
    const { send, time, letters, office } = open;
    // The Thursday before the week is over.
    time.now = Date.parse('2025-03-06T12:00:00+01:00');
    const body = { address: 'anna@example.org', kinds: ['week'], language: 'de' };
    expect((await send('POST', '/api/v1/areas/ehrenfeld/letters', { body })).status).toBe(202);
    await until('the question came', () => mail.mails.length === 1 && office.outbox.waiting === 0);
    const [question] = mail.mails;
    expect(question?.subject).toBe('Bitte bestätigen: Briefe zum Feinstaub, Ehrenfeld');
    const path = new URL(linksIn(question?.text ?? '')[0]!).pathname;
    /** Mails after the hourly work at this time. */
    const at = async (when: string) => {
      time.now = Date.parse(when);
      await letters.mailDue();
      await office.outbox.sendDue();
      return mail.mails.slice(1);
    };
    return { ...open, at, mail, confirmPath: path };
  }

  it('go to confirmed addresses once, on the second morning after the week, with text, link and the way out', async () => {
    const { send, at, confirmPath, office } = await reader();
    expect(await at('2025-03-11T08:30:00+01:00')).toEqual([]);
    const { at: again, ...other } = await reader();
    expect((await other.send('GET', `${other.confirmPath}?lang=de`)).text).toContain(
      'Briefe zum Feinstaub (Ehrenfeld)',
    );
    await other.send('POST', other.confirmPath);
    expect(await again('2025-03-11T07:59:00+01:00')).toEqual([]);
    const [letter] = await again('2025-03-11T08:01:00+01:00');
    expect(letter?.subject).toBe('Wochenbrief: Feinstaub in Ehrenfeld, 3.3.2025 bis 9.3.2025');
    expect(plain(letter?.text)).toContain(
      'Aus den Messwerten erzeugter Text.\n\nMedian der 3 Stationen in Ehrenfeld: 30,0 µg/m³ PM2,5',
    );
    expect(letter?.text).toContain('https://luft.example.org/area/ehrenfeld/letter?lang=de&kind=week&from=2025-03-03');
    expect(letter?.text).toContain('Bürgermessung, kein amtlicher Messwert.');
    // The chart lies beside the words, a real picture.
    expect(letter?.source).toContain('filename=ehrenfeld-2025-03-03.png');
    const picture =
      /Content-Transfer-Encoding: base64\r\n[\s\S]*?\r\n\r\n(iVBOR[\s\S]*?)\r\n--/.exec(letter?.source ?? '')?.[1] ??
      '';
    expect(Buffer.from(picture, 'base64').readUInt32BE(16)).toBe(1140);
    expect(await again('2025-03-11T09:01:00+01:00')).toHaveLength(1);
    // The way out takes the address along.
    const leave = new URL(linksIn(letter?.text ?? '').find((link) => link.includes('/unsubscribe/'))!).pathname;
    expect((await other.send('GET', `${leave}?lang=de`)).text).toContain(
      'Briefe zum Feinstaub (Ehrenfeld) an anna@example.org',
    );
    await other.send('POST', leave);
    expect(other.office.store.count('letter')).toBe(0);
    expect(await again('2025-03-18T08:01:00+01:00')).toHaveLength(1);
    // Somebody who confirms after a letter came out gets the next, not an old one.
    expect([office.store.count('letter'), confirmPath.length > 20]).toEqual([1, true]);
    await send('POST', confirmPath);
    expect(await at('2025-03-11T10:00:00+01:00')).toEqual([]);
  });

  it('wait while means of the week are being made anew: a mail cannot be taken back', async () => {
    const state = { isUpToDate: true };
    const { send, at, confirmPath, adminToken: key } = await reader(() => state.isUpToDate);
    await send('POST', confirmPath);
    state.isUpToDate = false;
    expect(await at('2025-03-11T08:01:00+01:00')).toEqual([]);
    const page = '/area/ehrenfeld/letter?lang=de';
    const behind = await send('GET', page);
    expect([behind.status, behind.text]).toEqual([503, expect.stringContaining('noch nicht auf dem neuesten Stand')]);
    const path = '/api/v1/admin/letters/ehrenfeld/week/2025-03-03';
    expect((await send('GET', path, { key })).body).toMatchObject({ hasData: null, texts: null });
    state.isUpToDate = true;
    expect((await send('GET', path, { key })).body).toMatchObject({ hasData: true });
    expect(await at('2025-03-11T09:01:00+01:00')).toHaveLength(1);
    expect((await send('GET', page)).status).toBe(200);
  });

  it('are asked for by the form of the area and of the letter, in words when something is wrong', async () => {
    const mail = await startMailServer();
    const { send, url, office } = await house(3, 35, mail);
    for (const page of ['/area/ehrenfeld?lang=de', '/area/ehrenfeld/letter?lang=de']) {
      expect([page, (await send('GET', page)).text.includes('action="/area/ehrenfeld/letter?lang=de"')]).toEqual([
        page,
        true,
      ]);
    }
    const post = async (fields: string) => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const answer = await fetch(`${url}/area/ehrenfeld/letter?lang=de`, { method: 'POST', headers, body: fields });
      return [answer.status, await answer.text()] as const;
    };
    expect(await post('address=anna&kinds=week')).toEqual([
      400,
      expect.stringContaining('keine vollständige E-Mail-Adresse'),
    ]);
    expect(await post('address=anna@example.org')).toEqual([400, expect.stringContaining('welche Briefe')]);
    expect(await post('address=anna@example.org&kinds=week&kinds=month')).toEqual([
      200,
      expect.stringContaining('Bitte bestätigen Sie Ihre Adresse'),
    ]);
    expect(office.store.all('letter')).toMatchObject([
      { areaId: 'ehrenfeld', kinds: ['week', 'month'], language: 'de' },
    ]);
    // Without mail there is no form, and the API says why.
    const silent = await house(3);
    expect((await silent.send('GET', '/area/ehrenfeld/letter')).text).not.toContain('<form class="form"');
    const body = { address: 'anna@example.org', kinds: ['week'] };
    expect((await silent.send('POST', '/api/v1/areas/ehrenfeld/letters', { body })).status).toBe(409);
    expect((await send('POST', '/api/v1/areas/mars/letters', { body })).status).toBe(404);
  });

  it('can be read by the operator the day before, and held back: no mail, no feed, and the page says so', async () => {
    const { send, at, confirmPath, adminToken: key, time } = await reader();
    await send('POST', confirmPath);
    time.now = Date.parse('2025-03-10T09:00:00+01:00');
    expect((await send('GET', '/api/v1/admin/letters/upcoming')).status).toBe(401);
    const { body } = await send('GET', '/api/v1/admin/letters/upcoming', { key });
    const [letter] = (body.letters as Record<string, unknown>[]).filter(
      ({ area }) => (area as { id: string }).id === 'ehrenfeld',
    );
    expect(letter).toMatchObject({
      ...{ kind: 'week', from: '2025-03-03', to: '2025-03-09', status: 'waiting', subscribers: 1 },
      comesOutAt: '2025-03-11T07:00:00.000Z',
    });
    const path = '/api/v1/admin/letters/ehrenfeld/week/2025-03-03';
    const read = await send('GET', path, { key });
    expect(read.body).toMatchObject({
      hasData: true,
      texts: { en: { title: expect.stringContaining('Weekly letter') } },
    });
    // Not out yet: nobody else can read it.
    expect((await send('GET', '/area/ehrenfeld/letter?from=2025-03-03')).status).toBe(404);
    expect((await send('POST', `${path}/stop`)).status).toBe(401);
    expect((await send('POST', `${path}/stop`, { key })).body).toMatchObject({ status: 'stopped' });
    expect(await at('2025-03-11T08:01:00+01:00')).toEqual([]);
    const page = await send('GET', '/area/ehrenfeld/letter?lang=de&from=2025-03-03');
    expect([page.status, page.text.includes('zurückgehalten'), page.text.includes('Median')]).toEqual([
      200,
      true,
      false,
    ]);
    expect((await send('GET', '/area/ehrenfeld/feed.xml')).text).not.toContain('from=2025-03-03');
    expect((await send('POST', `${path}/release`, { key })).body).toMatchObject({ status: 'out' });
    expect(await at('2025-03-11T09:01:00+01:00')).toHaveLength(1);
    for (const none of ['mars/week/2025-03-03', 'ehrenfeld/week/2025-03-04', 'ehrenfeld/year/2025-01-01']) {
      expect([none, (await send('POST', `/api/v1/admin/letters/${none}/stop`, { key })).status]).toEqual([none, 404]);
    }
  });
});
