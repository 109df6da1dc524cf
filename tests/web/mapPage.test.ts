import { describe, expect, it } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import type { Page } from 'playwright-core';
import { bandFor, bandsOf } from '../../server/domain/airQuality.ts';
import { connectDevice } from '../support/mqttClients.ts';
import { addStationOver, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, pixelsOf, untilText } from './browser.ts';

const DEVICE = 'esp8266-1234567';
/** A marker's body has some 500 pixels; text and outline take part of them. */
const BODY_PIXELS = 150;
const QUARTER_MS = 900_000;

const colourOf = (value: number) => bandFor('neutral', 'pm25', value)?.colour ?? '';

/** Publishes one airRohr body as the firmware writes it. */
async function publish(device: MqttClient, pm25: number): Promise<void> {
  const body = {
    esp8266id: '1234567',
    software_version: 'NRZ-2020-133',
    sensordatavalues: [
      { value_type: 'SDS_P1', value: (pm25 * 2).toFixed(2) },
      { value_type: 'SDS_P2', value: pm25.toFixed(2) },
      { value_type: 'samples', value: String(Math.floor(Math.random() * 1e6)) },
    ],
  };
  await device.publishAsync(`buergerluft/${DEVICE}/airrohr`, JSON.stringify(body), { qos: 1 });
}

/** A server with one station that has just measured `pm25`, and its device. */
async function startWithStation(
  pm25: number,
): Promise<{ server: ServerProcess; stationId: string; device: MqttClient }> {
  const server = await startServerProcess();
  const { stationId, deviceId, token } = await addStationOver(server, DEVICE);
  const device = await connectDevice(server.mqttPort, { deviceId, token });
  await publish(device, pm25);
  return { server, stationId, device };
}

