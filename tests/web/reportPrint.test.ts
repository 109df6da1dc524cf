import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { hourlyRow, reportStation, startReportHouse } from '../support/reportHouse.ts';
import { violations } from './axe.ts';
import { openBrowser, openPage } from './browser.ts';

const START = Date.parse('2025-01-01T00:00:00+01:00');
const IDS = [...'abcdefghijklmn'].map((letter) => letter.repeat(10));
const QUESTION = 'area=ehrenfeld&quantity=pm10&from=2025-01-01&to=2025-12-31&rule=eu';

const PRINTED: Record<string, RegExp> = {
  de: /^Stand 1\.2\.2026, nicht festgehalten\. Dieselbe Frage neu gestellt: /,
  en: /^As of .*2026, not frozen\. The same question again: /,
};

/** A year of rows of each station but for every thirtieth day. */
const ROWS = new Map(
  IDS.map((id, at) => [
    id,
    Array.from({ length: 365 * 24 }, (_, hour) => hour)
      .filter((hour) => Math.floor(hour / 24) % 30 !== 7)
      .map((hour) => {
        const value = 20 + at + 30 * Math.sin(hour / 900) ** 2 + (hour % 1000 < 48 ? 20 : 0);
        return hourlyRow(id, START + hour * HOUR_MS, value);
      }),
  ]),
);

/** Fourteen stations over a year: a fact sheet as long as they come. */
const house = () =>
  startReportHouse({
    stations: IDS.map((id, at) => reportStation(id, { ...(at === 0 && { licence: 'CC-BY-4.0' }) })),
    rollups: () => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        quantity === 'humidity' || window === 'day'
          ? []
          : stationIds.flatMap((id) => (ROWS.get(id) ?? []).filter(({ start }) => start >= from && start < to)),
      upToDate: async () => true,
      markDirty: async () => undefined,
    }),
    now: Date.UTC(2026, 1, 1),
  });

describe('from a report to paper', () => {
  it.each([
    ['de', 'Zitieren', 'Zitat: Bürgermessung, kein amtlicher Messwert'],
    ['en', 'Cite', 'Citation: citizen measurement, not an official value'],
  ])('in %s: the report is cited, and report and citation are one tagged A4 page each', async (lang, button, badge) => {
    const { url } = await house();
    const browser = await openBrowser();
    const { page, problems, requested } = await openPage(browser, `${url}/report?${QUESTION}&lang=${lang}`);
    expect(await pagesOf(page)).toBe(1);
    expect(await violations(page)).toEqual([]);
    const printed = page.locator('.printed-note');
    expect(await printed.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await printed.isVisible()).toBe(true);
    expect(await printed.textContent()).toMatch(PRINTED[lang]!);
    expect(await printed.textContent()).toContain(`${url}/report?lang=${lang}&area=ehrenfeld`);
    await page.emulateMedia({ media: null });
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.waitForURL(/\/cite\/[0-9a-f]{64}/);
    expect(await page.locator('.report-badge').textContent()).toBe(badge);
    expect(await pagesOf(page)).toBe(1);
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    expect(requested.filter((each) => !each.startsWith(url) && !each.startsWith('data:'))).toEqual([]);
  });

  it('is printed in the colours of paper from a dark screen too', async () => {
    const { url } = await house();
    const browser = await openBrowser();
    const { page } = await openPage(browser, `${url}/report?${QUESTION}&lang=de`, { colorScheme: 'dark' });
    const limit = () =>
      page.locator('.report').evaluate((node) => getComputedStyle(node).getPropertyValue('--report-limit'));
    expect(await limit()).toBe('#ff9c8a');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await limit()).toBe('#9c2f1f');
    // Also where the reader chose the dark look by hand.
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
    expect(await limit()).toBe('#9c2f1f');
  });

  it('reads the same without scripts, and fits a phone', async () => {
    const { url } = await house();
    const browser = await openBrowser();
    const options = { javaScriptEnabled: false, viewport: { width: 390, height: 800 } };
    const { page } = await openPage(browser, `${url}/report?${QUESTION}&lang=de`, options);
    expect(await page.locator('.report-figure').textContent()).toContain('Median der 14 Stationen in Ehrenfeld');
    expect(await page.locator('svg.report-chart').isVisible()).toBe(true);
    const { page: wide } = await openPage(browser, `${url}/report?${QUESTION}&lang=de`, {
      viewport: { width: 390, height: 800 },
    });
    expect(await wide.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await violations(wide)).toEqual([]);
  });

  it('saves the chart as a picture that is as wide as it says', async () => {
    const { url } = await house();
    const browser = await openBrowser();
    const { page, problems } = await openPage(browser, `${url}/report?${QUESTION}&lang=de`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Diagramm (PNG)' }).click();
    const stream = await (await download).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const png = Buffer.concat(chunks);
    expect(png.toString('latin1', 1, 4)).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1520, 700]);
    expect(problems).toEqual([]);
  });

  it('shows a citation in a frame of another site, and nothing else of ours', async () => {
    const { url, send } = await house();
    const { body } = await send('POST', '/api/v1/citations', {
      body: Object.fromEntries(new URLSearchParams(QUESTION)),
    });
    const frame = await fetch(`${url}/embed/${body.id}`);
    expect(frame.headers.get('content-security-policy')).toContain('frame-ancestors *');
    expect(frame.headers.get('x-frame-options')).toBeNull();
    const page = await fetch(`${url}/cite/${body.id}`);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    const text = await frame.text();
    expect(text).toContain('Bürgermessung, kein amtlicher Messwert');
    expect(text).not.toContain('<script');
    expect(text).toContain('(festgehalten am 1.2.2026)');
    const live = await (await fetch(`${url}/embed/${body.id}?live=1&lang=en`)).text();
    expect(live).toContain('updating');
  });
});

/** Pages of the printed sheet; a tagged PDF carries its structure. */
async function pagesOf(page: import('playwright-core').Page): Promise<number> {
  const pdf = (await page.pdf({ preferCSSPageSize: true, tagged: true, printBackground: true })).toString('latin1');
  expect(pdf).toContain('/StructTreeRoot');
  return Number(/\/Count (\d+)/.exec(pdf)?.[1]);
}
