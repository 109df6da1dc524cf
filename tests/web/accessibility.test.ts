import { describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { LOOKS, violations } from './axe.ts';
import { openBrowser, openPage } from './browser.ts';

/** A station of the demo in Bristol, where there are neighbours. */
async function bristolStation(server: ServerProcess): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/stations`);
  const { features } = (await response.json()) as { features: { id: string; properties: { name: string } }[] };
  return features.find(({ properties }) => properties.name.startsWith('Bristol'))?.id ?? '';
}

interface View {
  name: string;
  path: (stationId: string) => string;
  /** What stands on the page when it is complete. */
  ready: string;
}

const VIEWS: View[] = [
  { name: 'the map', path: () => '/', ready: '.view-summary' },
  { name: 'the map with an index', path: () => '/?scale=lqi-2025&quantity=pm10', ready: '.view-summary' },
  { name: 'the map zoomed out', path: () => '/#6/51/-2', ready: '.view-summary' },
  { name: 'the sheet', path: (id) => `/?station=${id}`, ready: '.history-sentence' },
  { name: 'the table', path: () => '/?view=table', ready: '.station-table tbody tr' },
  { name: 'the station page', path: (id) => `/station/${id}`, ready: '.neighbours' },
  { name: 'the page of an area', path: () => '/area/demo-mitte?period=7d&limit=who2021', ready: '.theme-switch' },
  { name: 'the comparison', path: (id) => `/compare?stations=${id}&period=30d&limit=eu2030`, ready: '.theme-switch' },
  { name: 'the list of areas', path: () => '/area', ready: '.theme-switch' },
  { name: 'the list of stations', path: () => '/stations', ready: '.theme-switch' },
  { name: 'the page of methods', path: () => '/methods', ready: '.theme-switch' },
  { name: 'a page of text', path: () => '/accessibility', ready: '.theme-switch' },
  { name: 'a missing page', path: () => '/nothing-here', ready: '.theme-switch' },
];

async function check(browser: Browser, url: string, look: BrowserContextOptions, ready: string): Promise<string[]> {
  // The checker itself is a script that the content policy would refuse.
  const { page } = await openPage(browser, url, { ...look, bypassCSP: true });
  await page.locator(ready).first().waitFor({ state: 'attached' });
  const found = await violations(page);
  await page.context().close();
  return found;
}

describe('accessibility', () => {
  it.each(LOOKS)('axe finds nothing in any view: $locale, $colorScheme, $viewport.width px wide', async (look) => {
    const server = await startServerProcess({ args: ['--demo'] });
    const stationId = await bristolStation(server);
    const browser = await openBrowser();
    const found: string[] = [];
    for (const { name, path, ready } of VIEWS) {
      const here = await check(browser, server.url + path(stationId), look, ready);
      found.push(...here.map((violation) => `${name}: ${violation}`));
    }
    expect(found).toEqual([]);
  });

  it('the map works with the keyboard alone', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page } = await openPage(await openBrowser(), server.url);
    await until('stations', async () => (await page.locator('.view-summary').count()) === 1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip-link');
    await page.locator('.map').focus();
    await page.keyboard.press('ArrowRight');
    const said = page.locator('.map-page > [role=status]');
    // The one nearest to the middle; at some hours of the recording it is silent, and its line says so.
    const named = /Bristol, Sensor \d+, .*(µg\/m³|kein Wert)/;
    await until('the first station is named', async () => named.test(await said.innerText()));
    const first = await said.innerText();
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    expect(await said.innerText()).not.toBe('');
    await page.keyboard.press('Enter');
    await until(
      'the sheet has focus',
      async () => (await page.evaluate(() => document.activeElement?.id)) === 'sheet-heading',
    );
    expect(new URL(page.url()).searchParams.get('station')).toMatch(/^[a-z0-9]{10}$/);
    await page.keyboard.press('Escape');
    await until('the sheet is gone', async () => (await page.locator('.sheet').count()) === 0);
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('map');
    expect(first).toContain('Bristol');
  });

  it('live changes are not announced, and nothing moves for who asked for calm', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page } = await openPage(await openBrowser(), `${server.url}/?station=${await bristolStation(server)}`, {
      reducedMotion: 'reduce',
    });
    await page.locator('.history-sentence').waitFor();
    const live = await page.evaluate(() =>
      [...document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]')].map(
        (element) => element.textContent,
      ),
    );
    expect(live.every((text) => text?.trim() === '')).toBe(true);
    const transitions = await page.evaluate(
      () => getComputedStyle(document.querySelector('.sheet') ?? document.body).transitionDuration,
    );
    expect(transitions).toBe('0s');
  });

  it('enlarged to 400 % the map keeps a height worth its name, and the page scrolls to its end', async () => {
    const server = await startServerProcess();
    const viewport = { width: 320, height: 256 };
    const { page } = await openPage(await openBrowser(), server.url, { viewport });
    await page.locator('.layer-toggle').waitFor();
    const map = await page.locator('.map-area').boundingBox();
    expect(map?.height).toBeGreaterThan(150);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    await page.locator('.site-footer').scrollIntoViewIfNeeded();
    expect((await page.locator('.layer-toggle').boundingBox())?.y).toBeLessThan(viewport.height);
  });
});
