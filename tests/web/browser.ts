import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, CHROMIUM_PATH } from '../../bench/support/chromium.ts';
import { closeAfterTest } from '../support/closing.ts';
import { until } from '../support/until.ts';

/** So long Chromium may take for a step on a machine with other work, ms. */
const PATIENCE_MS = 120_000;

/** What went wrong in a page, and what it asked for. */
export interface Watched {
  page: Page;
  /** Script errors and console errors, content policy violations among them. */
  problems: string[];
  /** Every address the page requested. */
  requested: string[];
}

/** Debian's Chromium; closed after the test. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS, timeout: PATIENCE_MS });
  closeAfterTest(() => browser.close());
  return browser;
}

/** Opens an address in a fresh context, German and light unless told otherwise, and notes what goes wrong. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const defaults = { viewport: { width: 1280, height: 800 }, locale: 'de-DE', colorScheme: 'light' as const };
  const context = await browser.newContext({ ...defaults, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const watched: Watched = { page, problems: [], requested: [] };
  page.on('pageerror', (error) => watched.problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && watched.problems.push(message.text()));
  page.on('request', (request) => watched.requested.push(request.url()));
  await page.goto(url);
  return watched;
}

/** Resolves when the element with this id has the focus: what a click leads to may come a picture later. */
export function untilFocused(page: Page, id: string): Promise<void> {
  return until(`${id} has the focus`, () => page.evaluate((wanted) => document.activeElement?.id === wanted, id));
}

/** Resolves when the text of the first such element, without spaces around it, is or contains what is expected. */
export async function untilText(page: Page, selector: string, expected: string | RegExp): Promise<void> {
  await page.locator(selector, { hasText: expected }).first().waitFor({ state: 'attached' });
}

/** How many pixels of the station layer have exactly this colour. */
export function pixelsOf(page: Page, colour: string): Promise<number> {
  return page.evaluate((hex) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.leaflet-overlay-pane canvas');
    const ctx = canvas?.getContext('2d');
    if (!canvas || !ctx) return 0;
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] === 255) count += 1;
    }
    return count;
  }, colour);
}
