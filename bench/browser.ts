import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startServer } from './support/childServer.ts';
import { CHROMIUM_ARGS, CHROMIUM_PATH } from './support/chromium.ts';
import { seedReadings, seedStations } from './support/seed.ts';

/** The map in a real browser, 1280 x 800, all stations in view. */
export interface BrowserFigure {
  stations: number;
  /** From navigation to the first paint with stations, ms; second visit, warm server. */
  readyMs: number;
  /** Frames while dragging, ms; 16.7 is display rate. */
  frameP50: number;
  frameP95: number;
}

/** Opens the map with `stations` stations and drags it. */
export async function benchBrowser(stations: number): Promise<BrowserFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  const seeded = await seedStations(dataDir, stations);
  await seedReadings(dataDir, seeded, { days: 0.1, until: Date.now() - 60_000 });
  const server = await startServer(dataDir);
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS });
  try {
    const url = `http://127.0.0.1:${server.httpPort}/`;
    await readyMs(await browser.newPage({ viewport: { width: 1280, height: 800 } }), url);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const ready = await readyMs(page, url);
    const frames = await dragFrames(page);
    return { stations, readyMs: ready, ...frames };
  } finally {
    await browser.close();
    await server.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The page marks its first paint with stations as `map-ready`. */
async function readyMs(page: Page, url: string): Promise<number> {
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('map-ready').length > 0, undefined, {
    timeout: 20_000,
  });
  return page.evaluate(() => performance.getEntriesByName('map-ready')[0]?.startTime ?? Number.NaN);
}

async function dragFrames(page: Page): Promise<{ frameP50: number; frameP95: number }> {
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const step = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    Object.assign(window, { frames });
  });
  await page.mouse.move(800, 400);
  await page.mouse.down();
  for (let i = 0; i < 90; i++) await page.mouse.move(800 - i * 4, 400 + (i % 30) * 3);
  await page.mouse.up();
  const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(5));
  frames.sort((a, b) => a - b);
  const at = (share: number) => frames[Math.floor(frames.length * share)] ?? Number.NaN;
  return { frameP50: at(0.5), frameP95: at(0.95) };
}
