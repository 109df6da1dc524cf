import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createPagesRouter, pagesPaths } from '../../server/api/pages.ts';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { readDistricts } from '../../server/areas/districtsFile.ts';
import { loadConfig } from '../../server/config.ts';
import type { Aggregate } from '../../server/domain/aggregate.ts';
import { emptyRow } from '../../server/domain/rollup.ts';
import type { Station } from '../../server/domain/station.ts';
import type { Agreement } from '../../server/live/agreements.ts';
import { packageRoot } from '../../server/packageRoot.ts';
import type { UncertainRow } from '../../server/rollups/rollups.ts';
import { type Bucket, type ReadingStore, StoreUnavailableError } from '../../server/store/readingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { stationOf } from '../support/stations.ts';
import { startTestServer } from '../support/testServer.ts';

const NOW = Date.parse('2026-11-05T20:10:00Z');
const HOUR = 3_600_000;

interface PagesOptions {
  stations?: Station[];
  aggregate?: Partial<Aggregate>;
  hours?: () => Promise<Bucket[]>;
  settings?: Record<string, string>;
  /** File of districts. */
  districts?: string;
  dataDir?: string;
  /** Daily means of the station. */
  days?: UncertainRow[];
  agreement?: Agreement;
  /** Means of the last closed hours, latest first. */
  hourMeans?: (number | null)[];
  areFurtherIndicesOn?: boolean;
  series?: Awaited<ReturnType<ReadingStore['seriesOf']>>;
}

/** The application with the pages, on plain objects in place of live side and store. */
async function startPages({
  districts,
  stations = [stationOf('abcde12345')],
  aggregate,
  hours,
  settings,
  dataDir,
  days = [],
  agreement,
  hourMeans = [],
  areFurtherIndicesOn = false,
  series = [],
}: PagesOptions = {}) {
  const value: Aggregate = {
    ...{ stationId: 'abcde12345', sensor: 'sds011', quantity: 'pm25', average: '1h', value: 12.4, count: 23 },
    ...{ expected: 24, coverage: 0.958, state: 'ok', at: NOW, lastMeasuredAt: NOW - 100_000, flags: [], ...aggregate },
  } as Aggregate;
  const router = createPagesRouter({
    config: loadConfig({ ...settings, ...(dataDir && { DATA_DIR: dataDir }) }),
    version: '1.2.3',
    rootDir: packageRoot(),
    clock: () => NOW,
    station: (id) => stations.find((station) => station.id === id),
    stations: () => stations,
    areas: new AreaDirectory(districts ? await readDistricts(districts) : [], () => stations),
    aggregator: {
      aggregate: () => value,
      latest: () => ({ pm25: { ...latestOf(9.9), flags: ['claimed'] }, humidity: latestOf(88), noise: latestOf(50) }),
      facts: () => ({ healthClass: 'ok', coverage24h: value?.coverage ?? 0 }),
    },
    rollups: { rows: async ({ window }) => (window === 'day' ? days : hourMeans.map(hourBefore)) },
    areFurtherIndicesOn,
    agreementOf: async () => (agreement ? { pm25: agreement } : {}),
    dayOffsetMs: 3_600_000,
    readings: {
      buckets: hours ?? (async () => week()),
      raw: async () => [],
      seriesOf: async () => series,
    },
  });
  return startTestServer({
    clock: () => NOW,
    ...(settings && { settings }),
    routers: [{ path: '/', router, paths: pagesPaths }],
  });
}

/** Row of a closed hour: the last one, or hours before it. */
function hourBefore(mean: number | null, age: number): UncertainRow {
  const end = Math.floor(NOW / HOUR) * HOUR - age * HOUR;
  const series = { stationId: 'abcde12345', sensor: 'sds011', quantity: 'pm25' } as const;
  return { ...emptyRow(series, { start: end - HOUR, end, cadenceMs: 150_000, now: NOW }), mean };
}

function latestOf(value: number) {
  return { value, measuredAt: new Date(NOW - 100_000).toISOString(), flags: [], sensor: 'sds011' };
}

function week(): Bucket[] {
  const first = Math.floor(NOW / HOUR) * HOUR - 168 * HOUR;
  return Array.from({ length: 169 }, (_, i) => {
    const mean = 10 + (i % 24);
    return { start: first + i * HOUR, count: 24, mean, min: mean - 2, max: mean + 2, sum: mean * 24, median: mean };
  });
}

/** Fetches with headers of our own choosing: `fetch` always adds a language. */
function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function page(url: string, headers?: Record<string, string>): Promise<string> {
  const { body } = await get(url, headers);
  return body.toString();
}

