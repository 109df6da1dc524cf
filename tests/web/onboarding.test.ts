import { describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { exchange } from '../bridge/rawHttp.ts';
import { startMailServer } from '../support/mailServer.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilFocused, untilText, type Watched } from './browser.ts';

const CHIP = '15303512';

/** A push byte by byte as firmware NRZ-2024-135 sends it to its own API. */
function push(fields: Record<string, string>, values: Record<string, string>): string {
  const user = fields.Benutzer ?? fields.User;
  const token = fields.Passwort ?? fields.Password;
  const list = Object.entries(values).map(([type, value]) => `{"value_type":"${type}","value":"${value}"}`);
  const body = `{"esp8266id": "${CHIP}", "software_version": "NRZ-2024-135", "sensordatavalues":[${list.join(',')}]}`;
  return [
    `POST ${fields.Pfad ?? fields.Path} HTTP/1.1`,
    `Host: ${fields.Server}:${fields.Port}`,
    `User-Agent: NRZ-2024-135/${CHIP}/483fda112233`,
    'Connection: close',
    'Accept-Encoding: identity;q=1,chunked;q=0.1,*;q=0',
    `Authorization: Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`,
    'Content-Type: application/json',
    `X-Sensor: esp8266-${CHIP}`,
    'X-MAC-ID: esp8266-483fda112233',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

const VALUES = {
  ...{ SDS_P1: '12.43', SDS_P2: '7.87', BME280_temperature: '9.28', BME280_pressure: '101234.56' },
  ...{ BME280_humidity: '68.12', samples: '5012345', min_micro: '26', max_micro: '20123', interval: '145000' },
  signal: '-65',
};

/** Opens `/host` and registers a station up to the credentials; resolves to what the page says to type. */
async function joinUpToCredentials(page: Page): Promise<Record<string, string>> {
  await page.fill('#place-name', 'Ehrenfeld, Hof');
  await page.fill('#coordinates', '50.9481234, 6.9193456');
  await page.check('#consent');
  await page.click('button[type=submit].is-main');
  await page.locator('#device-id').waitFor();
  await page.click('button[type=submit].is-main');
  await untilFocused(page, 'device-id');
  await untilText(page, '#device-id-wrong', '15303512');
  await page.fill('#device-id', CHIP);
  await page.click('button[type=submit].is-main');
  await page.locator('.host-form .instructions-field').first().waitFor();
  await untilFocused(page, 'type-heading');
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll('section.host-form .instructions-field')];
    return Object.fromEntries(
      fields.map((field) => [
        field.querySelector('dt')?.firstChild?.textContent ?? '',
        (field.querySelector('dd code') ?? field.querySelector('dd'))?.textContent ?? '',
      ]),
    );
  });
}

const phases = (page: Page) => page.locator('.phase.is-done').count();
const openHost = async (server: ServerProcess, options?: BrowserContextOptions): Promise<Watched> =>
  openPage(await openBrowser(), `${server.url}/host`, options);

