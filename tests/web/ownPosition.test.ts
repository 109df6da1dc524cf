import { describe, expect, it } from '@jest/globals';
import { startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText } from './browser.ts';

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
});
