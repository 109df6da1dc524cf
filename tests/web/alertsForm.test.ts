import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { linksIn, type MailServer, startMailServer } from '../support/mailServer.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import { LOOKS, violations } from './axe.ts';
import { openBrowser, openPage, untilFocused, untilText } from './browser.ts';

const PUBLIC_URL = 'https://luft.example.org';

async function startWithStations(): Promise<{ mail: MailServer; program: Program; stations: OwnStation[] }> {
  const mail = await startMailServer();
  const settings = { SMTP_URL: mail.url, MAIL_FROM: 'luft@example.org', PUBLIC_URL };
  const program = await startProgram({ settings });
  const stations = [];
  for (let n = 0; n < 3; n++) {
    const position = { lat: 51.4567891 + n / 400, lon: 7.0123456 };
    stations.push(await program.addStation(`esp8266-471${n}`, { name: `Balkon ${n}`, position }));
  }
  return { mail, program, stations };
}

/** The path in the newest mail, once there are `count`. */
async function newestLink({ mails }: MailServer, count: number): Promise<string> {
  await until(`${count} mails came`, () => mails.length >= count);
  return (linksIn(mails.at(-1)?.text ?? '')[0] ?? '').slice(PUBLIC_URL.length);
}

const untilHeading = (page: Page, heading: string) =>
  until(`the heading is ${heading}`, async () => (await page.locator('h1').textContent()) === heading);

describe('an alert for an area', () => {
  it('is asked for from a station’s sheet and begins with the button behind the mail’s link, without scripts too', async () => {
    const { mail, program, stations } = await startWithStations();
    const browser = await openBrowser();
    const map = await openPage(browser, `${program.url}/?station=${stations[0]?.id}`);
    await map.page.locator('.sheet a', { hasText: 'Alarm für diese Gegend' }).click();
    await map.page.waitForURL(/\/alerts\?station=/);
    await until('the station is named', async () => {
      return (await map.page.locator('h2').first().textContent()) === 'Umkreis der Station „Balkon 0“';
    });
    expect(await map.page.locator('article').textContent()).toContain(
      'Hier zählen 3 Stationen, 0 davon mit gültigem Mittel.',
    );
    expect(map.problems).toEqual([]);

    const { page, problems } = await openPage(browser, map.page.url(), { javaScriptEnabled: false });
    await page.fill('#address', 'viewer@example');
    await page.locator('form[method=post]').evaluate((form) => form.setAttribute('novalidate', ''));
    await page.click('button.is-main');
    await untilText(page, '[role=alert]', /^Das ist keine vollständige E-Mail-Adresse\.$/);
    expect(await page.locator('#address').getAttribute('aria-invalid')).toBe('true');
    await untilFocused(page, 'address');
    await page.fill('#address', 'viewer@example.org');
    await page.fill('#above', '17,5');
    await page.selectOption('#average', '24h');
    await page.click('button.is-main');
    await untilHeading(page, 'Bitte bestätigen Sie Ihre Adresse');
    await untilText(page, 'article', 'An viewer@example.org ist');
    const path = await newestLink(mail, 1);
    const question = mail.mails[0]?.text.replace(/\u202f/g, ' ');
    expect(question).toContain('Gemessen wird: PM2,5, Mittel der letzten 24 Stunden, Median der Stationen');
    expect(question).toContain('Nachricht: über 17,5 µg/m³');
    await page.goto(program.url + path);
    await untilHeading(page, 'Adresse bestätigen');
    await page.click('article button');
    await untilHeading(page, 'Bestätigt');
    await page.goto(program.url + path);
    await untilHeading(page, 'Bestätigt');
    await page.goto(program.url + path.slice(0, -3));
    await untilHeading(page, 'Dieser Link gilt nicht mehr');
    // The browser notes the refused form and the used link as errors.
    expect(problems.filter((problem) => !/status of 40[04]/.test(problem))).toEqual([]);
  });

  it('is for the radius that was chosen, looked at before or not, and stays in the language that was chosen', async () => {
    const { mail, program, stations } = await startWithStations();
    const browser = await openBrowser();
    const { page } = await openPage(browser, `${program.url}/alerts?station=${stations[0]?.id}`);
    await page.click('#language-link');
    expect(await page.locator('h2').first().textContent()).toBe('Around the station “Balkon 0”');
    await page.fill('#above', '17');
    await page.fill('#address', 'viewer@example');
    await page.uncheck('input[name=quiet]');
    await page.selectOption('#radius', '500');
    await page.click('button[name=look]');
    await page.getByText('2 stations count here').waitFor();
    expect([await page.inputValue('#above'), await page.inputValue('#address')]).toEqual(['17', 'viewer@example']);
    expect(await page.isChecked('input[name=quiet]')).toBe(false);
    expect(await page.getAttribute('#language-link', 'href')).not.toContain('viewer');
    await page.selectOption('#radius', '5000');
    await page.fill('#address', 'viewer@example.org');
    await page.press('#address', 'Enter');
    await page.getByText('Please confirm your address').waitFor();
    await newestLink(mail, 1);
    expect(mail.mails[0]?.text).toContain('Area: 5 km around “Balkon 0”');
  });

  it('for a district names no larger radius, which cannot be chosen there', async () => {
    const settings = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'luft@example.org' };
    const program = await startProgram({ settings: { ...settings, DISTRICTS: 'demo/data/districts.geojson' } });
    const { text } = await program.get('/alerts?area=demo-mitte&lang=de');
    expect(text).toContain(
      'Hier zählen 0 Stationen, 0 davon mit gültigem Mittel. Für einen Median braucht es drei.</p>',
    );
    expect(text).not.toContain('Umkreis');
  });

  it('says so where there is no mail, and the sheet does not offer it', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-4711');
    const { page } = await openPage(await openBrowser(), `${program.url}/?station=${station.id}`);
    await page.locator('.sheet-links').waitFor();
    expect(await page.locator('.sheet-links').textContent()).not.toContain('Alarm');
    expect((await program.get(`/alerts?station=${station.id}&lang=en`)).text).toContain('sends no mail');
  });
});

describe('pages behind links in messages', () => {
  it('have nothing axe objects to, in both languages, light and dark, wide and narrow', async () => {
    const { mail, program, stations } = await startWithStations();
    const [station] = stations as [OwnStation];
    const contacts = `/api/v1/stations/${station.id}/contacts`;
    const body = { kind: 'mail', address: 'anna@example.org' };
    await program.send('POST', contacts, { body, key: station.ownerKey });
    const confirm = await newestLink(mail, 1);
    const offer = await program.send('POST', `/api/v1/stations/${station.id}/handover`, {
      body: {},
      key: station.ownerKey,
    });
    const handover = new URL(JSON.parse(offer.text).link).pathname;
    const browser = await openBrowser();
    const found: string[] = [];
    for (const path of [`/alerts?station=${station.id}`, '/alerts', confirm, handover, '/unsubscribe/nothing']) {
      for (const look of LOOKS) {
        const { page } = await openPage(browser, program.url + path, { ...look, bypassCSP: true });
        await page.locator('.theme-switch').waitFor();
        found.push(
          ...(await violations(page)).map((violation) => `${path}, ${look.locale}, ${look.colorScheme}: ${violation}`),
        );
        const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        if (isTooWide) found.push(`${path}, ${look.locale}: wider than the window`);
        await page.context().close();
      }
    }
    expect(found).toEqual([]);
  });
});