describe('onboarding in Chromium', () => {
  it('onboards a device from an empty instance, with the push sent by a raw socket', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open' } });
    const { page, problems, requested } = await openHost(server);
    await page.getByText('Ich habe noch keinen Sensor').click();
    await page.locator('.no-sensor', { hasText: 'WLAN mit 2,4 GHz' }).waitFor();
    const fields = await joinUpToCredentials(page);
    expect(fields).toMatchObject({ Port: String(server.httpPort), Pfad: '/data.php', Benutzer: `esp8266-${CHIP}` });
    expect(fields['An eigene API senden']).toContain('ankreuzen');
    await page.click('.host-actions .is-main');
    expect(await page.locator('.countdown').innerText()).toMatch(/^Der erste Wert ist in etwa 2:\d\d zu erwarten\.$/);

    const forged = { ...fields, Passwort: 'AAAAAAAAAAAAAAAAAAAAAAAAAA' };
    expect((await exchange(server.httpPort, push(forged, VALUES))).status).toBe(401);
    await page.locator('.notice', { hasText: 'Benutzer oder Passwort stimmen nicht' }).waitFor();
    await untilText(page, '.phase.is-failed', 'Das Token stimmt');

    await page.reload();
    await page.locator('.notice', { hasText: 'Benutzer oder Passwort stimmen nicht' }).waitFor();
    const { SDS_P1: _pm10, SDS_P2: _pm25, ...others } = VALUES;
    expect((await exchange(server.httpPort, push(fields, others))).status).toBe(204);
    const noDust = page.locator('.notice', { hasText: 'Vom Feinstaubsensor (Nova SDS011) ist kein Wert dabei.' });
    await noDust.waitFor();
    expect((await exchange(server.httpPort, push(fields, { ...VALUES, samples: '5012346' }))).status).toBe(204);
    await noDust.waitFor({ state: 'detached' });
    await until('all five steps are done', async () => (await phases(page)) === 5);
    await untilText(page, '.phases', 'Gefunden: BME280, SDS011');
    await until('the value is said', async () => {
      return (await page.locator('.phases').innerText()).includes('PM2,5 7,9\u202fµg/m³');
    });
    await untilText(page, '.host-form', 'Auf der Karte steht die Station erst ohne Farbe');

    await page.click('.host-actions .is-main');
    const url = await page.inputValue('#owner-link-value');
    expect(url).toMatch(/\/host#[a-z0-9]{10}\.[0-9A-HJKMNP-TV-Z]{26}$/);
    const { features } = (await (await fetch(`${server.url}/api/v1/stations`)).json()) as { features: object[] };
    expect(features).toMatchObject([
      { geometry: { coordinates: [6.92, 50.948] }, properties: { name: 'Ehrenfeld, Hof' } },
    ]);
    const ownerKey = url.split('.').at(-1) ?? '';
    const secrets = [fields.Passwort ?? '', ownerKey, '50.94812', CHIP];
    expect(server.lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
    expect(requested.filter((address) => address.includes(ownerKey))).toEqual([]);
    expect(requested.filter((address) => !address.startsWith(server.url) && !address.startsWith('ws:'))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('has the sensor put right that the device turns out to have', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open' } });
    const { page, problems } = await openHost(server);
    const fields = await joinUpToCredentials(page);
    await page.click('.host-actions .is-main');
    const { SDS_P1: PMS_P1, SDS_P2: PMS_P2, ...others } = VALUES;
    expect((await exchange(server.httpPort, push(fields, { PMS_P1, PMS_P2, ...others }))).status).toBe(204);
    const notice = page.locator('.notice', { hasText: 'Angemeldet ist als Feinstaubsensor „Nova SDS011“' });
    await notice.waitFor();
    const enter = page.getByRole('button', { name: 'Plantower PMS eintragen' });
    await enter.click();
    await notice.waitFor({ state: 'detached' });
    await page.getByText('Eingetragen ist jetzt „Plantower PMS“.').waitFor();
    await untilFocused(page, 'undo-sensor');
    await page.keyboard.press('Enter');
    await notice.waitFor();
    await untilFocused(page, 'enter-sensor');
    await page.keyboard.press('Enter');
    await notice.waitFor({ state: 'detached' });
    const swapped = { PMS_P1: '7.87', PMS_P2: '12.43', ...others, samples: '5012346' };
    expect((await exchange(server.httpPort, push(fields, swapped))).status).toBe(204);
    const inverted = page.locator('.notice', { hasText: 'PM2,5 liegt über PM10' });
    await inverted.waitFor();
    const right = { PMS_P1, PMS_P2, ...others, samples: '5012347' };
    expect((await exchange(server.httpPort, push(fields, right))).status).toBe(204);
    await inverted.waitFor({ state: 'detached' });
    const { features } = (await (await fetch(`${server.url}/api/v1/stations`)).json()) as { features: object[] };
    expect(features).toMatchObject([{ properties: { sensorModels: ['pms', 'bme280'] } }]);
    expect(problems).toEqual([]);
  });

  it('under approval says that it waits, and shows the station once an admin let it through', async () => {
    const server = await startServerProcess();
    const { page } = await openHost(server, { locale: 'en-GB' });
    expect(await page.locator('.host-registration').innerText()).toContain('The operator lets new stations through');
    const fields = await joinUpToCredentials(page);
    await page.click('.host-actions .is-main');
    expect((await exchange(server.httpPort, push(fields, VALUES))).status).toBe(204);
    await until('the value is there', async () => (await phases(page)) === 4);
    await untilText(page, '.phase >> nth=-1', 'waits for the operator to let it through');
    await page.click('.host-actions .is-main');
    const [stationId = ''] = (await page.inputValue('#owner-link-value')).split('#').at(-1)?.split('.') ?? [];
    expect((await server.request('POST', `/api/v1/stations/${stationId}/approve`)).status).toBe(200);
    await page.reload();
    await page.click('.host-actions button >> text=Back');
    await until('it is on the map', async () => (await phases(page)) === 5);
  });

  it('says when the server is away, and goes on by itself when it is back', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open' } });
    const { page } = await openHost(server);
    const fields = await joinUpToCredentials(page);
    await page.click('.host-actions .is-main');
    await server.kill();
    await page.locator('.notice', { hasText: 'unterbrochen' }).waitFor();
    const { dataDir, httpPort } = server;
    await startServerProcess({ settings: { DATA_DIR: dataDir, HTTP_PORT: String(httpPort), REGISTRATION: 'open' } });
    expect((await exchange(httpPort, push(fields, VALUES))).status).toBe(204);
    await until('all five steps are done', async () => (await phases(page)) === 5);
    await until('nothing is said of it any more', async () => (await page.locator('.notice').count()) === 0);
  });

  it('after minutes of nothing lists what only the host can check', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open' } });
    const { page } = await openHost(server);
    await joinUpToCredentials(page);
    await page.click('.host-actions .is-main');
    await page.locator('.countdown').waitFor();
    await page.evaluate(() => {
      const kept = JSON.parse(sessionStorage.getItem('buergerluft-join-1') ?? '{}');
      sessionStorage.setItem('buergerluft-join-1', JSON.stringify({ ...kept, savedAt: kept.savedAt - 241_000 }));
    });
    await page.reload();
    const list = page.locator('.notice', { hasText: 'Seit mehreren Minuten ist nichts angekommen' });
    await list.waitFor();
    expect(await list.innerText()).toMatch(/WLAN[\s\S]*„Speichern und neu starten“/);
    expect(await page.locator('.countdown').count()).toBe(0);
  });

  it('with a mail server offers to leave an address, which is asked before anything else goes there', async () => {
    const mail = await startMailServer();
    const settings = { REGISTRATION: 'open', SMTP_URL: mail.url, MAIL_FROM: 'luft@example.org' };
    const server = await startServerProcess({ settings });
    const { page } = await openHost(server);
    await joinUpToCredentials(page);
    await page.click('.host-actions .is-main');
    await page.click('.host-actions button >> nth=1');
    const url = await page.inputValue('#owner-link-value');
    await page.fill('#owner-mail', 'anna@example');
    await page.click('.mail-field button');
    await untilFocused(page, 'owner-mail');
    await untilText(page, '.mail-field [role=status]', 'keine vollständige');
    await page.fill('#owner-mail', 'anna@example.org');
    await page.click('.mail-field button');
    await page.locator('.mail-sent').waitFor();
    await until('the question is there', async () => mail.mails.length === 1);
    expect(mail.mails[0]?.to).toEqual(['anna@example.org']);
    expect(mail.mails[0]?.source).not.toContain(url.split('#').at(-1));
    await page.goto(`${server.url}/host`);
    await page.click('.host-actions button >> text=Noch eine Station anmelden');
    expect(await page.locator('.host-ask').innerText()).toContain('Haben Sie den Stationslink gesichert?');
    expect(await page.inputValue('#owner-link-value')).toBe(url);
    await untilFocused(page, 'another-yes');
    await page.keyboard.press('Enter');
    await untilFocused(page, 'place-name');
    await page.click('text=Stationslink verloren');
    await page.fill('#lost-mail', 'anna@example.org');
    await page.click('.link-field button >> text=Neuen Link schicken');
    await page.locator('.mail-sent').waitFor();
  });

  it('without one it does not', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open', CONTACT: 'luft@example.org' } });
    const { page } = await openHost(server);
    await page.click('text=Stationslink verloren');
    expect(await page.locator('.link-field[open]').innerText()).toContain('luft@example.org');
    expect(await page.locator('input[type=email]').count()).toBe(0);
    // A link that a mail program cut off is nobody's way to a second station.
    const cutOff = `${server.url}/host#abcde12345.0123456789`;
    await page.goto(cutOff);
    await page.getByRole('alert').getByText('kein vollständiger Stationslink').waitFor();
    expect(await page.inputValue('#owner-link')).toBe(cutOff);
    await page.goto(`${server.url}/host#main`);
    await page.locator('#owner-link').waitFor({ state: 'hidden' });
  });

  it('closed registration says whom to ask and offers no form', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'closed', CONTACT: 'luft@example.org' } });
    const { page } = await openHost(server);
    expect(await page.locator('.host .notice').innerText()).toContain('luft@example.org');
    expect(await page.locator('form.host-form').count()).toBe(0);
    await page.click('.link-field summary');
    await page.fill('#owner-link', 'https://luft.example.org/host#abcde12345.too-short');
    await page.click('.link-field button');
    await untilText(page, '.link-field [role=alert]', 'kein vollständiger Stationslink');
  });

  it('takes altitude and the number at sensor.community with the registration', async () => {
    const mirror = { MIRROR_URL: 'http://127.0.0.1:9/data.json', MIRROR_AREA: '51,7,5', CONTACT: 'luft@example.org' };
    const server = await startServerProcess({ settings: { REGISTRATION: 'open', ...mirror } });
    const { page } = await openHost(server);
    await page.fill('#altitude', '55');
    for (const chip of [`chip ${CHIP}`, CHIP]) {
      await page.fill('#sensor-number', chip);
      await page.click('button[type=submit].is-main');
      await untilText(page, '.host-form [role=alert] >> nth=-1', 'nicht die Chip-ID');
      const described = (await page.getAttribute('#sensor-number', 'aria-describedby'))?.split(' ') ?? [];
      expect(await page.textContent(`#${described.at(-1)}`)).toContain('nur die Nummer');
    }
    await page.fill('#sensor-number', '#39300');
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await joinUpToCredentials(page);
    expect((await sent).postDataJSON()).toMatchObject({ altitudeMetres: 55, sensorCommunityId: 39_300 });
  });

  it('names what is missing instead of sending', async () => {
    const server = await startServerProcess({ settings: { REGISTRATION: 'open' } });
    const { page } = await openHost(server);
    await page.click('button[type=submit].is-main');
    await untilFocused(page, 'place-name');
    await page.fill('#place-name', 'Hof');
    await page.fill('#coordinates', 'irgendwo');
    await page.click('button[type=submit].is-main');
    await untilFocused(page, 'coordinates');
    await untilText(page, '[role=alert].field-error', 'Setzen Sie die Nadel');
    expect(await (await fetch(`${server.url}/api/v1/stations`)).json()).toMatchObject({ features: [] });
    // However fast somebody types, nothing is put into the middle of it; and the place of before is not sent instead.
    await page.fill('#coordinates', '');
    await page.focus('#coordinates');
    await page.keyboard.type('50.92, 6.95 oder so');
    expect(await page.inputValue('#coordinates')).toBe('50.92, 6.95 oder so');
    await page.check('#consent');
    await page.click('button[type=submit].is-main');
    await untilFocused(page, 'coordinates');
    await untilText(page, '#coordinates-wrong', 'Das sind keine Koordinaten.');
  });
});