describe('every page', () => {
  it.each(['/', '/station/abcde12345', '/about', '/imprint', '/privacy', '/accessibility', '/leichte-sprache'])(
    '%s has language, title, description, one main heading and the footer',
    async (path) => {
      const { url } = await startPages();
      const html = await page(url + path);
      expect(html).toMatch(/^<!doctype html>\n<html lang="de">/);
      expect(html).toMatch(/<title>[^<]{5,}<\/title>/);
      expect(html).toMatch(/<meta name="description" content="[^"]{5,}">/);
      expect(html.match(/<h1/g)).toHaveLength(1);
      for (const link of ['/imprint', '/privacy', '/accessibility', '/leichte-sprache'])
        expect(html).toContain(`href="${link}"`);
    },
  );

  it('speaks the language of the address, else of the browser, else of the instance', async () => {
    const { url } = await startPages({ settings: { LANGUAGE: 'en' } });
    expect(await page(`${url}/`, { 'Accept-Language': 'fr' })).toContain('<html lang="en">');
    expect(await page(`${url}/`, { 'Accept-Language': 'fr, de;q=0.8, en;q=0.7' })).toContain('<html lang="de">');
    expect(await page(`${url}/?lang=en`, { 'Accept-Language': 'de' })).toContain('<html lang="en">');
  });

  it('keeps a language that was chosen in its links, and the layer in the link to the other language', async () => {
    const { url } = await startPages();
    const html = await page(`${url}/station/abcde12345?lang=en&quantity=pm10&evil=%22%3E`);
    expect(html).toContain('href="/imprint?lang=en"');
    expect(html).toContain('href="/station/abcde12345?lang=de&amp;quantity=pm10"');
    expect(html).not.toContain('evil');
  });

  it('runs no script but our own', async () => {
    const { url } = await startPages();
    const { headers, body } = await get(`${url}/`);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}'(;|$)/);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(body.toString()).not.toMatch(/ style="| on[a-z]+="|https?:\/\//);
  });

  it('answers an unknown address with a page and 404', async () => {
    const { url } = await startPages();
    const { status, body } = await get(`${url}/no/such/page`);
    expect(status).toBe(404);
    expect(body.toString()).toContain('Seite nicht gefunden');
    expect(body.toString()).toContain('content="noindex"');
  });

  it('leaves API addresses to the API', async () => {
    const { url } = await startPages();
    const { status, headers } = await get(`${url}/api/v1/nothing`);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });
});

