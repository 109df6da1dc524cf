import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN_TOKEN, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import { openBrowser, openPage, untilText } from './browser.ts';

const WAITING = ['Hinterhof', 'Dach'];

/** The operator's page, before the key, of a program in which two stations wait. */
async function openAdmin() {
  const { url, send, addStation } = await startProgram({ settings: { REGISTRATION: 'approval' } });
  await addStation('esp8266-4711', { name: 'Balkon Süd' });
  for (const name of WAITING) {
    const body = { name, position: { lat: 51.4, lon: 7 }, isIndoor: false, acceptedTerms: true };
    await send('POST', '/api/v1/stations', { body });
  }
  const { page } = await openPage(await openBrowser(), `${url}/admin`);
  await page.waitForSelector('#admin-key');
  return page;
}

/** What has the focus, as it is named. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') || element?.id || element?.textContent || '';
  });
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

async function press(page: Page, key: string, wanted: string): Promise<void> {
  await page.keyboard.press(key);
  await until(`the focus is at ${wanted}`, async () => (await focused(page)) === wanted);
}

async function signIn(page: Page): Promise<void> {
  await tabTo(page, 'admin-key');
  await page.keyboard.type(ADMIN_TOKEN);
  await page.keyboard.press('Enter');
  await until('the heading has the focus', () => page.evaluate(() => document.activeElement?.tagName === 'H1'));
}

describe('the operator’s page with the keyboard alone', () => {
  it('leads to its heading after the key and back to the field after signing out, but not on a reload', async () => {
    const page = await openAdmin();
    await signIn(page);
    await page.reload();
    await page.locator('#part-program').waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    for (let i = 0; i < 8; i += 1) await page.keyboard.press('Tab');
    await press(page, 'Enter', 'admin-key');
  });

  it('goes to a part, and on with the next station after one was let through or refused', async () => {
    const page = await openAdmin();
    await signIn(page);
    await tabTo(page, 'Freigaben (2)');
    await press(page, 'Enter', 'part-pending-heading');
    await tabTo(page, '„Hinterhof“ freigeben');
    await press(page, 'Enter', 'part-pending-heading');
    await untilText(page, '#part-pending .admin-outcome', /^Erledigt\.$/);
    await tabTo(page, '„Dach“ ablehnen');
    await press(page, 'Enter', 'Abbrechen: „Dach“ ablehnen');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await press(page, 'Enter', 'part-pending-heading');
    await tabTo(page, '„Dach“ freigeben');
  });

  it('says how many stations a search found, leaves one out and counts it again', async () => {
    const page = await openAdmin();
    await signIn(page);
    await tabTo(page, 'exclude-search');
    await page.keyboard.type('balkon');
    await page.keyboard.press('Enter');
    await page.locator('#part-excluded [aria-live]', { hasText: 'Eine Station gefunden.' }).waitFor();
    await tabTo(page, '„Balkon Süd“ von Auswertungen ausnehmen');
    await press(page, 'Enter', 'part-excluded-heading');
    await tabTo(page, '„Balkon Süd“ wieder zählen');
    await press(page, 'Enter', 'part-excluded-heading');
  });

  it('goes into a notice that is changed, back to its button, and asks aloud before it is removed', async () => {
    const page = await openAdmin();
    await signIn(page);
    await tabTo(page, 'exclude-search');
    for (let i = 0; i < 2; i += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tabTo(page, 'notice-en-new');
    await page.keyboard.press('Tab');
    await press(page, 'Enter', 'part-notices-heading');
    await page.keyboard.press('Tab');
    const edit = await focused(page);
    expect(edit).toMatch(/^Hinweis „Nebel, .*“ ändern$/);
    await page.keyboard.press('Enter');
    await until('the form has the focus', async () => (await focused(page)).startsWith('notice-kind-'));
    for (
      let i = 0;
      i < 60 && !(await page.evaluate(() => document.activeElement?.textContent === 'Abbrechen'));
      i += 1
    ) {
      await page.keyboard.press('Tab');
    }
    await press(page, 'Enter', edit);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page
      .locator('#part-notices [role=status]', { hasText: 'Wirklich entfernen?' })
      .waitFor({ state: 'attached' });
    await press(page, 'Enter', 'part-notices-heading');
    await untilText(page, '#part-notices', 'Es gibt keinen Hinweis');
  });
});
