import { describe, expect, it } from '@jest/globals';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';

const HOUR = 3_600_000;

describe('past hours on the map', () => {
  it('are reached by the slider and by a link, in words and numbers, and left for now again', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page, problems } = await openPage(await openBrowser(), server.url);
    await page.locator('.view-summary').waitFor();
    const slider = page.locator('#hour-slider');
    expect(await slider.getAttribute('aria-valuetext')).toBe('jetzt');
    await slider.focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft');
    const sentence = page.locator('.layer-sentence');
    await until('an hour is named', async () =>
      /^Stundenmittel PM2,5 von \d\d:00 bis \d\d:00, /.test(await sentence.innerText()),
    );
    const at = new URL(page.url()).searchParams.get('at')!;
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\dZ$/);
    const end = Date.parse(`${at.slice(0, 13)}:00:00Z`);
    expect(end % HOUR).toBe(0);
    const state = await (await fetch(`${server.url}/api/v1/map?at=${new Date(end).toISOString()}`)).json();
    const link = new URL(page.url());
    link.searchParams.set('view', 'table');
    const linked = await openPage(await openBrowser(), link.href);
    const table = linked.page.locator('.station-table tbody');
    await until('the table shows the hour', async () => /Stundenmittel ab/.test(await table.innerText()));
    const values = (state.value as (number | null)[]).filter((value) => value !== null);
    expect(values.length).toBeGreaterThan(3);
    const shown = await table.innerText();
    for (const value of values) expect(shown).toContain((value! / 10).toFixed(1).replace('.', ','));
    // The figure of all stations in view is of the hour they show, however often the slider moved before.
    const fresh = await openPage(await openBrowser(), page.url());
    await fresh.page.locator('.view-summary').waitFor();
    const summary = await fresh.page.locator('.view-summary').innerText();
    await until(
      'the summary is of the hour',
      async () => (await page.locator('.view-summary').innerText()) === summary,
    );
    await page.locator('.hour-row .button').click();
    await until('it is now again', async () => /^Mittel der letzten 60 Minuten/.test(await sentence.innerText()));
    expect(page.url()).not.toContain('at=');
    expect([...problems, ...linked.problems, ...fresh.problems]).toEqual([]);
  });

  it('say nothing of another hour beside the value of one station', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const at = new Date(Math.floor(Date.now() / HOUR) * HOUR - 6 * HOUR).toISOString();
    const { page } = await openPage(await openBrowser(), server.url);
    await page.locator('.view-summary').waitFor();
    const state = await (await fetch(`${server.url}/api/v1/map?at=${at}`)).json();
    const id = state.id[(state.kind as string[]).findIndex((_, i) => state.value[i] !== null)];
    await page.goto(`${server.url}/?station=${id}`);
    const comparison = page.locator('.comparison');
    await until('now is compared with other days', async () => /um diese Zeit/.test(await comparison.innerText()));
    await page.goto(`${server.url}/?station=${id}&at=${at.slice(0, 13)}Z`);
    await until('an hour is named', async () =>
      /Stundenmittel ab/.test(await page.locator('.value-label').innerText()),
    );
    await page.locator('.history-sentence').first().waitFor();
    const words = (await comparison.count()) > 0 ? await comparison.innerText() : '';
    expect(words).not.toMatch(/um diese Zeit|Stundenmittel ab/);
  });

  it('classes are of the last closed clock hour, not of the last 60 minutes, and named after what they rest on', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page, requested } = await openPage(await openBrowser(), `${server.url}/?scale=eaqi-2024`);
    await page.locator('.view-summary').waitFor();
    expect(await page.locator('.layer-sentence').innerText()).toMatch(/^Stundenmittel PM2,5 von /);
    expect(await page.locator('.legend-title').innerText()).toBe('EAQI-Klasse, nur PM2,5 (µg/m³)');
    expect(await page.locator('.legend').innerText()).toContain('unbestätigt');
    const asked = requested.filter((url) => url.includes('/api/v1/map?'));
    expect(asked.some((url) => url.includes('&at='))).toBe(true);
  });
});