describe('the station page without scripts', () => {
  it('says the value as a sentence, what it rests on and how old it is', async () => {
    const { url } = await startPages();
    const html = await page(`${url}/station/abcde12345`);
    expect(html).toContain('PM2,5, Mittel der letzten 60 Minuten');
    expect(html).toContain('<span class="figure-number">12,4</span>');
    expect(html).toContain('Gestützt auf 23 von 24 erwarteten Messungen (95\u202f%). Letzte Messung vor einer Minute.');
    expect(html).toContain('über 10 bis 20');
    expect(html).toContain('Nur Feinstaub. Ozon, Stickstoffdioxid und Pollen misst dieses Netz nicht.');
    // A time that the device claimed says nothing against its value.
    expect(html).not.toContain('zweifelhaft');
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
    expect(html).toContain('Usually at this time (hour from 21:00, median of 7 of the last 7 days): 10.0\u202fµg/m³.');
    expect(html).toContain('Humidity 88\u202f%: from 85 %');
  });

  it('says how it agrees with its neighbours, and that agreement is not correctness', async () => {
    const agreement: Agreement = {
      hour: { start: NOW - 2 * HOUR, flags: [], z: 0.4, stations: 6 },
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

  it('gives no class without a valid last hour: unknown is never good', async () => {
    const html = await page(`${(await startPages({ hourMeans: [null, 3, 3] })).url}/station/abcde12345`);
    expect(html).toContain('Die Stunde von 20:00 bis 21:00 hat kein gültiges Mittel, also auch keine Klasse.');
    expect(html).not.toContain('LQI-Klasse');
  });

  it('tells changes of the station and what its owner marked', async () => {
    const marks = [{ kind: 'moved' as const, at: NOW - 30 * HOUR }];
    const annotations = [
      { id: 'a1', kind: 'barbecue' as const, from: NOW - 5 * HOUR, to: NOW - 4 * HOUR, createdAt: NOW },
    ];
    const { url } = await startPages({ stations: [stationOf('abcde12345', { marks, annotations })] });
    const html = await page(`${url}/station/abcde12345`);
    expect(html.match(/Station versetzt/g)).toHaveLength(1);
    expect(html.match(/Grillen/g)).toHaveLength(2);
  });

  it('draws the daily means of 30 days against the value the reader chose, with their uncertainty', async () => {
    const day = (before: number, mean: number | null): UncertainRow => {
      const start = Date.parse('2026-11-04T23:00:00Z') - before * 24 * HOUR;
      const series = { stationId: 'abcde12345', sensor: 'sds011', quantity: 'pm25' } as const;
      const row = emptyRow(series, { start, end: start + 24 * HOUR, cadenceMs: 150_000, now: NOW });
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
    expect(html).toContain('href="/report?station=abcde12345&amp;quantity=pm25&amp;from=2023-01-10&amp;to=2023-02-08"');
  });

  it('names the period that holds no readings', async () => {
    const html = await page(`${(await startPages({ hours: async () => [] })).url}/station/abcde12345`);
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

describe('the operator’s pages', () => {
  it('fill in name, contact and licence', async () => {
    const { url } = await startPages({ settings: { INSTANCE_NAME: 'Luft & Leute', CONTACT: 'luft@example.org' } });
    const html = await page(`${url}/imprint`);
    expect(html).toContain('<strong>Luft &amp; Leute</strong>');
    expect(html).toContain('luft@example.org');
    expect(html).not.toContain('{{');
  });

  it('come from the data folder when there is a file, with HTML in it shown as text', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pages-'));
    closeAfterTest(() => rmSync(dataDir, { recursive: true, force: true }));
    mkdirSync(join(dataDir, 'pages'));
    writeFileSync(
      join(dataDir, 'pages', 'imprint.de.md'),
      '# Unser Impressum\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) [gut](https://example.org)\n',
    );
    const { url } = await startPages({ dataDir });
    const html = await page(`${url}/imprint`);
    expect(html).toContain('<title>Unser Impressum – Bürgerluft</title>');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('javascript:');
    expect(html).toContain('<a href="https://example.org">gut</a>');
  });

  it('say in which language they really are', async () => {
    const { url } = await startPages();
    expect(await page(`${url}/privacy?lang=en`)).toContain('<article class="text" lang="en"><h1>Privacy</h1>');
  });
});

describe('files of the pages', () => {
  it('come compressed as the browser wants them and are kept for ever when their name is a hash', async () => {
    const { url } = await startPages();
    const [script = ''] = /\/assets\/map-[^"]+\.js/.exec(await page(`${url}/`)) ?? [];
    const plain = await get(url + script);
    const brotli = await get(url + script, { 'Accept-Encoding': 'gzip, br' });
    const gzip = await get(url + script, { 'Accept-Encoding': 'gzip' });
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect([brotli.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
    expect(brotli.body.length).toBeLessThan(gzip.body.length);
    expect(gzip.body.length).toBeLessThan(plain.body.length / 2);
  });

  it('are not sent again when they did not change', async () => {
    const { url } = await startPages();
    const first = await get(`${url}/favicon.svg`);
    const again = await get(`${url}/favicon.svg`, { 'If-None-Match': String(first.headers.etag) });
    expect([first.status, again.status, again.body.length]).toEqual([200, 304, 0]);
  });

  it.each(['/assets/../manifest.json', '/manifest.json', '/../package.json', '/assets/%2e%2e/%2e%2e/package.json'])(
    'hold nothing else: %s',
    async (path) => {
      const { url } = await startPages();
      expect((await get(url + path)).status).toBe(404);
    },
  );
});

describe('GET /api/v1/instance', () => {
  it('says what the installation is', async () => {
    const { url } = await startPages({
      settings: { INSTANCE_NAME: 'Luft', MAP_CENTER: '51.45,7.01', MAP_ZOOM: '12', CONTACT: 'a@b.de' },
    });
    expect(JSON.parse(await page(`${url}/api/v1/instance`))).toEqual({
      name: 'Luft',
      contact: 'a@b.de',
      language: 'de',
      timeZone: 'Europe/Berlin',
      center: { lat: 51.45, lon: 7.01 },
      zoom: 12,
      licence: 'ODbL-1.0',
      version: '1.2.3',
    });
  });
});

describe('GET /api/v1/districts', () => {
  it('gives name and outline of each district and nothing else of the file', async () => {
    const districts = join(packageRoot(), 'tests/fixtures/geo/koeln-stadtbezirke.geojson');
    const { url } = await startPages({ districts, settings: { DISTRICTS: districts } });
    const { headers, body } = await get(`${url}/api/v1/districts`);
    expect(headers['content-type']).toBe('application/geo+json; charset=utf-8');
    const { features } = JSON.parse(body.toString());
    expect(features).toHaveLength(9);
    expect(features.map(({ properties }: { properties: { name: string } }) => properties.name)).toContain('Ehrenfeld');
    expect(Object.keys(features[0].properties)).toEqual(['kind', 'id', 'name']);
    expect(JSON.parse(await page(`${url}/api/v1/instance`)).districtsUrl).toBe('/api/v1/districts');
  });

  it('is not there where none are configured', async () => {
    const none = await startPages();
    expect((await get(`${none.url}/api/v1/districts`)).status).toBe(404);
  });
});
