import { describe, expect, it } from '@jest/globals';
import { signal } from '@preact/signals';
import type { Page } from 'playwright-core';
import type { Series } from '../../server/domain/contract.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { StationHistory } from '../../web/state/stationHistory.ts';
import { IDS, startCitingHouse } from '../api/citationsHouse.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText } from './browser.ts';

const BEHIND = 'noch nicht auf dem neuesten Stand';
const NOW = Date.parse('2026-11-05T20:10:00Z');

const hour = (mean: number) => ({
  start: new Date(Math.floor(NOW / HOUR_MS - 3) * HOUR_MS).toISOString(),
  mean,
  count: 24,
  expected: 24,
});
const seriesOf = (url: string, mean: number): Series =>
  ({
    ...{ stationId: 'abcde12345', quantity: 'pm25', sensor: 'sds011', unit: 'µg/m³', method: 'raw', day: '+01:00' },
    ...{ marks: [], annotations: [] },
    points: url.includes('window=1h') ? [{ ...hour(mean), flags: [] }] : [],
  }) as unknown as Series;

describe('the courses of a station whose means are being made anew', () => {
  it('are fetched again until they are up to date, with no reading lost that comes meanwhile, and no longer', async () => {
    const made = { isUpToDate: false, mean: 5, hours: 0, whileFetching: () => {} };
    const load = async (url: string) => {
      if (!url.includes('/series')) return { id: 'abcde12345', properties: { reference: {} } };
      if (url.includes('window=1h')) made.hours += 1;
      const answer = seriesOf(url, made.mean);
      made.whileFetching();
      return made.isUpToDate || !url.includes('window=1h') ? answer : { ...answer, isUpToDate: false };
    };
    const history = new StationHistory('abcde12345', { now: signal(NOW), load });
    await history.open('pm25');
    expect(history.isUpToDate.value).toBe(false);
    const end = history.renewWhileBehind(5);
    await until('it was asked for again', () => made.hours > 2);
    expect([history.status.value, history.hoursHere.value.map(({ mean }) => mean)]).toEqual(['ready', [5]]);
    const measuredAt = new Date(NOW - 60_000).toISOString();
    made.whileFetching = () =>
      history.take({ ...{ stationId: 'abcde12345', sensor: 'sds011', measuredAt }, values: { pm25: 8 }, flags: {} });
    Object.assign(made, { isUpToDate: true, mean: 7 });
    await until('it is up to date', () => history.isUpToDate.value);
    expect(history.hoursHere.value.map(({ mean }) => mean)).toEqual([7, 8]);
    const asked = made.hours;
    await history.open('pm25');
    expect(made.hours).toBe(asked + 1);
    end();
  });
});

/** Lets the page's minutes pass until `isTrue`. */
function untilAfterMinutes(page: Page, what: string, isTrue: () => Promise<boolean>): Promise<void> {
  return until(what, async () => {
    await page.clock.fastForward(61_000);
    return isTrue();
  });
}

describe('a page of the server whose means are being made anew', () => {
  it.each(['/area', '/area/ehrenfeld', `/station/${IDS[0]}`])('%s is renewed when they are', async (path) => {
    const { url, change } = await startCitingHouse();
    change.isUpToDate = false;
    const { page } = await openPage(await openBrowser(), 'about:blank');
    await page.clock.install();
    await page.goto(url + path);
    await untilText(page, '.notice', BEHIND);
    change.isUpToDate = true;
    const notice = page.locator('.notice', { hasText: BEHIND });
    await untilAfterMinutes(page, 'the notice is gone', async () => (await notice.count()) === 0);
    expect(await page.locator('h1').count()).toBe(1);
  });

  it('waits while the reader is at it, and can be used as before', async () => {
    const { url, change } = await startCitingHouse();
    change.isUpToDate = false;
    const { page, requested } = await openPage(await openBrowser(), 'about:blank');
    await page.clock.install();
    await page.goto(`${url}/compare?stations=${IDS[0]}`);
    await page.locator('#ask-station').focus();
    change.isUpToDate = true;
    const times = () => requested.filter((address) => address.includes('/compare')).length;
    await untilAfterMinutes(page, 'asked for more than once', async () => times() > 2);
    expect(await page.locator('.notice', { hasText: BEHIND }).count()).toBe(1);
    await page.locator('#ask-station').blur();
    const notice = page.locator('.notice', { hasText: BEHIND });
    await untilAfterMinutes(page, 'the notice is gone', async () => (await notice.count()) === 0);
    expect(await page.locator('#ask-station').count()).toBe(1);
  });
});
