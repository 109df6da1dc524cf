import { describe, expect, it } from '@jest/globals';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText } from './browser.ts';
import { layerState } from './mapLayerState.ts';

/** The reader stands beside Cologne's cathedral. */
const READER = { geolocation: { latitude: 50.9413, longitude: 6.9583 }, permissions: ['geolocation'] };

describe("the reader's own position", () => {
  it('moves the map there, fills the place of a new station, and is done without when it is refused', async () => {
    const { url } = await startServerProcess();
    const browser = await openBrowser();
    const { page: map } = await openPage(browser, `${url}/?lang=de`, READER);
    await map.getByRole('button', { name: 'In meiner Nähe' }).click();
    await until('the map is there', () => /#14(\.\d+)?\/50\.9\d*\/6\.9/.test(map.url()));

    const { page: join } = await openPage(browser, `${url}/host?lang=de`, READER);
    await join.getByRole('button', { name: 'Wo ich gerade bin' }).click();
    await until('the place is there', async () => (await join.inputValue('#coordinates')).startsWith('50.9413'));

    const { page: refused } = await openPage(browser, `${url}/?lang=de`, { permissions: [] });
    await refused.getByRole('button', { name: 'In meiner Nähe' }).click();
    await untilText(refused, '.own-position [role=status]', 'Der Browser hat den Standort nicht freigegeben.');
    expect(refused.url()).not.toContain('50.94');
  });

  it('shows the nearest valid value beside the reader on a phone, and says how far it is', async () => {
    const { url } = await startServerProcess();
    const far = { id: 'aaaaaaaaaa', name: 'Dorfplatz', lat: 51.02, lon: 6.9583 };
    const silent = { id: 'cccccccccc', lat: 50.95, lon: 6.9583, value: null, state: 'none' as const, age: null };
    const farther = { id: 'bbbbbbbbbb', name: 'Bahnhof', lat: 51.12, lon: 6.9583 };
    const body = JSON.stringify(layerState([silent, far, farther], { at: new Date().toISOString() }));
    const { page } = await openPage(await openBrowser(), 'about:blank', {
      ...READER,
      viewport: { width: 390, height: 800 },
    });
    await page.route('**/api/v1/map**', (route) => route.fulfill({ contentType: 'application/json', body }));
    await page.goto(`${url}/?lang=de#14/50.9413/6.9583`);
    await until('the stations are there', async () =>
      (await page.locator('.view-summary').innerText()).includes('Station'),
    );
    await page.getByRole('button', { name: 'In meiner Nähe' }).click();
    await untilText(page, '.near-me [role=status]', /^Nächster gültiger Wert, 8,8 km entfernt: Dorfplatz, 12,4\sµg/);
    await until('the map shows both', () => {
      const zoom = Number(/#([\d.]+)/.exec(page.url())?.[1]);
      return zoom >= 9 && zoom < 12;
    });
    await page.keyboard.press('Shift');
    await untilText(page, '.near-me [role=status]', /^$/);
  });

  it('says that no value is near', async () => {
    const { url } = await startServerProcess();
    const { page } = await openPage(await openBrowser(), `${url}/?lang=de`, READER);
    await page.getByRole('button', { name: 'In meiner Nähe' }).click();
    await untilText(page, '.near-me [role=status]', 'Im Umkreis von 30 km gibt es gerade keinen gültigen Wert.');
  });
});
