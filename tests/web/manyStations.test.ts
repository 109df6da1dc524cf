import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';
import { layerState } from './mapLayerState.ts';

const STATIONS = 15_000;
/** Display rate is 16.7 ms; the machine of the tests has other work too. */
const FRAME_MS = 25;

/** Germany full of stations, the same ones every time. */
function crowd() {
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return layerState(
    Array.from({ length: STATIONS }, (_, i) => ({
      id: `s${String(i).padStart(9, '0')}`,
      name: `Station ${i}`,
      lat: 47.5 + random() * 7.2,
      lon: 6.2 + random() * 8.5,
      value: random() * 60,
    })),
    { at: new Date().toISOString() },
  );
}

/** Draws the map with the mouse and gives the median distance of frames, ms. */
async function dragFrames(page: Page): Promise<number> {
  await page.mouse.move(900, 400);
  await page.mouse.down();
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const tick = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(window, { frames });
  });
  for (let i = 0; i < 60; i++) await page.mouse.move(900 - i * 6, 400 + (i % 40));
  await page.mouse.up();
  const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
  return frames.sort((a, b) => a - b)[Math.floor(frames.length / 2)] ?? Number.POSITIVE_INFINITY;
}

describe('15,000 stations', () => {
  it.each([
    ['as hexagons', '#6/51.2/10.4'],
    ['as dots', '#10/51.2/10.4'],
  ])('are drawn and moved at display rate %s', async (_, hash) => {
    const server = await startServerProcess();
    const { page, problems } = await openPage(await openBrowser(), 'about:blank');
    const body = JSON.stringify(crowd());
    await page.route('**/api/v1/map**', (route) => route.fulfill({ contentType: 'application/json', body }));
    await page.goto(`${server.url}/${hash}`);
    await until('the figure of the view', async () => /\d/.test(await page.locator('.view-summary').innerText()));
    expect(await page.locator('.view-summary').innerText()).toMatch(/^Median von [\d.]+ Stationen/);
    expect(await dragFrames(page)).toBeLessThan(FRAME_MS);
    expect(problems).toEqual([]);
  });
});