const isPainted = (page: Page, value: number) => async () => (await pixelsOf(page, colourOf(value))) > BODY_PIXELS;
/** What the history says of the last quarter hour after two values: their mean, unless another quarter hour had begun between them. */
async function lastQuarterOf({ url }: ServerProcess, stationId: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/stations/${stationId}/series?quantity=pm25&window=raw`);
  const { points } = (await response.json()) as { points: { measuredAt: string; value: number }[] };
  const quarters = points.map(({ measuredAt }) => Math.floor(Date.parse(measuredAt) / QUARTER_MS));
  const values = points.filter((_, at) => quarters[at] === quarters.at(-1)).map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `zuletzt ${mean.toFixed(1).replace('.', ',')}`;
}

/** True once the browser keeps a layer for visits without a network. */
const isKept = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<boolean>((resolve, reject) => {
        const opening = indexedDB.open('buergerluft');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('maps').objectStore('maps').count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result > 0);
          };
        };
      }),
  );

/** At these the names of the demo's districts come near the lower edge of a low map. */
const LATITUDES_NEAR_THE_EDGE = [51.478, 51.48, 51.482];

/** Notes in the page which names are written on which canvas, until it is cleared. */
function noteNames(): void {
  const noted = new Map<HTMLCanvasElement, { text: string; x: number; y: number; width: number }[]>();
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    noted.delete(this.canvas);
    clearRect.apply(this, box);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { width } = this.measureText(text);
    if (/[a-z]{3}/.test(text)) noted.set(this.canvas, [...(noted.get(this.canvas) ?? []), { text, x, y, width }]);
    fillText.call(this, text, x, y);
  };
  Object.assign(window, { noted });
}

/** The names within the map's frame, and whether something lies on them. */
function writtenNames(): { text: string; isCovered: boolean }[] {
  const { noted } = window as unknown as {
    noted: Map<HTMLCanvasElement, { text: string; x: number; y: number; width: number }[]>;
  };
  const map = document.querySelector('.map')!.getBoundingClientRect();
  return [...noted].flatMap(([canvas, names]) => {
    const { left, top } = canvas.getBoundingClientRect();
    return names.flatMap(({ text, x, y, width }) => {
      const [middle, line] = [left + x, top + y];
      if (middle < map.left || middle > map.right || line < map.top || line > map.bottom) return [];
      const points = [-1, -0.5, 0, 0.5, 1].flatMap((side) =>
        [-5, 5].map((down) => [middle + (side * width) / 2, line + down]),
      );
      const tops = points.map(([at = 0, height = 0]) => document.elementFromPoint(at, height));
      return [
        {
          text,
          isCovered: tops.some(
            (element) =>
              element?.closest('.map-canvas, .map') === null || element?.closest('.leaflet-control') !== null,
          ),
        },
      ];
    });
  });
}

const isLive = async (page: Page) => (await page.locator('.connection.is-live').count()) === 1;

describe('the map page in Chromium', () => {
  it('shows the demo’s stations as markers, asks nobody else and reports no problem', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page, problems, requested } = await openPage(await openBrowser(), server.url);
    await until('markers in class colours', async () => {
      const painted = await Promise.all(bandsOf('neutral', 'pm25').map(({ colour }) => pixelsOf(page, colour)));
      return painted.reduce((sum, count) => sum + count, 0) > 5 * BODY_PIXELS;
    });
    await until('live', () => isLive(page));
    await untilText(page, '.demo-banner', 'keine aktuellen Werte');
    expect(requested.filter((address) => !address.startsWith(server.url) && !address.startsWith('data:'))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('changes marker, sheet and chart by the socket alone when a reading comes', async () => {
    const { server, stationId, device } = await startWithStation(3);
    const { page } = await openPage(await openBrowser(), `${server.url}/?average=latest&station=${stationId}`);
    await until('the first value', isPainted(page, 3));
    await until('the chart', async () => (await page.locator('.chart-frame canvas').count()) === 1);
    await until('live', () => isLive(page));
    const sentence = await page.locator('.history-sentence').innerText();
    const picture = await page.locator('.chart-frame canvas').screenshot();
    await page.route('**/*', (route) => route.abort());
    await publish(device, 66);
    await until('the marker in its new class', isPainted(page, 66));
    expect(await pixelsOf(page, colourOf(3))).toBe(0);
    await until('the figure', async () => (await page.locator('.figure-number').innerText()) === '66,0');
    const words = await lastQuarterOf(server, stationId);
    expect(words).toMatch(/34,5|66,0/);
    expect(sentence).not.toContain(words);
    await until('the sentence', async () => (await page.locator('.history-sentence').innerText()).includes(words));
    const chart = () => page.locator('.chart-frame canvas').screenshot();
    await until('the chart has changed', async () => !(await chart()).equals(picture));
  });

  it('takes the colour from a station that falls silent when only the clock goes on', async () => {
    const { server, stationId } = await startWithStation(66);
    const browser = await openBrowser();
    const { page } = await openPage(browser, 'about:blank');
    await page.clock.install();
    await page.goto(`${server.url}/?average=latest&station=${stationId}`);
    await until('the value', isPainted(page, 66));
    await page.context().setOffline(true);
    await page.clock.fastForward('11:00');
    await until('no class colour any more', async () => (await pixelsOf(page, colourOf(66))) === 0);
    await page.locator('.value-state', { hasText: 'Seit mehr als 10 Minuten' }).waitFor();
    await untilText(page, '.class-chip', /^veraltet$/);
  });

  it('resumes without a gap after the connection was lost', async () => {
    const { server, stationId, device } = await startWithStation(3);
    const { page } = await openPage(await openBrowser(), `${server.url}/?average=latest&station=${stationId}`);
    await until('the first value', isPainted(page, 3));
    await until('live', () => isLive(page));
    await page.getByRole('button', { name: 'Live-Anzeige anhalten' }).click();
    await untilText(page, '.connection-words', /^Angehalten um \d\d:\d\d$/);
    await publish(device, 66);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await page.locator('.figure-number').innerText()).toBe('3,0');
    await page.getByRole('button', { name: 'Live-Anzeige fortsetzen' }).click();
    await until('what was missed', async () => (await page.locator('.figure-number').innerText()) === '66,0');
  });

  it('writes no name under the credit line, the controls or the panel of a phone on its side', async () => {
    const server = await startServerProcess({ args: ['--demo'] });
    const { page } = await openPage(await openBrowser(), 'about:blank', { viewport: { width: 844, height: 390 } });
    await page.addInitScript(noteNames);
    await page.goto(`${server.url}/#12.5/51.455/-2.6100`);
    await until('a name is written', async () => (await page.evaluate(writtenNames)).length > 0);
    for (const lat of LATITUDES_NEAR_THE_EDGE) {
      await page.goto('about:blank');
      await page.goto(`${server.url}/#12.5/${lat}/-2.6100`);
      await page.locator('.view-summary').waitFor({ state: 'attached' });
      await page.waitForLoadState('networkidle');
      const names = await page.evaluate(writtenNames);
      expect([lat, names.filter(({ isCovered }) => isCovered)]).toEqual([lat, []]);
    }
  });

  it.each(['de-DE', 'en-GB'])(
    'shows time and scale beside the map of a laptop without scrolling, %s',
    async (locale) => {
      const server = await startServerProcess();
      const viewport = { width: 1366, height: 650 };
      const { page } = await openPage(await openBrowser(), server.url, { locale, viewport });
      await page.locator('.layer-panel .legend').waitFor();
      const below = await page.evaluate(() => {
        const foot = (selector: string) => document.querySelector(selector)!.getBoundingClientRect().bottom;
        return ['#hour-slider', '.layer-panel .legend'].filter((each) => foot(each) > foot('.layer-panel'));
      });
      expect(below).toEqual([]);
    },
  );

  it('keeps the layer that was there when another cannot be had, and recovers by itself', async () => {
    const { server, device } = await startWithStation(3);
    const { page } = await openPage(await openBrowser(), `${server.url}/?average=latest`);
    await until('the value', isPainted(page, 3));
    await page.context().setOffline(true);
    await page.getByRole('radio', { name: 'PM10', exact: true }).click({ force: true });
    const notice = page.locator('.state-notice.is-kept');
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(
      /^Der Server ist gerade nicht zu erreichen\. Zu sehen bleibt PM2,5 \(Momentwert\), Stand .*\. Es wird weiter versucht\.$/,
    );
    const statuses = page.getByRole('status');
    await until('it is said aloud', async () => (await statuses.allInnerTexts()).includes(await notice.innerText()));
    const former = page.getByRole('radio', { name: 'PM2,5', exact: true });
    await until('the former is chosen again', () => former.isChecked());
    await untilText(page, '.layer-sentence', 'PM2,5');
    expect(page.url()).not.toContain('pm10');
    await until('it is still there', isPainted(page, 3));
    await publish(device, 66);
    await page.context().setOffline(false);
    await until('what was missed', isPainted(page, 66));
    await until('the notice is gone', async () => (await notice.count()) === 0);
  });

  it('shows the last state with its age when the readings cannot be reached', async () => {
    const { server } = await startWithStation(66);
    const { page } = await openPage(await openBrowser(), `${server.url}/?average=latest`);
    await until('the value', isPainted(page, 66));
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await until('it is kept', () => isKept(page));
    await page.route('**/api/v1/map**', (route) => route.abort());
    await page.route('**/socket.io/**', (route) => route.abort());
    await page.reload();
    await until('the notice', async () => (await page.locator('.state-notice.is-stored').count()) === 1);
    expect(await page.locator('.state-notice').innerText()).toMatch(
      /^Keine Verbindung\. Zu sehen ist der Stand von .* \(vor /,
    );
    await untilText(page, '.view-summary', '1');
  });
});
