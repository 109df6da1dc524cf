import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isProgram, root, say } from './run.mjs';
import { checkBristol } from './worldChecks/bristol.mjs';
import { checkDutch } from './worldChecks/dutch.mjs';

/** Where the results lie that `/methods` shows. */
const CHECKS_FILE = join(root, 'web/content/checks.json');

/** The program's own arithmetic, as built. */
async function builtDomain() {
  const from = (name) => import(join(root, 'dist/server/domain', `${name}.js`));
  const names = [
    'areaStatistics',
    'comparison',
    'decimal',
    'distance',
    'limits',
    'referenceRatio',
    'robust',
    'uncertainty',
  ];
  return Object.assign({}, ...(await Promise.all(names.map(from))));
}

/** Bristol's comparison, from data in this repository. */
export function bristol(domain) {
  const fixtures = join(root, 'tests/fixtures');
  return checkBristol({
    hoursFile: join(fixtures, 'bristol-hours/2018-10_to_2019-03.csv.gz'),
    officialFile: join(fixtures, 'aurn-bristol/2019-01_to_03.csv'),
    domain,
  });
}

/**
 * Compares the methods with the world and writes the result: `npm run build`, then `node scripts/checkAgainstWorld.mjs
 * --checked-on 2026-11-26 --dutch <folder>`. The folder holds the three files `Voorbeeld_*.csv.gz` of
 * rivm-syso/Samen-analyseren-tool (commit b2cdc4c); they are not in this repository. Without it that part stays as it is.
 */
async function main() {
  const { values } = parseArgs({ options: { dutch: { type: 'string' }, 'checked-on': { type: 'string' } } });
  const domain = await builtDomain();
  const before = JSON.parse(readFileSync(CHECKS_FILE, 'utf8'));
  const checkedOn = values['checked-on'] ?? new Date().toISOString().slice(0, 10);
  const dutch = values.dutch ? { checkedOn, ...checkDutch({ folder: values.dutch, domain }) } : before.dutch;
  const methods = [domain.AREA_VERSION, domain.COMPARISON_VERSION, 'clock-mean-1', 'reference-ratio-1'];
  const checks = { schemaVersion: 1, methods, bristol: { checkedOn, ...bristol(domain) }, dutch };
  writeFileSync(CHECKS_FILE, `${JSON.stringify(checks, undefined, 2)}\n`);
  say(`written: ${CHECKS_FILE}`);
}

if (isProgram(import.meta.url)) await main();
