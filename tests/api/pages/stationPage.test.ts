import { describe, expect, it } from '@jest/globals';
import type { Aggregate } from '../../../server/domain/aggregate.ts';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import { officialDayMean } from '../../../server/domain/means/clockMean.ts';
import { emptyRow } from '../../../server/domain/means/rollup.ts';
import type { Station } from '../../../server/domain/station.ts';
import type { Agreement } from '../../../server/live/agreements.ts';
import type { UncertainRow } from '../../../server/rollups/rollups.ts';
import { StoreUnavailableError } from '../../../server/store/readingStore.ts';
import { stationOf } from '../../support/stations.ts';
import { get, NOW, page, startPages } from './pagesHouse.ts';

describe('the station page without scripts', () => {
  it('says the value as a sentence, what it rests on and how old it is', async () => {
    const { url } = await startPages();
    const html = await page(`${url}/station/abcde12345`);
    expect(html).toContain('PM2,5, Mittel der letzten 60 Minuten');
    expect(html).toContain('<span class="figure-number">12,4</span>');
    expect(html).toContain('Gestützt auf 23 von 24 erwarteten Messungen (95\u202f%). Letzte Messung vor einer Minute.');
    expect(html).toContain('Klasse über 10 bis 20');
    expect(html).toContain('Nur Feinstaub. Ozon, Stickstoffdioxid und Pollen misst dieses Netz nicht.');
    // A time that the device claimed says nothing against its value.
    expect(html).not.toContain('zweifelhaft');
  });

  it('says of a reading that means are not made of what is wrong with it', async () => {
    const at = '2026-11-05T20:00:00.000Z';
    const latest = {
      pm25: { value: 999.9, measuredAt: at, flags: ['claimed', 'saturated'], sensor: 'sds011' },
      temperature: { value: -145.8, measuredAt: at, flags: ['out-of-range'], sensor: 'bme280' },
    };
    const { url } = await startPages({ latest, aggregate: { flags: ['saturated'] } });
    const german = await page(`${url}/station/abcde12345`);
    expect(german).toContain('<p class="value-state">Der letzte Messwert ist ungültig (am Ende des Messbereichs).</p>');
    expect(german).not.toContain('als zweifelhaft gekennzeichnet');
    expect(german).toContain('>ungültig (unmöglicher Wert)</span>');
    const english = await page(`${url}/station/abcde12345?lang=en`);
    expect(english).toContain('The last reading is invalid (at full scale).');
  });

  it('draws the courses and writes them as a table', async () => {
    const { url } = await startPages();
    const html = await page(`${url}/station/abcde12345`);
    expect(html.match(/<svg class="course"[^>]*role="img" aria-label="PM2,5 von /g)).toHaveLength(2);
    expect(html).toMatch(
      /<caption>Stundenmittel PM2,5 in µg\/m³, Stunden beginnend, Zeitzone Europe\/Berlin<\/caption>/,
    );
    expect(html.match(/<tr><th scope="row">/g)?.length).toBeGreaterThan(24 + 168);
  });

  it('says what is usual at this hour and that humid air raises the value', async () => {
    const { url } = await startPages();
    const html = await page(`${url}/station/abcde12345?lang=en`);
    expect(html).toMatch(
      /More than usual at this time. On the last 7 days the hour from 20:00 was at 10.0\u202fµg\/m³./,
    );
    expect(html).toContain('Humidity 88\u202f%: from 85 %');
  });

  it('says how it agrees with its neighbours, and that agreement is not correctness', async () => {
    const agreement: Agreement = {
      hour: { start: NOW - 2 * HOUR_MS, flags: [], z: 0.4, stations: 6 },
      month: { correlation: 0.912, hours: 700, isAgreeing: true },
      network: { state: 'deviates', bias: 12.34, hours: 24 },
    };
    const { url } = await startPages({ agreement });
    const html = await page(`${url}/station/abcde12345`);
    expect(html).toContain('wie bei den Nachbarn (6 Stationen verglichen). Übereinstimmung heißt nicht');
    expect(html).toContain('wie bei den Nachbarn (Korrelation 0,91 über 700 Stunden).');
    expect(html).toContain('im Mittel der letzten 24 Stunden um +12,3\u202fµg/m³.');
  });

  it('names the index classes of the last closed hour, the US index by NowCast where it is turned on', async () => {
    const hourMeans = [12.4, 20, 30];
    const html = await page(`${(await startPages({ hourMeans })).url}/station/abcde12345`);
    expect(html).toContain('LQI-Klasse, nur PM2,5');
    expect(html).toContain('Stunde von 20:00 bis 21:00: 12,4\u202fµg/m³');
    expect(html).not.toContain('US-AQI');
    const further = await page(
      `${(await startPages({ hourMeans, areFurtherIndicesOn: true })).url}/station/abcde12345?lang=en`,
    );
    // Weight 0.5: (12.4 + 10 + 7.5) / 1.75 = 17.08, truncated to 17.0; 51 + 49 / 26.3 * (17 - 9.1) = 65.7.
    expect(further).toMatch(/US AQI class, PM2\.5 only<\/dt><dd>.*?66, Moderate/s);
    expect(further).toContain('NowCast of the 12 hours to 21:00: 17.0\u202fµg/m³');
    const methods = await page(`${(await startPages({ areFurtherIndicesOn: true })).url}/methods?lang=en`);
    expect(methods).toContain('id="index-us-aqi-2024"');
  });

  it('shows a mean with the digits that its class rests on', async () => {
    const shown = async (mean: number) => page(`${(await startPages({ hourMeans: [mean] })).url}/station/abcde12345`);
    // Rounded half up to whole µg/m³: 5 and 6. Both as 5,5 would leave the class unexplained.
    expect(await shown(5.49)).toMatch(/sehr gut <span class="note">Stunde von 20:00 bis 21:00: 5,49\u202fµg\/m³/);
    expect(await shown(5.5)).toMatch(/gut <span class="note">Stunde von 20:00 bis 21:00: 5,5\u202fµg\/m³/);
  });

  it('gives no class without a valid last hour: unknown is never good', async () => {
    const html = await page(`${(await startPages({ hourMeans: [null, 3, 3] })).url}/station/abcde12345`);
    expect(html).toContain('Die Stunde von 20:00 bis 21:00 hat kein gültiges Mittel, also auch keine Klasse.');
    expect(html).not.toContain('LQI-Klasse');
  });

  it('tells changes of the station and what its owner marked', async () => {
    const marks = [{ kind: 'moved' as const, at: NOW - 30 * HOUR_MS }];
    const annotations = [
      { id: 'a1', kind: 'barbecue' as const, from: NOW - 5 * HOUR_MS, to: NOW - 4 * HOUR_MS, createdAt: NOW },
    ];
    const { url } = await startPages({ stations: [stationOf('abcde12345', { marks, annotations })] });
    const html = await page(`${url}/station/abcde12345`);
    expect(html.match(/Station versetzt/g)).toHaveLength(1);
    expect(html.match(/Grillen/g)).toHaveLength(2);
  });

  it('draws the daily means of 30 days against the value the reader chose, with their uncertainty', async () => {
    const day = (before: number, mean: number | null): UncertainRow => {
      const start = Date.parse('2026-11-04T23:00:00Z') - before * DAY_MS;
      const series = { stationId: 'abcde12345', sensor: 'sds011', quantity: 'pm25' } as const;
      const row = emptyRow(series, { start, end: start + DAY_MS, cadenceMs: 150_000, now: NOW });
      return { ...row, mean, parts: { valid: mean === null ? 9 : 24, of: 24 }, ...(mean && { uncertainty: 8.8 }) };
    };
    const { url } = await startPages({ days: [day(3, 12.3), day(2, null), day(1, 22.6)] });
    const plain = await page(`${url}/station/abcde12345`);
    expect(plain).toContain('PM2,5: 2 gültige Tagesmittel, zwischen 12,3 und 22,6\u202fµg/m³.');
    expect(plain).toContain('<td class="number">22,6</td><td class="number">8,8</td><td class="number">24 / 24</td>');
    expect(plain).toContain('<td class="number">–</td><td class="number">–</td><td class="number">9 / 24</td>');
    expect(plain).toContain('href="/station/abcde12345?quantity=pm25&amp;limit=eu2030#days"');
    expect(plain).not.toContain('course-limit');
    const compared = await page(`${url}/station/abcde12345?limit=who2021`);
    expect(compared).toContain('WHO 2021, Tagesmittel 15\u202fµg/m³');
    expect(compared).toContain('href="/station/abcde12345?lang=en&amp;limit=who2021"');
    const none = await page(`${(await startPages()).url}/station/abcde12345?lang=en`);
    expect(none).toContain('There is no valid daily mean in the last 30 days.');
  });

  it('says of a station long silent when it measured, and leads to a report of its last month', async () => {
    const [first, last] = [Date.parse('2022-02-09T00:02:51Z'), Date.parse('2023-02-08T23:10:00Z')];
    const series = [{ sensor: 'sds011', quantity: 'pm25' as const, first, last }];
    const html = await page(`${(await startPages({ series })).url}/station/abcde12345`);
    expect(html).toContain('Gemessen wurde hier vom 9.2.2022 bis zum 9.2.2023.');
    expect(html).toContain('href="/report?station=abcde12345&amp;quantity=pm25&amp;from=2023-01-11&amp;to=2023-02-09"');
  });

  it('does not speak of a station that joined today as of one that was', async () => {
    const [first, last] = [NOW - 3 * 3_600_000, NOW];
    const series = [{ sensor: 'sds011', quantity: 'pm25' as const, first, last }];
    const html = await page(`${(await startPages({ series })).url}/station/abcde12345`);
    expect(html).toContain('In den letzten 30 Tagen gibt es kein gültiges Tagesmittel.');
    expect(html).not.toContain('Gemessen wurde hier');
  });

  it('of an official station leads to no report: those are about citizens’ stations', async () => {
    const reference = { network: 'Umweltbundesamt', code: 'DENW095', type: 'background' } as const;
    const [first, last] = [Date.parse('2022-02-09T00:00:00Z'), Date.parse('2023-02-08T23:00:00Z')];
    const series = [{ sensor: 'official', quantity: 'pm25' as const, first, last }];
    const stations = [stationOf('abcde12345', { reference })];
    const html = await page(`${(await startPages({ series, stations })).url}/station/abcde12345`);
    expect(html).toContain('Gemessen wurde hier vom 9.2.2022 bis zum 9.2.2023.');
    expect(html).toContain('Amtliche Messung, Stundenmittel. Quelle: Umweltbundesamt.');
    expect(html).not.toContain('href="/report?station=');
  });

  it('calls the daily means of a network that publishes days daily means', async () => {
    const reference = { network: 'Umweltbundesamt', type: 'background' } as const;
    const series = [{ sensor: 'official24h', quantity: 'pm10' as const, first: NOW - 9 * DAY_MS, last: NOW - DAY_MS }];
    const key = { stationId: 'abcde12345', sensor: 'official24h', quantity: 'pm25' } as const;
    const start = NOW - 48 * HOUR_MS;
    const row = emptyRow(key, { start, end: start + DAY_MS, cadenceMs: DAY_MS, now: NOW });
    const days = [{ ...row, ...officialDayMean(21, row) }];
    const stations = [stationOf('abcde12345', { reference })];
    const { url } = await startPages({ series, stations, days, aggregate: { value: undefined } as never });
    const html = await page(`${url}/station/abcde12345`);
    expect(html).toContain('Amtliche Messung, Tagesmittel. Quelle: Umweltbundesamt.');
    expect(html).toContain('<caption>Tagesmittel PM2,5 in µg/m³, wie das Messnetz sie veröffentlicht</caption>');
    expect(html).toContain('<p class="value-label">PM2,5, Amtliche Station</p>');
    expect(html).not.toContain('letztes veröffentlichtes Stundenmittel');
  });

  it('gives no mean of an hour whose readings do not bear one out', async () => {
    const row = (age: number, mean: number | null, count: number): UncertainRow => {
      const start = NOW - 10 * 60_000 - (age + 1) * HOUR_MS;
      const series = { stationId: 'abcde12345', sensor: 'sds011', quantity: 'pm25' } as const;
      const empty = emptyRow(series, { start, end: start + HOUR_MS, cadenceMs: 150_000, now: NOW });
      return { ...empty, mean, count, min: 8, max: 40 };
    };
    const hours = async () => [row(3, 12.3, 24), row(2, 14.5, 23), row(1, null, 13), row(0, null, 0)];
    const html = await page(`${(await startPages({ hours })).url}/station/abcde12345`);
    expect(html).toMatch(/Stundenmittel zwischen 12,3 und 14,5\u202fµg\/m³, zuletzt 14,5/);
    expect(html).toContain(
      '<td class="number">–</td><td class="number">8,0</td><td class="number">40,0</td><td class="number">13</td>',
    );
    const sparse = async () => [row(1, null, 13)];
    const none = await page(`${(await startPages({ hours: sparse })).url}/station/abcde12345`);
    expect(none).toContain('In den letzten 7 Tagen hat keine volle Stunde genug Messungen für ein Mittel.');
    expect(none).not.toContain('keine Messungen vor');
  });

  it('names the period that holds no readings', async () => {
    const html = await page(
      `${(await startPages({ hours: async () => [], aggregate: { lastMeasuredAt: 0 } })).url}/station/abcde12345`,
    );
    const [, day = '', week = ''] = html.split(/id="history-(?:24h|7d)-heading"/);
    expect(day).toContain('In den letzten 24 Stunden liegen keine Messungen vor.');
    expect(week).toContain('In den letzten 7 Tagen liegen keine Messungen vor.');
    expect(week).not.toContain('In den letzten 24 Stunden liegen');
  });

  it('gives the median of at least three valid stations around', async () => {
    const near = (id: string) => stationOf(id, { position: { lat: 51.46, lon: 7.01 } });
    const far = stationOf('faraway123', { position: { lat: 52.5, lon: 7.01 } });
    const { url } = await startPages({
      stations: [stationOf('abcde12345'), near('aaaaaaaaaa'), near('bbbbbbbbbb'), near('cccccccccc'), far],
    });
    const html = await page(`${url}/station/abcde12345`);
    expect(html).toContain('Median von 3 Stationen im Umkreis von 3\u202fkm: 12,4\u202fµg/m³.');
    expect(html).toContain('<a href="/station/aaaaaaaaaa">');
    expect(html).not.toContain('<a href="/station/faraway123">');
  });

  it.each<[Partial<Aggregate>, string]>([
    [{ lastMeasuredAt: NOW - 11 * 60_000 }, 'veraltet'],
    [{ state: 'sparse', coverage: 0.4 }, 'zu wenige Messungen'],
    [{ flags: ['saturated'] }, 'zweifelhaft'],
  ])('never gives an uncertain value a class: %o', async (aggregate, word) => {
    const { url } = await startPages({ aggregate });
    const html = await page(`${url}/station/abcde12345`);
    expect(html).toContain(`<span class="class-chip">${word}</span>`);
  });

  it('stays readable while the store is away', async () => {
    const { url } = await startPages({ hours: () => Promise.reject(new StoreUnavailableError('away')) });
    const { status, body } = await get(`${url}/station/abcde12345`);
    expect(status).toBe(200);
    expect(body.toString()).toContain('12,4');
    expect(body.toString()).toContain('Der Verlauf ist gerade nicht zu erreichen.');
  });

  it('shows the rounded place, no noise that was not released, and no markup from a name', async () => {
    const { url } = await startPages({
      stations: [stationOf('abcde12345', { name: '<img src=x onerror=alert(1)>"\'&' })],
    });
    const html = await page(`${url}/station/abcde12345`);
    expect(html).toContain('<h1>&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;</h1>');
    expect(html).not.toContain('<img');
    expect(html).toContain('"lat":51.457,');
    expect(html).not.toContain('51.4567891');
    expect(html).not.toContain('Lärm');
  });

  it.each<[string, Partial<Station>]>([
    ['pending', { status: 'pending' }],
    ['hidden', { status: 'hidden' }],
    ['indoors and not released', { isIndoor: true }],
  ])('does not exist for a station that is %s', async (_, change) => {
    const { url } = await startPages({ stations: [stationOf('abcde12345', { name: 'Geheim', ...change })] });
    const { status, body } = await get(`${url}/station/abcde12345`);
    expect(status).toBe(404);
    expect(body.toString()).not.toContain('Geheim');
  });
});
