import { describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions } from 'playwright-core';
import { ADDRESS, confirmedMail, linkFrom, startWithMail } from '../notices/contactsHouse.ts';
import { pushOnce } from '../support/steadyDevice.ts';
import { until } from '../support/until.ts';
import { violations } from './axe.ts';
import { openBrowser, openPage, untilFocused, untilText } from './browser.ts';
import { linkOf, measuringStation, openOwn, untilSeriesSays } from './myStationHouse.ts';

describe('my station', () => {
  it('shows values, health with evidence, and what helps', async () => {
    const { program, station } = await measuringStation();
    const { page, problems } = await openOwn(program, station);
    expect(await page.textContent('h1')).toBe('Körnerstraße, Hof');
    expect(await page.textContent('#my-values')).toMatch(/PM10\s*20,0/);
    const wifi = page.locator('.finding', { hasText: 'WLAN' });
    expect(await wifi.textContent()).toMatch(/Hinweis.*−82 dBm.*Was hilft: Rücken Sie das Gerät näher/);
    await page.waitForSelector('#my-values canvas');
    expect(problems).toEqual([]);
  });

  it('marks a period, takes the mark off and puts it back', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    await page.selectOption('#period-kind', 'building-site');
    await page.focus('text=Zeit markieren');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#my-periods .my-rows >> text=Baustelle');
    // Whoever uses the keyboard goes on where they were.
    await until('the button has the focus', () =>
      page.evaluate(() => document.activeElement?.textContent === 'Zeit markieren'),
    );
    await page.waitForSelector('.history-marks >> text=Baustelle');
    await untilSeriesSays(program, station, 'annotated');
    await page.click('#my-periods .my-rows button');
    await page.click('.my-undo button');
    await page.waitForSelector('.my-undo', { state: 'detached' });
    await page.waitForSelector('#my-periods .my-rows >> text=Baustelle');
    await untilSeriesSays(program, station, 'building-site');
    await page.fill('#period-to', '2020-01-01T00:00');
    await page.click('text=Zeit markieren');
    await untilText(page, '#my-periods [role=alert]', 'nach dem Anfang');
    // What was done before is not said beside what is wrong now.
    await page.waitForSelector('#my-periods .my-done', { state: 'detached' });
  });

  it('replaces the device without losing the series, and says what to type in', async () => {
    const { program, station, clock } = await measuringStation();
    const { page } = await openOwn(program, station, { locale: 'en-GB' });
    await page.click('summary:text("Replace the device")');
    await page.fill(`#new-device-${station.deviceId}`, 'esp8266-777');
    await page.click('button:text-is("Replace")');
    await page.waitForSelector('.my-issued');
    const typed = await page.locator('.my-issued code').allTextContents();
    const token = typed.find((text) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text)) ?? '';
    clock.now = Date.now();
    expect(await pushOnce(program, station, { SDS_P2: '1.00' })).toBe(401);
    expect(await pushOnce(program, { ...station, deviceId: 'esp8266-777', token }, { SDS_P2: '9.00' })).toBe(204);
    await page.waitForSelector('#my-place >> text=Device replaced');
    await untilSeriesSays(program, station, 'device-changed');
  });

  it('renews the owner link: it is in the address at once, and the old one opens nothing any more', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    const second = await openOwn(program, station);
    await page.click('summary:text("Neuen Stationslink ausstellen")');
    await page.click('button:text-is("Neuen Stationslink ausstellen")');
    const link = await page.inputValue('#owner-link-value');
    expect(link).not.toContain(station.ownerKey);
    await until('it is in the address', () => page.url() === link);
    await until(
      'the other language has it',
      async () => (await page.getAttribute('#language-link', 'href'))?.includes(link.split('#')[1] ?? '') === true,
    );
    await until('the link can be copied', () => page.evaluate(() => document.activeElement?.id === 'owner-link-value'));
    await page.reload();
    await page.waitForSelector('#my-health');
    expect(await page.textContent('h1')).toBe('Körnerstraße, Hof');
    // Another tab that was open says so at the first thing it does, and opens with the new link.
    await second.page.click('button:text-is("Verbergen")');
    await second.page.waitForSelector('[role=alert]');
    await untilText(second.page, '[role=alert]', 'durch einen neuen ersetzt');
    await second.page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(link).hash);
    await second.page.waitForSelector('#my-health');
    const old = await openPage(await openBrowser(), linkOf(program, station));
    await old.page.waitForSelector('[role=alert]');
    await untilText(old.page, '[role=alert]', 'gilt nicht oder nicht mehr');
    expect(await old.page.locator('summary').allInnerTexts()).toContain('Stationslink verloren');
  });

  it('opens again when the page that made a new link by a mailed key is loaded anew', async () => {
    const host = await startWithMail();
    await confirmedMail(host);
    await host.program.send('POST', '/api/v1/owner-links', { body: { address: ADDRESS } });
    const path = await linkFrom(host.mail, '/recover/', 2);
    const { page, problems } = await openPage(await openBrowser(), host.program.url + path);
    await page.click('text=Neuen Link erzeugen');
    const link = new URL(await page.locator('.owner-link').innerText());
    await until('it is in the address', async () => page.url() === host.program.url + link.pathname + link.hash);
    await until(
      'the other language has it',
      async () => (await page.getAttribute('#language-link', 'href'))?.includes(`/host?lang=en${link.hash}`) === true,
    );
    await page.reload();
    await page.waitForSelector('#my-health');
    expect([await page.textContent('h1'), problems]).toEqual(['Balkon Süd', []]);
  });

  it('downloads everything, deletes everything after the name was typed, and leaves a receipt', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Alles herunterladen')]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^buergerluft-${station.id}-.*\\.zip$`));
    await page.click('text=Löschen vorbereiten');
    await page.click('text=Abbrechen');
    await until('the focus is back', async () =>
      page.evaluate(() => document.activeElement?.textContent === 'Löschen vorbereiten'),
    );
    await page.keyboard.press('Enter');
    await until('the name is asked for', async () => page.evaluate(() => document.activeElement?.id === 'erase-name'));
    expect(await page.isDisabled('text=Endgültig löschen')).toBe(true);
    await page.fill('#erase-name', 'Körnerstraße, Hof');
    await page.click('text=Endgültig löschen');
    await page.waitForSelector('.receipt');
    expect(await page.textContent('.receipt')).toMatch(/Sicherungen.*Nicht rückgängig zu machen/);
    await until('the address has no key', () => !page.url().includes(station.ownerKey));
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Als Datei sichern')]);
    expect(file.suggestedFilename()).toBe(`buergerluft-${station.id}-receipt.json`);
    expect(await violations(page)).toEqual([]);
    expect((await program.get(`/api/v1/stations/${station.id}`)).status).toBe(404);
  });

  it('keeps rules and addresses, and says why an address is not taken', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    await page.selectOption('#rule-silent', '360');
    await page.click('label:has-text("Wenn ein Wert hängt")');
    await page.click('label:has-text("Wenn ein Mittel über")');
    await page.fill('#above-value', '');
    await page.click('text=Regeln speichern');
    await untilFocused(page, 'above-value');
    await untilText(page, '#above-value-error', /^Bitte eine Zahl von 1 bis 1000 eintragen\.$/);
    await page.fill('#above-value', '40');
    await page.click('text=Regeln speichern');
    await page.waitForSelector('#my-alerts .my-done');
    const alerts = await program.send('GET', `/api/v1/stations/${station.id}/alerts`, { key: station.ownerKey });
    expect(JSON.parse(alerts.text).settings).toMatchObject({
      silentAfterMinutes: 360,
      isStuckTold: false,
      above: [{ quantity: 'pm25', average: '1h', value: 40 }],
    });
    await page.selectOption('#contact-kind', 'webhook');
    await page.click('text=Adresse hinzufügen');
    await untilFocused(page, 'contact-address');
    await untilText(page, '#contact-address-error', /^Bitte die ganze Adresse eintragen, mit https:\/\/ davor\.$/);
    await page.fill('#contact-address', 'https://127.0.0.1/hook');
    await page.click('text=Adresse hinzufügen');
    await untilText(page, '#my-alerts .notice', 'Sie liegt nicht im öffentlichen Internet.');
  });

  it('makes a link to hand the station on, and takes it back', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    await page.click('summary:text("Station weitergeben")');
    await page.fill('#handover-address', 'bernd@');
    await page.click('button:text-is("Einladung senden")');
    await untilFocused(page, 'handover-address');
    await page.fill('#handover-address', '');
    await page.click('button:text-is("Link zum Weitergeben")');
    await page.waitForSelector('#handover-link');
    const path = new URL(await page.inputValue('#handover-link')).pathname;
    expect((await program.get(path)).status).toBe(200);
    await page.click('text=Einladung zurücknehmen');
    await page.waitForSelector('text=Die Einladung ist zurückgenommen');
    expect((await program.get(path)).status).not.toBe(200);
  });

  it.each<[string, BrowserContextOptions]>([
    ['de', { colorScheme: 'light', viewport: { width: 1440, height: 900 } }],
    ['en', { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ])('has no accessibility violations and fits its window, with everything unfolded: %s', async (_language, look) => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station, look);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });

  it('is reached part by part with the keyboard', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    await page.focus('.my-nav button:text-is("Gerät")');
    await page.keyboard.press('Enter');
    await until(
      'the part has the focus',
      async () => (await page.evaluate(() => document.activeElement?.id)) === 'my-device',
    );
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Neues Token');
  });

  it('keeps the last known state and says so while the server is away', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    await page.context().setOffline(true);
    await page.click('button:text-is("Verbergen")');
    await page.waitForSelector('#my-place .notice');
    expect(await page.textContent('h1')).toBe('Körnerstraße, Hof');
  });
});
