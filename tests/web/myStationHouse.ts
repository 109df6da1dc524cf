import type { BrowserContextOptions } from 'playwright-core';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';
import { pushUntil } from '../support/steadyDevice.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage } from './browser.ts';

/** A station that has measured for the last two hours, as of the real clock: a browser has no other. */
export async function measuringStation() {
  const clock = { now: Date.now() - 2 * HOUR_MS };
  const program = await startProgram({ clock: () => clock.now });
  const station = await program.addStation('esp8266-15303512', { name: 'Körnerstraße, Hof' });
  await pushUntil({ program, station, clock }, Date.now(), (at) => ({
    SDS_P1: '20.00',
    SDS_P2: (8 + ((at / 1000) % 7)).toFixed(2),
    interval: '146000',
    signal: '-82',
  }));
  clock.now = Date.now();
  return { program, station, clock };
}

/** The owner link of a station. */
export const linkOf = (program: Program, { id, ownerKey }: OwnStation) => `${program.url}/host#${id}.${ownerKey}`;

/** The owner's page of a station, open and with its health shown. */
export async function openOwn(program: Program, station: OwnStation, options: BrowserContextOptions = {}) {
  const browser = await openBrowser();
  const watched = await openPage(browser, linkOf(program, station), options);
  await watched.page.waitForSelector('#my-health');
  return watched;
}

/** Resolves when the hourly means of a station, as the API gives them, say so: hours are made anew after a change. */
export async function untilSeriesSays(program: Program, { id }: OwnStation, word: string): Promise<void> {
  const series = () => program.get(`/api/v1/stations/${id}/series?quantity=pm25&window=1h`);
  await until(`the series says ${word}`, async () => (await series()).text.includes(word));
}
