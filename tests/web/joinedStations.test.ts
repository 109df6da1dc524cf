import { expect, it } from '@jest/globals';
import { startTown } from '../mirror/townOfBoth.ts';
import { ADMIN_TOKEN } from '../support/program.ts';
import { until } from '../support/until.ts';
import { violations } from './axe.ts';
import { openBrowser, openPage } from './browser.ts';

it('the operator’s page takes joined stations apart with one button, and undoes it with another', async () => {
  const { stations, url, station } = await startTown({ sensorCommunityId: 39_300 });
  await until('they are one', async () => {
    const [only, ...others] = await stations();
    return others.length === 0 && JSON.stringify(only).includes('sensor.community:39300');
  });
  const { page, problems } = await openPage(await openBrowser(), `${url}/admin`, {
    viewport: { width: 390, height: 844 },
  });
  await page.fill('#admin-key', ADMIN_TOKEN);
  await page.keyboard.press('Enter');
  const part = page.locator('#part-excluded');
  await part.getByRole('heading', { name: 'Zusammengeführte Stationen' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await part.getByRole('button', { name: /^„Sensor\.Community .*“ von „Balkon“ trennen$/ }).click();
  await part.getByText('steht wieder für sich.').waitFor();
  await until('both are there', async () => (await stations()).length === 2);
  expect(await violations(page)).toEqual([]);
  await part.getByRole('button', { name: 'Wieder zusammenführen' }).click();
  await until('they are one again', async () => (await stations()).map(({ id }) => id).join() === station.id);
  await part.getByRole('button', { name: /“ von „Balkon“ trennen$/ }).waitFor();
  expect(problems).toEqual([]);
});
