import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { connectDevice } from '../support/mqttClients.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';

/** Two stations of one island, on either side of the date line. */
const PLACES = [
  { lat: -16.8, lon: 179.97 },
  { lat: -16.81, lon: -179.97 },
];

/** Adds a station with a device that measures once. */
async function addMeasuring(server: ServerProcess, position: { lat: number; lon: number }, at: number): Promise<void> {
  const deviceId = `esp8266-70${at}`;
  const body = { name: `Insel ${at}`, position, isIndoor: false, sensorModel: 'sds011', deviceId };
  const answer = await server.request('POST', '/api/v1/stations', body);
  const { device } = answer.body as { device: { deviceId: string; token: string } };
  const client = await connectDevice(server.mqttPort, device);
  const values = [
    { value_type: 'SDS_P1', value: '8.00' },
    { value_type: 'SDS_P2', value: '3.00' },
  ];
  const message = JSON.stringify({ esp8266id: `70${at}`, sensordatavalues: values });
  await client.publishAsync(`buergerluft/${deviceId}/airrohr`, message, { qos: 1 });
}

/** Left and right edge of an element on the page. */
async function edges(page: Page, selector: string): Promise<{ left: number; right: number }> {
  const box = await page.locator(selector).last().boundingBox();
  return { left: box!.x, right: box!.x + box!.width };
}

describe('the map of a far place with a long name', () => {
  it('starts around its stations across the date line, with nothing of the header upon another', async () => {
    const server = await startServerProcess({
      settings: { INSTANCE_NAME: 'Luft im Landkreis Mecklenburgische Seenplatte', TIME_ZONE: 'Pacific/Fiji' },
    });
    for (const [at, place] of PLACES.entries()) await addMeasuring(server, place, at);
    const { page, problems } = await openPage(await openBrowser(), `${server.url}/?average=latest`);
    await until('both stations', async () => /Ausschnitt: 2\b/.test(await page.innerText('body')));
    const zoomAndPlace = /#([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/;
    await until('a place in the address', async () => zoomAndPlace.test(page.url()));
    const [, zoom, , lon] = zoomAndPlace.exec(page.url())!.map(Number);
    expect(zoom).toBeGreaterThan(10);
    expect(Math.abs(lon!)).toBeGreaterThan(179.8);
    for (const width of [900, 1280, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const [options, live] = [
        await edges(page, '.site-header-tools .choice-option'),
        await edges(page, '.connection'),
      ];
      expect(options.right).toBeLessThanOrEqual(live.left);
    }
    expect(problems).toEqual([]);
  });
});
