import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { unbroken, unbrokenParts } from '../../server/api/pages/unbroken.ts';
import { openBrowser } from './browser.ts';

const STYLES = readFileSync(new URL('../../web/styles/base.css', import.meta.url), 'utf8');

describe('a short hyphenated word in brackets', () => {
  it('is told from other text, and stays text', () => {
    expect(unbrokenParts('Bristol Ost (Demo-Gebiet), 2026')).toEqual(['Bristol Ost ', '(Demo-Gebiet)', ', 2026']);
    expect(unbrokenParts('Köln-Porz (Mitte)')).toEqual(['Köln-Porz (Mitte)']);
    expect(unbroken('<b> (IG-L)').html).toBe('&lt;b&gt; <span class="unbroken">(IG-L)</span>');
  });

  it('stands on one line of a heading at every width from 320 px on', async () => {
    const page = await (await openBrowser()).newPage();
    await page.setContent(
      `<style>${STYLES}</style><main><h1>${unbroken('PM2,5: Bristol Mitte (Demo-Gebiet), 19.11.2026 bis 25.11.2026').html}</h1></main>`,
    );
    for (let width = 320; width <= 800; width += 16) {
      await page.setViewportSize({ width, height: 600 });
      expect(await page.locator('.unbroken').evaluate((element) => element.getClientRects().length)).toBe(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });
});
