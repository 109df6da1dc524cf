import { describe, expect, it } from '@jest/globals';
import { bandsOf } from '../../server/domain/airQuality.ts';
import { startProgram } from '../support/program.ts';
import { openBrowser, openPage } from './browser.ts';

const backgroundOf = (element: Element) => getComputedStyle(element).backgroundColor;

describe('with forced colours', () => {
  it('the legend keeps the colours of its classes, and what is chosen looks chosen', async () => {
    const program = await startProgram();
    const browser = await openBrowser();
    const { page } = await openPage(browser, program.url, { forcedColors: 'active' });
    const swatches = page.locator('.legend-strip .swatch');
    await swatches.first().waitFor({ state: 'attached' });
    const rgb = (hex: string) => `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
    expect(await swatches.evaluateAll((all) => all.map((each) => getComputedStyle(each).backgroundColor))).toEqual(
      bandsOf('neutral', 'pm25').map(({ colour }) => rgb(colour)),
    );
    const chosen = await page.locator('.choice-option input:checked + span').first().evaluate(backgroundOf);
    const other = await page.locator('.choice-option input:not(:checked) + span').first().evaluate(backgroundOf);
    expect(chosen).not.toBe(other);
  });
});
