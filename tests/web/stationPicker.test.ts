import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import { violations } from './axe.ts';
import { openBrowser, openPage } from './browser.ts';

describe('the stations of a report', () => {
  it('are chosen by name, stand there, can be left out, and make the address', async () => {
    const program = await startProgram();
    const court = await program.addStation('esp8266-1001', { name: 'Hinterhof Größenstraße' });
    const street = await program.addStation('esp8266-1002', { name: 'Hauptstraße' });
    await program.addStation('esp8266-1003', { name: 'Hauptstraße' });
    const browser = await openBrowser();
    const { page, problems } = await openPage(browser, `${program.url}/report`);
    const field = page.locator('#ask-station');
    const offered = () =>
      page.locator('datalist option').evaluateAll((all) => all.map((each) => each.getAttribute('value')));
    await until('names are asked for', async () => (await field.getAttribute('placeholder')) === 'Name einer Station');

    // Typed before the names have come.
    await field.fill('grossen');
    await until('they are offered', async () => (await offered()).length > 0);
    await until('only it is offered', async () => (await offered()).join() === 'Hinterhof Größenstraße');
    await field.press('Enter');
    await field.fill(`Hauptstraße (${street.id})`);
    const chosen = page.locator('.report-chosen li');
    const both = ['Hinterhof Größenstraße×', `Hauptstraße (${street.id})×`].join();
    await until('both are chosen', async () => (await chosen.allTextContents()).join() === both);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: `Weglassen: Hauptstraße (${street.id})` }).click();
    await page.getByRole('button', { name: 'Bericht zeigen' }).click();
    await page.waitForURL(/station=/);
    expect(new URL(page.url()).searchParams.get('station')).toBe(court.id);
    await until('the name of the chosen one is shown again', async () =>
      (await chosen.allTextContents()).includes('Hinterhof Größenstraße×'),
    );
    expect(problems.filter((problem) => !problem.includes('400'))).toEqual([]);
  });

  it('stay chosen when a period is asked for by its name, and the Enter key asks for none', async () => {
    const program = await startProgram();
    const { id } = await program.addStation('esp8266-1001', { name: 'Hauptstraße' });
    const browser = await openBrowser();
    const { page } = await openPage(browser, `${program.url}/report`);
    const field = page.locator('#ask-station');
    await until('names are asked for', async () => (await field.getAttribute('placeholder')) === 'Name einer Station');
    await field.fill('Haupt');
    await until('they are offered', async () => (await page.locator('datalist option').count()) > 0);
    await field.press('Enter');
    await page.getByRole('group', { name: 'Zeitraum' }).getByRole('button', { name: 'Letzte 7 Tage' }).press('Enter');
    await page.waitForURL(new RegExp(`station=${id}`));
    const asked = new URL(page.url()).searchParams;
    const days = Date.parse(asked.get('to') ?? '') - Date.parse(asked.get('from') ?? '');
    expect([asked.get('period'), days / 86_400_000]).toEqual([null, 6]);
    await until('the chosen one is shown', async () => (await page.locator('.report-chosen li').count()) === 1);
    await page.locator('#ask-from').fill('2026-01-05');
    await page.locator('#ask-from').press('Enter');
    await page.waitForURL(/from=2026-01-05/);
    expect(await violations(page)).toEqual([]);
  });

  it('are ids where there is no script', async () => {
    const program = await startProgram();
    const { id } = await program.addStation('esp8266-1001', { name: 'Hauptstraße' });
    const browser = await openBrowser();
    const { page } = await openPage(browser, `${program.url}/report`, { javaScriptEnabled: false });
    await page.locator('#ask-station').fill(id);
    await page.getByRole('button', { name: 'Bericht zeigen' }).click();
    await page.waitForURL(new RegExp(`station=${id}`));
  });
});

describe('the stations of a comparison', () => {
  it('are chosen by name on a page that names none yet, and changed where some are shown', async () => {
    const program = await startProgram();
    const court = await program.addStation('esp8266-1001', { name: 'Hinterhof' });
    const street = await program.addStation('esp8266-1002', { name: 'Hauptstraße' });
    const browser = await openBrowser();
    const { page, problems } = await openPage(browser, `${program.url}/compare`);
    expect(await page.locator('main p').first().textContent()).toContain('Wählen Sie bis zu sechs Stationen');
    expect(await page.locator('.notice').count()).toBe(0);
    const field = page.getByLabel('Stationen (bis zu sechs)');
    await field.fill('Hinter');
    await until('names are offered', async () => (await page.locator('datalist option').count()) > 0);
    await field.press('Enter');
    await field.fill('Hauptstraße');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Vergleich zeigen' }).click();
    await page.waitForURL(/stations=/);
    expect(new URL(page.url()).searchParams.get('stations')).toBe(`${court.id},${street.id}`);
    const heads = (await page.locator('tbody th').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    expect(heads).toEqual(['A Hinterhof', 'B Hauptstraße']);
    await until('both can be taken away', async () => (await page.locator('.report-chosen li').count()) === 2);
    expect(await page.locator('.report-chosen li').allTextContents()).toEqual(['Hinterhof×', 'Hauptstraße×']);
    // On a phone no column has to be scrolled to.
    await page.setViewportSize({ width: 390, height: 844 });
    const tooWide = () => page.locator('.table-frame').evaluate((frame) => frame.scrollWidth - frame.clientWidth);
    expect(await tooWide()).toBe(0);
    expect(problems).toEqual([]);
  });
});
