import { describe, expect, it } from '@jest/globals';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText } from './browser.ts';

interface Features {
  features: { id: string; properties: { name: string } }[];
}

/** The demo and one of its stations in Bristol. */
async function startDemo() {
  const server = await startServerProcess({ args: ['--demo'] });
  const { features } = (await (await fetch(`${server.url}/api/v1/stations`)).json()) as Features;
  const station = features.find(({ properties }) => properties.name.includes('17316'));
  return { url: server.url, stationId: station?.id ?? '' };
}

describe('the station page in Chromium', () => {
  it('can be read without JavaScript', async () => {
    const { url, stationId } = await startDemo();
    const { page } = await openPage(await openBrowser(), `${url}/station/${stationId}`, { javaScriptEnabled: false });
    expect(await page.locator('h1').innerText()).toContain('17316');
    expect(await page.locator('.figure-number').innerText()).toMatch(/^\d+,\d$/);
    expect(await page.locator('svg.course').count()).toBe(3);
    await page.locator('.history-table summary').first().click();
    expect(await page.locator('.history-table').first().locator('tbody tr').count()).toBeGreaterThan(12);
  });

  it('becomes live without a jump and without a problem', async () => {
    const { url, stationId } = await startDemo();
    const { page, problems } = await openPage(await openBrowser(), 'about:blank');
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${url}/station/${stationId}`);
    await page.locator('.connection.is-live').waitFor();
    await until('the chart', async () => (await page.locator('.chart-frame canvas').count()) > 0);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.05);
    expect(problems).toEqual([]);
    // On paper the frame is lower than in a wide window, and no chart is drawn anew for it.
    await page.emulateMedia({ media: 'print' });
    const room = await page
      .locator('.chart-frame canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        canvas.style.height = '900px';
        const sentence = canvas.closest('.history')?.querySelector('.history-sentence');
        return (sentence?.getBoundingClientRect().top ?? 0) - canvas.getBoundingClientRect().bottom;
      });
    expect(room).toBeGreaterThanOrEqual(0);
    expect(await page.locator('.printed-note').innerText()).toMatch(
      new RegExp(`^(Stand|As of) .*\\d\\d:\\d\\d; (der neueste|the latest): ${url}/station/${stationId}`),
    );
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const dark = page.locator('.chart-frame canvas.is-dark').first();
    await dark.waitFor({ state: 'attached' });
    expect(await dark.evaluate((canvas) => getComputedStyle(canvas).backgroundColor)).toBe('rgb(22, 29, 35)');
  });

  it('shows under a link what the sender saw, in either language', async () => {
    const { url, stationId } = await startDemo();
    const { page } = await openPage(
      await openBrowser(),
      `${url}/?quantity=pm10&average=24h&station=${stationId}#12.5/51.46/-2.58`,
    );
    await page.locator('.sheet .value-label').waitFor();
    await untilText(page, '.value-label', /^PM10, Mittel der letzten 24 Stunden$/);
    await page.locator('#language-link').click();
    await until('English', async () => (await page.locator('html').getAttribute('lang')) === 'en');
    await page.locator('.sheet .value-label').waitFor();
    await untilText(page, '.value-label', /^PM10, mean of the last 24 hours$/);
    await until('the address has what was chosen', () => page.url().includes('lang=en&quantity=pm10&average=24h'));
    await until('the address has the place', () => page.url().includes('#12.5/51.4600/-2.5800'));
    await page.locator('.sheet a.button').click();
    await page.locator('.station-page').waitFor();
    await untilText(page, '.value-label', /^PM10, mean of the last 24 hours$/);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('closes the sheet with the browser’s Back', async () => {
    const { url, stationId } = await startDemo();
    const { page } = await openPage(await openBrowser(), `${url}/?view=table`);
    await page.locator(`a[href*="${stationId}"]`).click();
    await page.locator('.sheet').waitFor();
    await page.goBack();
    await until('the sheet is gone', async () => (await page.locator('.sheet').count()) === 0);
    await until('the address is the former', () => page.url() === `${url}/?view=table`);
  });
});
