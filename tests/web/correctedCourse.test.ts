import { describe, expect, it } from '@jest/globals';
import { startWithReference } from '../support/referenceHouse.ts';
import { until } from '../support/until.ts';
import { violations } from './axe.ts';
import { openBrowser, openPage } from './browser.ts';

interface Features {
  features: { id: string; properties: { reference?: object } }[];
}

async function start(hasReference: boolean) {
  // Two days, so that the day before is whole at any hour of the day.
  const server = await startWithReference({ now: Date.now(), hours: 48, hasReference });
  const { features } = (await (await fetch(`${server.url}/api/v1/stations`)).json()) as Features;
  const idOf = (isReference: boolean) =>
    features.find(({ properties }) => (properties.reference !== undefined) === isReference)?.id ?? '';
  return { url: server.url, citizen: idOf(false), reference: idOf(true) };
}

describe('a course adjusted to a reference station', () => {
  it('stands beside the raw one in the week, labelled, with the share of others, and in the table', async () => {
    const { url, citizen, reference } = await start(true);
    const browser = await openBrowser();
    const { page, problems } = await openPage(browser, `${url}/station/${citizen}`, { bypassCSP: true });
    const note = page.locator('.correction-note');
    await note.first().waitFor();
    await until('there is one', async () => (await note.count()) === 1);
    const words = (await note.innerText()).replace(/\s+/g, ' ');
    expect(words).toContain('Rohwert, wie der Sensor ihn meldet');
    const means =
      /In den (\d+) Stunden mit Abgleich im Mittel: roh ([\d,]+) µg\/m³, abgeglichen ([\d,]+) µg\/m³\./.exec(words);
    expect(Number(means?.[1])).toBeGreaterThan(30);
    const [raw, adjusted] = means!.slice(2).map((text) => Number(text.replace(',', '.')));
    expect(Math.abs(raw! / 2 - adjusted!)).toBeLessThan(0.11);
    expect(words).toContain('Anteil am abgeglichenen Wert, der von anderen stammt: 50 %.');
    const week = page.locator('section[aria-labelledby="history-7d-heading"]');
    // The live page's own table; the server's is replaced by it.
    await page.locator('.layer-choices').waitFor();
    await week.locator('summary').click();
    const heads = async () => (await week.locator('.history-table thead').innerText()).replace(/\s+/g, ' ');
    await until('the table has both', async () => (await heads()).includes('Mittel, roh (µg/m³) Abgeglichen (µg/m³)'));
    expect(await page.locator('section[aria-labelledby="history-24h-heading"] .correction-note').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    // Daily means with a value to compare with: the server's section, kept by the live page.
    await page.locator('#days').getByRole('link', { name: 'WHO 2021' }).click();
    await page.waitForURL(/limit=who2021/);
    await page.locator('.station-main .correction-note').waitFor();
    expect(await page.locator('.station-main #days .course-limit-text').textContent()).toContain('Tagesmittel 15');
    await page.getByRole('radio', { name: 'PM10' }).check();
    await until('the address keeps the value', () =>
      /quantity=pm10&limit|limit=who2021&quantity=pm10/.test(page.url()),
    );
    await until(
      'the link to the other language keeps it',
      async () => (await page.locator('#language-link').getAttribute('href'))?.includes('limit=who2021') === true,
    );
    expect(await violations(page)).toEqual([]);
    const plain = await openPage(browser, `${url}/station/${citizen}`, { javaScriptEnabled: false });
    const written = (await plain.page.locator('.station-main').innerText()).replace(/\s+/g, ' ');
    for (const part of ['Rohwert, wie der Sensor ihn meldet', 'abgeglichen', 'der von anderen stammt: 50 %'])
      expect(written).toContain(part);
    expect(await plain.page.locator('.course-adjusted').count()).toBe(1);
    expect(await plain.page.locator('.history-table thead').nth(1).textContent()).toContain('Abgeglichen');
    expect(problems).toEqual([]);
    // The official station is what others are adjusted to: itself to nothing.
    const official = await openPage(browser, `${url}/station/${reference}`);
    await official.page.locator('.connection').waitFor();
    await until('both courses', async () => (await official.page.locator('.history-sentence').count()) >= 2);
    await official.page.waitForLoadState('networkidle');
    expect(official.requested.some((address) => address.includes('reference-ratio'))).toBe(false);
    expect(await official.page.locator('.correction-note').count()).toBe(0);
  });

  it('is not there where no reference station is near: no line, no words, no column', async () => {
    const { url, citizen } = await start(false);
    const { page, requested } = await openPage(await openBrowser(), `${url}/station/${citizen}`);
    await page.locator('.connection').waitFor();
    await until('it has asked', async () => requested.some((address) => address.includes('reference-ratio')));
    await page.waitForLoadState('networkidle');
    await until('both courses', async () => (await page.locator('.history-sentence').count()) >= 2);
    expect(await page.locator('.correction-note').count()).toBe(0);
    const week = page.locator('section[aria-labelledby="history-7d-heading"]');
    // The live page's own table; the server's is replaced by it.
    await page.locator('.layer-choices').waitFor();
    await week.locator('summary').click();
    await week.locator('.history-table thead').waitFor();
    expect(await week.locator('.history-table thead th').count()).toBe(3);
  });
});
