import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText, type Watched } from './browser.ts';

interface Shown {
  id: string[];
  value: (number | null)[];
}

/** The stations of a past hour, once their rows are made: the demo's further past comes after it is ready. */
async function stateWithValues(url: string): Promise<Shown> {
  let state: Shown = { id: [], value: [] };
  await until('the hour has values', async () => {
    state = (await (await fetch(url)).json()) as Shown;
    return state.value.filter((value) => value !== null).length > 3;
  });
  return state;
}

describe('past hours on the map', () => {
  it('are reached by the slider and by a link, in words and numbers, and left for now again', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page, problems } = await openPage(await openBrowser(), server.url);
    await page.locator('.view-summary').waitFor();
    const slider = page.locator('#hour-slider');
    await until('it is now', async () => (await slider.getAttribute('aria-valuetext')) === 'jetzt');
    await slider.focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft');
    const sentence = page.locator('.layer-sentence');
    await until('an hour is named', async () =>
      /^Stundenmittel PM2,5 von \d\d:00 bis \d\d:00, /.test(await sentence.innerText()),
    );
    await until('the address names it', () => page.url().includes('at='));
    const at = new URL(page.url()).searchParams.get('at')!;
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\dZ$/);
    const end = Date.parse(`${at.slice(0, 13)}:00:00Z`);
    expect(end % HOUR_MS).toBe(0);
    const state = await stateWithValues(`${server.url}/api/v1/map?at=${new Date(end).toISOString()}`);
    const link = new URL(page.url());
    link.searchParams.set('view', 'table');
    const linked = await openPage(await openBrowser(), link.href);
    const table = linked.page.locator('.station-table tbody');
    await until('the table shows the hour', async () => /Stundenmittel ab/.test(await table.innerText()));
    const values = state.value.filter((value) => value !== null);
    expect(values.length).toBeGreaterThan(3);
    for (const value of values) {
      const words = (value! / 10).toFixed(1).replace('.', ',');
      await until(`${words} is in the table`, async () => (await table.innerText()).includes(words));
    }
    // The figure of all stations in view is of the hour they show, however often the slider moved before.
    const fresh = await openPage(await openBrowser(), page.url());
    const summaryOf = async ({ page: one }: Pick<Watched, 'page'>) => one.locator('.view-summary').innerText();
    await until('the summary is of the hour', async () => {
      const summary = await summaryOf(fresh);
      return /\d/.test(summary) && (await summaryOf({ page })) === summary;
    });
    await page.locator('.hour-row .button').press('Enter');
    await until('it is now again', async () => /^Mittel der letzten 60 Minuten/.test(await sentence.innerText()));
    await until('the address names no hour', () => !page.url().includes('at='));
    await until('the slider has the focus', () => page.evaluate(() => document.activeElement?.id === 'hour-slider'));
    expect([...problems, ...linked.problems, ...fresh.problems]).toEqual([]);
  });

  it('say nothing of another hour beside the value of one station', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const at = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 6 * HOUR_MS).toISOString();
    const { page } = await openPage(await openBrowser(), server.url);
    await page.locator('.view-summary').waitFor();
    const state = await stateWithValues(`${server.url}/api/v1/map?at=${at}`);
    const id = state.id[state.value.findIndex((value) => value !== null)];
    await page.goto(`${server.url}/?station=${id}`);
    const comparison = page.locator('.comparison');
    await until('now is compared with other days', async () => /um diese Zeit/.test(await comparison.innerText()));
    await page.goto(`${server.url}/?station=${id}&at=${at.slice(0, 13)}Z`);
    await until('an hour is named, with its day', async () =>
      /Stundenmittel ab \S+, \d+\.\d+\., \d\d:00$/.test(await page.locator('.value-label').innerText()),
    );
    await page.locator('.history-sentence').first().waitFor();
    const words = (await comparison.count()) > 0 ? await comparison.innerText() : '';
    expect(words).not.toMatch(/um diese Zeit|Stundenmittel ab/);
  });

  it('are none that are not over: a link to one leads to now', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const tomorrow = new Date(Date.now() + DAY_MS).toISOString();
    const { page } = await openPage(await openBrowser(), `${server.url}/?at=${tomorrow.slice(0, 13)}Z`);
    await untilText(page, '.layer-sentence', /^Mittel der letzten 60 Minuten/);
    expect(await page.locator('#hour-slider').getAttribute('aria-valuetext')).toBe('jetzt');
  });

  it('classes are of the last closed clock hour, not of the last 60 minutes, and named after what they rest on', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page, requested } = await openPage(await openBrowser(), `${server.url}/?scale=eaqi-2024`);
    await page.locator('.view-summary').waitFor();
    await untilText(page, '.layer-sentence', /^Stundenmittel PM2,5 von /);
    await untilText(page, '.legend-title', /^EAQI-Klasse, nur PM2,5 \(µg\/m³\)$/);
    await untilText(page, '.legend', 'unbestätigt');
    await until('a closed hour is asked for', () =>
      requested.some((url) => url.includes('/api/v1/map?') && url.includes('&at=')),
    );
  });
});
