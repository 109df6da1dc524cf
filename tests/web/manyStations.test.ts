import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';
import { layerState } from './mapLayerState.ts';

const STATIONS = 15_000;
/** A display shows 60 pictures a second. */
const FRAME_MS = 16.7;
/** So many pictures the work is the mean of: a busy machine draws fewer in the same time. */
const FRAMES = 30;

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

/** Draws the map with the mouse and gives what the page works for a frame, ms: its own time, whatever else the machine does. */
async function workPerFrame(page: Page): Promise<number> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () => {
    const { metrics } = await devTools.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  await page.mouse.move(900, 400);
  await page.mouse.down();
  await page.evaluate(() => {
    const counted = { frames: 0 };
    const tick = () => {
      counted.frames++;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(window, { counted });
  });
  const before = await worked();
  let frames = 0;
  while (frames < FRAMES) {
    for (let i = 0; i < 60; i++) await page.mouse.move(900 - i * 6, 400 + (i % 40));
    frames = await page.evaluate(() => (window as unknown as { counted: { frames: number } }).counted.frames);
  }
  const work = (await worked()) - before;
  await page.mouse.up();
  return work / frames;
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
    await until('it is of all', async () =>
      /^Median von [\d.]+ Stationen/.test(await page.locator('.view-summary').innerText()),
    );
    expect(await workPerFrame(page)).toBeLessThan(FRAME_MS);
    expect(problems).toEqual([]);
  });
});
