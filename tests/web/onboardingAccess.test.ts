import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { LOOKS, violations } from './axe.ts';
import { openBrowser, openPage, untilFocused } from './browser.ts';

const MAP_FILE = join(packageRoot(), 'tests/fixtures/maps/natural-earth.pmtiles');

/** Goes all the way to the owner link; `look` is called at each step. */
async function walk(page: Page, chip: string, look: (step: string) => Promise<void>): Promise<void> {
  await page.locator('.place-map canvas').first().waitFor({ state: 'attached' });
  await page.click('button[type=submit].is-main');
  await look('a form with errors');
  await page.fill('#place-name', 'Ehrenfeld, Hof');
  await page.fill('#coordinates', '50.9481234, 6.9193456');
  await page.check('#consent');
  await look('a filled form');
  await page.click('button[type=submit].is-main');
  await page.locator('#device-id').waitFor();
  await look('the device');
  await page.fill('#device-id', chip);
  await page.click('button[type=submit].is-main');
  await page.locator('.host-form .instructions').first().waitFor();
  await look('its credentials');
  await page.click('.host-actions .is-main');
  await page.locator('.phases').waitFor();
  await look('waiting');
  await page.click('.host-actions button >> nth=1');
  await page.locator('#owner-link-value').waitFor();
  await look('the link');
}

async function findings(browser: Browser, server: ServerProcess, look: BrowserContextOptions): Promise<string[]> {
  const { page } = await openPage(browser, `${server.url}/host`, { ...look, bypassCSP: true });
  const found: string[] = [];
  await walk(page, '1000000', async (step) => {
    const here = await violations(page);
    const { width } = page.viewportSize() ?? { width: 0 };
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (isTooWide) here.push(`wider than ${width} px`);
    found.push(...here.map((violation) => `${step}, ${look.locale}, ${look.colorScheme}: ${violation}`));
  });
  await page.context().close();
  return found;
}

describe('joining without a mouse or without eyes', () => {
  it.each(LOOKS)('axe finds nothing at any step: $locale $colorScheme $viewport.width', async (look) => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open', MAP_FILE } });
    expect(await findings(await openBrowser(), server, look)).toEqual([]);
  });

  it('goes from the skip link to the owner link with the keyboard alone, focus at each new step’s heading', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open' } });
    const { page } = await openPage(await openBrowser(), `${server.url}/host`);
    await page.locator('.place-map canvas').first().waitFor({ state: 'attached' });
    const tabTo = async (selector: string) => {
      for (let i = 0; i < 60; i += 1) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to ${selector}`);
    };
    const headingHasFocus = (text: string) =>
      until(`the focus is at ${text}`, () =>
        // The heading itself: until it has the focus the whole page has it, with all its text.
        page.evaluate(
          (wanted) => [...document.querySelectorAll('h2:focus')].some((h) => h.textContent?.includes(wanted)),
          text,
        ),
      );
    await tabTo('#place-name');
    await page.keyboard.type('Hof');
    await tabTo('.place-map');
    await page.keyboard.press('ArrowUp');
    await tabTo('#consent');
    await page.keyboard.press('Space');
    await tabTo('button[type=submit].is-main');
    await page.keyboard.press('Enter');
    await headingHasFocus('Gerät einstellen');
    await tabTo('#device-id');
    await page.keyboard.type('15303512');
    await page.keyboard.press('Enter');
    await page.locator('.instructions-field').first().waitFor();
    // The heading takes the focus a picture after it is there: not out of the middle of tabbing on.
    await untilFocused(page, 'type-heading');
    await tabTo('.instructions-field button');
    await tabTo('.host-actions .is-main');
    await page.keyboard.press('Enter');
    await headingHasFocus('Auf den ersten Wert warten');
    await tabTo('.host-actions button:nth-of-type(2)');
    await page.keyboard.press('Enter');
    await headingHasFocus('Stationslink');
    await tabTo('#owner-link-value');
  });

  it('the sheet of paper holds the settings, the link as text and code, and whom to ask; nothing of the page', async () => {
    const settings = { REGISTRATION: 'open', CONTACT: 'luft@example.org' };
    const server = await startServerProcess({ settings });
    const { page } = await openPage(await openBrowser(), `${server.url}/host`, { colorScheme: 'dark' });
    let paper = '';
    await walk(page, '15303512', async (step) => {
      if (step !== 'its credentials') return;
      await page.locator('.qr-code').waitFor({ state: 'attached' });
      await page.emulateMedia({ media: 'print' });
      paper = await page.locator('main').innerText();
      const ink = await page.evaluate(() => getComputedStyle(document.body).color);
      expect(ink).toBe('rgb(21, 33, 42)');
      await page.emulateMedia({ media: 'screen' });
    });
    const url = await page.inputValue('#owner-link-value');
    for (const text of ['esp8266-15303512', '/data.php', url, 'luft@example.org']) expect(paper).toContain(text);
    for (const text of ['Mitmessen', 'Kopieren', 'Schritt']) expect(paper).not.toContain(text);
  });
});
