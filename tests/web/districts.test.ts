import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { districtsOf } from '../../web/state/districts.ts';
import { parseUrlState } from '../../web/state/urlState.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText } from './browser.ts';

const square = (west: number, south: number) => [
  [west, south],
  [west + 0.0625, south],
  [west + 0.0625, south + 0.03125],
  [west, south + 0.03125],
  [west, south],
];
const districts = {
  type: 'FeatureCollection' as const,
  features: [
    {
      type: 'Feature' as const,
      properties: { id: 'sued', name: 'Südstadt' },
      geometry: { type: 'MultiPolygon' as const, coordinates: [[square(7, 50.875)], [square(7.125, 50.9375)]] },
    },
    {
      type: 'Feature' as const,
      properties: { id: 'nord', name: 'Nordstadt' },
      geometry: { type: 'Polygon' as const, coordinates: [square(6.875, 51)] },
    },
  ],
};

/** A file of two districts. */
function districtsFile(): string {
  const path = join(temporaryFolder(), 'districts.geojson');
  writeFileSync(path, JSON.stringify(districts));
  return path;
}

describe('the districts that the search knows', () => {
  it('lie in the box around all their parts', () => {
    expect(districtsOf(districts)).toEqual([
      { id: 'sued', name: 'Südstadt', box: { west: 7, south: 50.875, east: 7.1875, north: 50.96875 } },
      { id: 'nord', name: 'Nordstadt', box: { west: 6.875, south: 51, east: 6.9375, north: 51.03125 } },
    ]);
  });

  it('are found by name, chosen by keyboard, and the map then shows them whole', async () => {
    const server = await startServerProcess({ settings: { DISTRICTS: districtsFile() } });
    const { page, problems } = await openPage(await openBrowser(), `${server.url}/?view=table#16/52/8`);
    const field = page.getByRole('combobox', { name: 'Station oder Gebiet suchen' });
    await field.fill('sudst');
    await untilText(page, '#search-results [role=option][aria-selected=true]', 'SüdstadtGebiet');
    await page.keyboard.press('Enter');
    const place = () => parseUrlState(new URL(page.url()).search, new URL(page.url()).hash).position;
    // Farther out than the map was before, with the panel beside it: the middle lies west of the district's.
    await until('the map is there', () => (place()?.zoom ?? 16) < 14 && Math.abs((place()?.lat ?? 0) - 50.922) < 0.01);
    expect(page.url()).not.toContain('view=table');
    expect(place()?.lon).toBeGreaterThan(6.97);
    expect(place()?.lon).toBeLessThan(7.09);
    await field.fill('weststadt');
    await untilText(page, '.search-nothing', 'Keine Station und kein Gebiet heißt „weststadt“.');
    expect(problems).toEqual([]);
  });

  it('lead on to their own page from where the search found them, with the language and the layer', async () => {
    const server = await startServerProcess({ settings: { DISTRICTS: districtsFile() } });
    const { page, problems } = await openPage(await openBrowser(), `${server.url}/?lang=en&quantity=pm10`);
    const field = page.getByRole('combobox', { name: 'Find a station or area' });
    await field.fill('sudst');
    await untilText(page, '#search-results [role=option][aria-selected=true]', 'SüdstadtArea');
    await page.keyboard.press('Enter');
    const link = page.getByRole('link', { name: 'To the page of Südstadt' });
    await link.waitFor();
    await field.fill('nord');
    await link.waitFor({ state: 'detached' });
    await untilText(page, '#search-results [role=option][aria-selected=true]', 'NordstadtArea');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'To the page of Nordstadt' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await untilText(page, 'h1', 'Nordstadt');
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/area/nord?lang=en&quantity=pm10');
    expect(problems).toEqual([]);
  });

  it('are not said to be missing while they cannot be had', async () => {
    const server = await startServerProcess({ settings: { DISTRICTS: districtsFile() } });
    const { page } = await openPage(await openBrowser(), `${server.url}/?view=table`);
    await page.route('**/api/v1/districts', (route) => route.abort());
    const failed = page.waitForEvent('console', (message) => message.text().includes('districts could not be fetched'));
    const field = page.getByRole('combobox', { name: 'Station oder Gebiet suchen' });
    await field.fill('weststad');
    await failed;
    expect(await page.locator('.search-nothing').count()).toBe(0);
    await page.unroute('**/api/v1/districts');
    await field.fill('weststadt');
    await untilText(page, '.search-nothing', 'weststadt');
  });
});
