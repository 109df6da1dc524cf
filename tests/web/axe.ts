import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** EN 301 549 asks for WCAG 2.1 AA; 2.2 and axe's good practice come on top. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Both languages, light and dark, wide and narrow. */
export const LOOKS: BrowserContextOptions[] = [
  { locale: 'de-DE', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
];

/** Violations as `rule: element`, with everything unfolded. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  await page.evaluate(AXE);
  const results = (await page.evaluate(
    (rules) =>
      (window as unknown as { axe: { run(where: Document, how: object): Promise<object> } }).axe.run(document, {
        runOnly: rules,
      }),
    RULES,
  )) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}
