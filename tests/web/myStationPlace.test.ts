import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import { violations } from './axe.ts';
import { untilFocused, untilText } from './browser.ts';
import { measuringStation, openOwn } from './myStationHouse.ts';

describe('the place of my station', () => {
  it('hides and shows the station, renames it, puts its sensor right, and corrects its place without a mark', async () => {
    const { program, station } = await measuringStation();
    const { page } = await openOwn(program, station);
    await page.click('button:text-is("Verbergen")');
    await page.waitForSelector('button:text-is("Wieder zeigen")');
    expect((await program.get(`/api/v1/stations/${station.id}`)).status).toBe(404);
    await page.click('button:text-is("Wieder zeigen")');
    await page.waitForSelector('button:text-is("Verbergen")');
    await page.fill('#my-name', 'Am Neptunplatz');
    await page.selectOption('#my-pm-model', 'sps30');
    await page.click('#my-place >> button:text-is("Speichern")');
    await page.waitForSelector('h1:text("Am Neptunplatz")');
    await page.click('summary:text("Station versetzen")');
    // Coordinates that cannot be any do not leave the place of before standing in silence.
    await page.fill('#coordinates', 'Köln');
    await page.click('text=Neuen Ort speichern');
    await untilFocused(page, 'coordinates');
    await untilText(page, '#coordinates-wrong', 'Das sind keine Koordinaten.');
    await page.fill('#coordinates', '50.95, 6.92');
    await page.click('text=Die Nadel saß falsch');
    await page.click('text=Neuen Ort speichern');
    await page.waitForSelector('#my-place .my-done');
    const own = await program.send('GET', `/api/v1/stations/${station.id}/owner`, { key: station.ownerKey });
    const corrected = { position: { lat: 50.95, lon: 6.92 }, sensorModels: ['sps30'] };
    expect(JSON.parse(own.text)).toMatchObject({ station: corrected, marks: [] });
  });

  it('takes a station that moves indoors out of the public at once, and back where that was a mistake', async () => {
    const { program, station } = await measuringStation();
    const settled = { isIndoor: false, isPublishedIndoor: true };
    await program.send('PATCH', `/api/v1/stations/${station.id}`, { key: station.ownerKey, body: settled });
    const { page } = await openOwn(program, station);
    await page.click('summary:text("Sensor nach drinnen holen")');
    expect(await page.textContent('#my-place')).toContain(
      'verschwindet von Karte, Gebieten und Berichten und bleibt nur für Sie',
    );
    await page.click('button:text-is("Station misst jetzt drinnen")');
    await page.waitForSelector('.my-status >> text=privat (Innenraum)');
    // What it measured before was elsewhere; that it measured is not denied.
    await page.getByText(/^Derzeit gibt es hier keinen Wert; zuletzt gehört \d/).waitFor();
    const paths = ['/api/v1/map', '/api/v1/stations', '/static/v2/data.json', '/report', '/sta/v1.1/Things'];
    const outputs = await Promise.all(paths.map(async (path) => (await program.get(path)).text));
    expect(outputs.filter((text) => text.includes(station.id) || text.includes('Körnerstraße'))).toEqual([]);
    for (const path of ['/api/v1/stations', '/station'])
      expect((await program.get(`${path}/${station.id}`)).status).toBe(404);
    // The way back is offered only when it is asked for, and says what it publishes.
    const way = page.locator('summary:text("Sensor wieder nach draußen bringen")');
    await until('the focus is kept', () => way.evaluate((summary) => summary === document.activeElement));
    expect(await page.locator('button:text-is("Station misst jetzt draußen")').isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    await untilText(page, '#my-place', 'Was sie drinnen gemessen hat, bleibt privat');
    await page.click('button:text-is("Station misst jetzt draußen")');
    await page.waitForSelector('.my-status a');
    expect((await program.get(`/api/v1/stations/${station.id}`)).status).toBe(200);
  });

  it('says that a station indoors is private until its owner publishes it', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-15303512', { isIndoor: true });
    const { page } = await openOwn(program, station);
    expect(await page.textContent('.my-status')).toContain('privat (Innenraum)');
    expect(await page.textContent('#my-place')).toContain('Die Station misst drinnen und ist privat.');
    expect(await page.locator('.my-status a, button:text-is("Verbergen")').count()).toBe(0);
    await page.check('text=ihre Werte öffentlich zeigen');
    await page.waitForSelector('.my-status a');
    await untilText(page, '.my-status', 'öffentlich');
    expect((await program.get(`/api/v1/stations/${station.id}`)).status).toBe(200);
  });

  it('takes the altitude and the number at sensor.community, where that is mirrored', async () => {
    const settings = { MIRROR_URL: 'http://127.0.0.1:9/data.json', MIRROR_AREA: '51,7,5', CONTACT: 'luft@example.org' };
    const program = await startProgram({ settings });
    const station = await program.addStation('esp8266-15303512', { name: 'Körnerstraße, Hof' });
    const { page } = await openOwn(program, station);
    await page.fill('#my-altitude', 'hoch');
    await untilText(page, '#my-place .field-error', 'Höhe in Metern');
    await page.fill('#my-altitude', '118,4 m');
    await page.fill('#my-sensor-number', '39300');
    await page.click('#my-place >> button:text-is("Speichern")');
    await page.waitForSelector('#my-place >> text=Sensor 39300 von Sensor.Community ist noch nicht bestätigt');
    const own = await program.send('GET', `/api/v1/stations/${station.id}/owner`, { key: station.ownerKey });
    expect(JSON.parse(own.text)).toMatchObject({ station: { altitudeMetres: 118.4, sensorCommunityId: 39_300 } });
    expect(await violations(page)).toEqual([]);
    await page.fill('#my-sensor-number', '');
    await page.click('#my-place >> button:text-is("Speichern")');
    await page.waitForSelector('#my-place >> text=noch nicht bestätigt', { state: 'detached' });
  });
});
