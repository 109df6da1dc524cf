import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../../server/process/packageRoot.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { get, page, startPages } from './pagesHouse.ts';

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

  it('answers other methods at its pages and their files by 405 and Allow, and 404 where there is none', async () => {
    const { url } = await startPages();
    const ask = async (method: string, path: string) => {
      const { status, headers } = await fetch(url + path, { method });
      return [status, headers.get('allow')];
    };
    const [asset = ''] = /\/assets\/[^"]+/.exec(await page(`${url}/`)) ?? [];
    const pages = ['/', '/station/abcde12345', '/station/x', '/area', '/compare', '/stations', '/methods', '/imprint'];
    for (const path of [...pages, asset, '/favicon.svg']) {
      for (const method of ['DELETE', 'PUT', 'PATCH', 'POST']) {
        expect([path, method, ...(await ask(method, path))]).toEqual([path, method, 405, 'GET, HEAD']);
      }
      expect([path, (await ask('HEAD', path))[0], (await ask('OPTIONS', path))[0]]).not.toContain(405);
    }
    for (const path of ['/no/such/page', '/assets/none.js']) expect(await ask('DELETE', path)).toEqual([404, null]);
  });

  it('leaves API addresses to the API', async () => {
    const { url } = await startPages();
    const { status, headers } = await get(`${url}/api/v1/nothing`);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
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
    const dataDir = temporaryFolder();
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
  it('says where hours begin when that is no full hour of UTC', async () => {
    const { url } = await startPages({ settings: { DAY_OFFSET: '+05:30' } });
    expect(JSON.parse(await page(`${url}/api/v1/instance`)).hourShiftMs).toBe(1_800_000);
  });

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
    const zipped = await get(`${url}/api/v1/districts`, { 'Accept-Encoding': 'br, gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body)).toEqual(body);
    expect(JSON.parse(await page(`${url}/api/v1/instance`)).districtsUrl).toBe('/api/v1/districts');
    const { extent } = JSON.parse(await page(`${url}/api/v1/instance`));
    expect(Object.values(extent).map((degrees) => Math.round(Number(degrees) * 10) / 10)).toEqual([
      6.8, 50.8, 7.2, 51.1,
    ]);
    expect(await page(url)).toMatch(
      /<noscript>.*Die Karte braucht JavaScript.*<a href="\/area">Gebiete<\/a>: ihre Mediane der letzten 24 Stunden</,
    );
  });

  it('is not there where none are configured', async () => {
    const none = await startPages();
    expect((await get(`${none.url}/api/v1/districts`)).status).toBe(404);
  });
});
