import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { captured } from '../sensorCommunity/records.ts';
import { startRecordServer } from '../support/recordServer.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { LOOKS, violations } from './axe.ts';
import { openBrowser, openPage } from './browser.ts';

/** The capture of a sensor, measured just now. */
function recordOfNow(): string {
  const [record] = captured('public-api-v1-sensor-2020-sds011.json');
  const timestamp = new Date(Date.now() - 5_000).toISOString().slice(0, 19).replace('T', ' ');
  return JSON.stringify([{ ...record, timestamp }]);
}

/** An instance whose own data are under another licence, with a station mirrored from Sensor.Community. */
async function startMirroring() {
  const upstream = await startRecordServer(recordOfNow());
  const mirror = { MIRROR_URL: upstream.url, MIRROR_AREA: '42.6,23.4,20', CONTACT: 'luft@example.org' };
  const { url } = await startServerProcess({ settings: { ...mirror, DATA_LICENCE: 'CC-BY-4.0' } });
  const stations = async () => {
    const { features } = (await (await fetch(`${url}/api/v1/stations`)).json()) as { features: { id: string }[] };
    return features.map(({ id }) => id);
  };
  await until('the station is there', async () => (await stations()).length === 1);
  const [stationId = ''] = await stations();
  return { url, stationId };
}

/** The paragraph that credits, with where its links lead. */
const creditOf = (page: Page) =>
  page.locator('.station-facts p.note', { hasText: 'Sensor.Community' }).evaluate((paragraph) => ({
    words: paragraph.textContent,
    links: [...paragraph.querySelectorAll('a')].map(({ href, rel }) => [href, rel]),
  }));

const LINKS = [
  ['https://sensor.community/', ''],
  ['https://opendatacommons.org/licenses/odbl/1-0/', 'license'],
];

it.each(LOOKS)(
  'a mirrored station credits Sensor.Community with its licence: $locale $colorScheme $viewport.width',
  async (look) => {
    const { url, stationId } = await startMirroring();
    const browser = await openBrowser();
    const isGerman = look.locale === 'de-DE';
    const words = `${isGerman ? 'Messwerte von' : 'Readings from'} Sensor.Community, ODbL 1.0.`;
    for (const path of [`/?station=${stationId}`, `/station/${stationId}`]) {
      const { page, problems } = await openPage(browser, url + path, look);
      await page.locator('.station-facts p.note >> text=Sensor.Community').waitFor();
      expect([path, await creditOf(page)]).toEqual([path, { words, links: LINKS }]);
      const facts = await page.locator('.station-facts dl').innerText();
      expect([path, facts.includes('ODbL'), facts.includes('CC-BY')]).toEqual([path, true, false]);
      const everywhere = isGerman ? 'Messwerte zum Teil von' : 'Readings in part from';
      const line = `${everywhere} Sensor.Community (ODbL 1.0)`;
      // Once on each page: in the corner of the map, and where there is none, in the footer.
      const isMap = path.startsWith('/?');
      expect([path, await page.locator('.footer-credits').count()]).toEqual([path, isMap ? 0 : 1]);
      const place = page.locator(isMap ? '.leaflet-control-attribution' : '.footer-credits');
      await until(`${path} credits in ${look.locale}`, async () => (await place.innerText()).includes(line));
      expect([path, await violations(page), problems]).toEqual([path, [], []]);
      if (isMap) {
        await page.locator('input[name="view"][value="table"]').check();
        expect(await page.locator('.table-credit').innerText()).toBe(line);
      }
      await page.context().close();
    }
  },
);
