import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText } from './browser.ts';

const MAP_FILE = join(packageRoot(), 'tests/fixtures/maps/natural-earth.pmtiles');

/** A file with two places. */
function placesFile(): string {
  const path = join(temporaryFolder(), 'places.tsv');
  const lines = ['# credit: © OpenStreetMap', 'name\tkind\tlat\tlon\tcontext\tpostcode'];
  lines.push(
    'Köln\tplace\t50.9384\t6.9599\tNordrhein-Westfalen\t',
    'Venloer Straße\tstreet\t50.9506\t6.9138\tKöln\t50823',
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Pixels of the file's tiles, land as the theme paints it. */
function landPixels(page: Page, red: number, canvas = 'canvas.leaflet-tile-loaded'): Promise<number> {
  return page.evaluate(
    ([selector, wanted]) => {
      let count = 0;
      for (const tile of document.querySelectorAll<HTMLCanvasElement>(selector)) {
        const data = tile.getContext('2d')?.getImageData(0, 0, tile.width, tile.height).data ?? [];
        for (let i = 0; i < data.length; i += 4) if (data[i] === wanted && data[i + 3] === 255) count += 1;
      }
      return count;
    },
    [canvas, red] as const,
  );
}

const LAND_RED = { light: 0xec, dark: 0x1f } as const;
const coordinatesOf = async (page: Page) => (await page.inputValue('#coordinates')).split(', ').map(Number);

describe('the operator’s own map', () => {
  it.each(['light', 'dark'] as const)(
    'is drawn below the stations, %s, and nobody else is asked',
    async (colorScheme) => {
      const server = await startServerProcess({ settings: { MAP_FILE } });
      const { page, problems, requested } = await openPage(await openBrowser(), `${server.url}/#4/51/10`, {
        colorScheme,
      });
      await until('land is painted', async () => (await landPixels(page, LAND_RED[colorScheme])) > 10_000);
      await untilText(page, '.leaflet-control-attribution', 'Natural Earth');
      expect(requested.filter((address) => !address.startsWith(server.url) && !address.startsWith('data:'))).toEqual(
        [],
      );
      expect(problems).toEqual([]);
    },
  );

  it('follows a change of the theme', async () => {
    const server = await startServerProcess({ settings: { MAP_FILE } });
    const { page } = await openPage(await openBrowser(), `${server.url}/#4/51/10`);
    await until('light', async () => (await landPixels(page, LAND_RED.light)) > 10_000);
    await page.selectOption('#theme-switch select', 'dark');
    await until('dark', async () => (await landPixels(page, LAND_RED.dark)) > 10_000);
  });

  it('costs nothing where there is none', async () => {
    const server = await startServerProcess();
    const { page, requested } = await openPage(await openBrowser(), server.url);
    await page.locator('.connection.is-live').waitFor();
    await until('the backdrop is painted', async () => {
      return (await landPixels(page, LAND_RED.light, '.leaflet-tile-pane .map-canvas')) > 10_000;
    });
    expect(requested.filter((address) => /fileLayer|pmtiles/.test(address))).toEqual([]);
  });
});

describe('the search beside the map', () => {
  it('finds places of the operator’s file too, moves the map there and says what there is not', async () => {
    const server = await startServerProcess({ settings: { PLACES_FILE: placesFile() } });
    const { page, problems } = await openPage(await openBrowser(), `${server.url}/?view=table#9/52/8`);
    const field = page.getByRole('combobox', { name: 'Station oder Ort suchen' });
    await field.fill('venlo');
    await untilText(page, '#search-results [role=option]', '50823 Köln');
    await page.keyboard.press('Enter');
    await until('the map is there', () => page.url().includes('#15/50.95') && !page.url().includes('view=table'));
    await untilText(page, '.leaflet-control-attribution', '© OpenStreetMap');
    await field.fill('nirgendwo');
    await untilText(page, '.search-nothing', 'Keine Station und kein Ort heißt „nirgendwo“.');
    expect(problems).toEqual([]);
  });
});

describe('a pin on the map', () => {
  it('is put by click, moved with the keyboard, and taken over from search and coordinates', async () => {
    const settings = { MAP_FILE, PLACES_FILE: placesFile(), REGISTRATION: 'open' };
    const server = await startServerProcess({ settings });
    const { page, problems } = await openPage(await openBrowser(), `${server.url}/host`);
    await page.locator('.place-map canvas').first().waitFor({ state: 'attached' });

    await page.fill('#place-search', 'venlo');
    await page.locator('#place-results [role=option]').waitFor();
    await untilText(page, '#place-results [role=option]', '50823 Köln');
    await page.keyboard.press('Enter');
    await until('the found place is taken over', async () => (await coordinatesOf(page))[0] === 50.9506);
    expect(await coordinatesOf(page)).toEqual([50.9506, 6.9138]);
    await untilText(page, '.public-cell', 'um 50.9510, 6.9136');

    await page.locator('.place-map').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await until('the pin has moved', async () => ((await coordinatesOf(page))[1] ?? 0) > 6.9138);
    const [lat = 0, lon = 0] = await coordinatesOf(page);
    expect([lat > 50.9506, lat < 50.952, lon > 6.9138, lon < 6.916]).toEqual([true, true, true, true]);
    const said = page.locator('.place-map ~ [role=status]');
    const words = `Nadel bei ${lat.toFixed(5)}, ${lon.toFixed(5)}`;
    await until('it is said where', async () => (await said.innerText()) === words);

    await page.locator('.place-map').click({ position: { x: 100, y: 100 } });
    await until('the pin is there', async () => ((await coordinatesOf(page))[1] ?? 9) < lon);
    const [clickedLat = 0, clickedLon = 0] = await coordinatesOf(page);
    expect([clickedLat > lat, clickedLon < lon]).toEqual([true, true]);

    await page.fill('#coordinates', '51, 7');
    await untilText(page, '.public-cell', 'um 51.0000, 7.0000');
    await page.check('input[name=grid][value="2000"]');
    await untilText(page, '.public-cell', '2 km mal 2 km');
    await page.reload();
    await until('the pin is there again', async () => (await coordinatesOf(page)).join() === '51,7');
    expect(problems).toEqual([]);
  });

  it('says of no place that there is none while places cannot be asked for', async () => {
    const server = await startServerProcess({ settings: { PLACES_FILE: placesFile(), REGISTRATION: 'open' } });
    const { page } = await openPage(await openBrowser(), `${server.url}/host`);
    await page.route('**/api/v1/places?**', (route) => route.abort());
    const failed = page.waitForEvent('console', (message) => message.text().includes('search for places failed'));
    await page.fill('#place-search', 'nirgendw');
    await failed;
    expect(await page.locator('.place-search').innerText()).not.toContain('nirgendw');
    await page.unroute('**/api/v1/places?**');
    await page.fill('#place-search', 'nirgendwo');
    await page.locator('.place-search .note', { hasText: 'nirgendwo' }).waitFor();
  });

  it('without a street map the page says so, and coordinates do', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open' } });
    const { page } = await openPage(await openBrowser(), `${server.url}/host`);
    await page.locator('.place-picker', { hasText: 'Diese Karte ist grob' }).waitFor();
    await until('the backdrop is painted', async () => {
      return (await landPixels(page, LAND_RED.light, '.place-map .leaflet-tile-pane .map-canvas')) > 10_000;
    });
    expect(await page.locator('#place-search').count()).toBe(0);
  });
});
