import { describe, expect, it } from '@jest/globals';
import { airrohrBody } from '../support/airrohrBody.ts';
import { ADMIN_TOKEN, startProgram } from '../support/program.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { LOOKS, violations } from './axe.ts';
import { openBrowser, openPage, untilFocused, untilText } from './browser.ts';

const FIELD = '#admin-key';
const FOG = {
  kind: 'fog',
  from: '2026-11-22T23:00:00Z',
  to: '2026-11-23T23:00:00Z',
  text: { de: 'Dichter Nebel im Tal.', en: 'Dense fog in the valley.' },
};

/** A program with something in every part of the page. */
async function startBusyProgram() {
  const program = await startProgram();
  const station = await program.addStation('esp8266-4711', { name: 'Balkon Süd' });
  await fetch(`${program.url}/push/${station.token}`, { method: 'POST', body: airrohrBody(station.deviceId) });
  await fetch(`${program.url}/push/00000000000000000000000000`, { method: 'POST', body: '{}' });
  const waiting = { name: 'Hinterhof', position: { lat: 51.4, lon: 7 }, isIndoor: false, acceptedTerms: true };
  await program.send('POST', '/api/v1/stations', { body: waiting });
  return { ...program, station };
}

describe('the operator’s page', () => {
  it('opens with the key, which stays in the tab and out of every address, and forgets it on request', async () => {
    const { url } = await startBusyProgram();
    const { page, problems, requested } = await openPage(await openBrowser(), `${url}/admin`);
    expect(await page.locator('meta[name="robots"]').getAttribute('content')).toBe('noindex');
    await page.fill(FIELD, '00000000000000000000000000');
    await page.keyboard.press('Enter');
    await page.locator('.notice', { hasText: 'nimmt der Server nicht an' }).waitFor();
    await untilFocused(page, 'admin-key');
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.getItem('buergerluft-admin')])).toEqual([
      0,
      null,
    ]);
    await page.fill(FIELD, ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('h2', { hasText: 'Warteschlangen' }).waitFor();
    await page.reload();
    await page.locator('h2', { hasText: 'Warteschlangen' }).waitFor();
    await untilText(page, '#part-refused', 'falsches Token');
    await page.click('text=Abmelden');
    await page.waitForSelector(FIELD);
    await page.reload();
    await page.waitForSelector(FIELD);
    expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
    expect(requested.filter((address) => address.includes(ADMIN_TOKEN))).toEqual([]);
    expect(requested.filter((address) => !address.startsWith(url) && !address.startsWith('data:'))).toEqual([]);
    expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
  });

  it('lets stations through, leaves one out of figures with a reason, and takes that back', async () => {
    const { url, get, station } = await startBusyProgram();
    const { page, problems } = await openPage(await openBrowser(), `${url}/admin`);
    await page.fill(FIELD, ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    // No districts are drawn here, and the place is that of the grid, not a rounded one.
    const place = /^Ort, wie er öffentlich würde: \d+\.\d{4}, \d+\.\d{4}$/;
    await untilText(page, '#part-pending .note', place);
    await page.click('[aria-label="„Hinterhof“ freigeben"]');
    await page.locator('#part-pending', { hasText: 'Keine Station wartet' }).waitFor();
    await page.fill('#exclude-search', 'balkon');
    await page.keyboard.press('Enter');
    await page.selectOption('#exclude-reason', 'sensor-fault');
    await page.click('[aria-label="„Balkon Süd“ von Auswertungen ausnehmen"]');
    await page.click('[aria-label="„Balkon Süd“ wieder zählen"] >> visible=true', { trial: true });
    const { properties } = JSON.parse((await get(`/api/v1/stations/${station.id}`)).text);
    expect(properties.exclusion.reason).toBe('sensor-fault');
    await page.click('[aria-label="„Balkon Süd“ wieder zählen"]');
    await page.locator('#part-excluded', { hasText: 'Keine Station ist ausgenommen' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('writes, changes and removes a notice that the map then shows', async () => {
    const { url } = await startBusyProgram();
    const browser = await openBrowser();
    const { page, problems } = await openPage(browser, `${url}/admin`);
    await page.fill(FIELD, ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.click('text=Neuen Hinweis schreiben');
    await page.selectOption('#notice-kind-new', 'fireworks');
    await page.fill('#notice-de-new', '');
    await page.click('text=Veröffentlichen');
    await page.locator('.notice', { hasText: 'beide Texte' }).waitFor();
    await page.fill('#notice-de-new', 'Silvester.');
    await page.click('text=Veröffentlichen');
    await page.locator('#part-notices h3', { hasText: 'Feuerwerk' }).waitFor();
    const map = await openPage(browser, url);
    await map.page.locator('.day-notices', { hasText: 'Silvester.' }).waitFor();
    await page.click('#part-notices button:text-is("Ändern")');
    await page.locator('#part-notices textarea').first().fill('Feuerwerk am Rhein.');
    await page.click('text=Änderung veröffentlichen');
    await page.locator('#part-notices p', { hasText: 'am Rhein' }).waitFor();
    await page.click('text=Neuen Hinweis schreiben');
    await page.fill('#notice-en-new', '');
    await page.locator('#part-notices .admin-done').waitFor();
    await page.click('text=Veröffentlichen');
    await page.locator('#part-notices .notice', { hasText: 'beide Texte' }).waitFor();
    await page.locator('#part-notices .admin-done').waitFor({ state: 'detached' });
    await page.click('#part-notices button:text-is("Entfernen")');
    await page.click('text=Wirklich entfernen?');
    await page.locator('#part-notices', { hasText: 'Es gibt keinen Hinweis' }).waitFor();
    expect([...problems, ...map.problems]).toEqual([]);
  });

  it('says calmly what is still to be set up, with the lines that do it, and is silent once that is there', async () => {
    const { url } = await startBusyProgram();
    const browser = await openBrowser();
    const { page, problems } = await openPage(browser, `${url}/admin`);
    await page.fill(FIELD, ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('h2', { hasText: 'Noch einzurichten' }).waitFor();
    await untilText(page, '.admin-attention', 'Etwas ist noch einzurichten');
    expect(await page.locator('.admin-setup code').allTextContents()).toEqual([
      'BACKUP_DIR=/mnt/backup',
      'SMTP_URL=smtps://user:password@mail.example.org\nMAIL_FROM=luft@example.org\nOPERATOR_MAIL=you@example.org',
      'npx buergerluft doctor',
    ]);
    const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'luft@example.org', OPERATOR_MAIL: 'you@example.org' };
    const whole = await startServerProcess({ settings: { ...mail, BACKUP_DIR: temporaryFolder(), ADMIN_TOKEN } });
    const other = await openPage(browser, `${whole.url}/admin`);
    await other.page.fill(FIELD, ADMIN_TOKEN);
    await other.page.keyboard.press('Enter');
    await other.page.locator('.admin-well', { hasText: 'Nichts braucht gerade Aufmerksamkeit' }).waitFor();
    expect(await other.page.locator('.admin-setup').count()).toBe(0);
    expect([...problems, ...other.problems]).toEqual([]);
  });

  it('says that a letter could not be asked for, instead of that none goes out', async () => {
    const { url } = await startBusyProgram();
    const { page } = await openPage(await openBrowser(), url);
    const letter = {
      ...{ area: { id: 'bochum', name: 'Bochum' }, kind: 'week', from: '2026-11-16', to: '2026-11-22' },
      ...{ comesOutAt: '2026-11-24T06:00:00Z', status: 'waiting', subscribers: 2, page: `${url}/area/bochum` },
    };
    await page.route('**/admin/letters/upcoming', (route) => route.fulfill({ json: { letters: [letter] } }));
    await page.route('**/admin/letters/bochum/**', (route) => route.abort());
    await page.goto(`${url}/admin`);
    await page.fill(FIELD, ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.click('#part-letters summary');
    await page.locator('#part-letters .notice').waitFor();
    expect(await page.textContent('#part-letters')).not.toContain('Ohne Messungen');
  });

  it('keeps what it shows and says so while the server is away', async () => {
    const { url, close } = await startBusyProgram();
    const { page } = await openPage(await openBrowser(), `${url}/admin`);
    await page.fill(FIELD, ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('h2', { hasText: 'Warteschlangen' }).waitFor();
    await untilText(page, '#part-refused', 'falsches Token');
    await close();
    await page.locator('.notice', { hasText: 'Der Server antwortet gerade nicht' }).waitFor();
    await untilText(page, '#part-refused', 'falsches Token');
  });

  it.each(LOOKS)('has nothing for axe to find, and fits: $locale $colorScheme $viewport.width', async (look) => {
    const { url, send } = await startBusyProgram();
    await send('POST', '/api/v1/admin/notices', { key: ADMIN_TOKEN, body: FOG });
    const { page } = await openPage(await openBrowser(), `${url}/admin`, look);
    expect(await violations(page)).toEqual([]);
    await page.fill(FIELD, ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('#part-program').waitFor();
    await page.fill('#exclude-search', 'balkon');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#exclude-reason');
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  });
});
