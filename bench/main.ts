import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { benchAppend } from './append.ts';
import { benchBrowser } from './browser.ts';
import { benchCitation } from './citation.ts';
import { benchIngest } from './ingest.ts';
import { benchLighthouse } from './lighthouse.ts';
import { benchLive } from './live.ts';
import { benchMap, benchYear } from './queries.ts';
import { benchRollups } from './rollups.ts';

/** Every scenario by name; each alternates with its limit where it has one. */
const SCENARIOS: Readonly<Record<string, () => Promise<object>>> = {
  'append beside bare DuckDB': () => benchAppend(200),
  'ingest, 50 connections': () => benchIngest(50, 10),
  'ingest, 2000 connections': () => benchIngest(2000, 10),
  'live, 15000 stations, 200 browsers': () => benchLive(15_000, 200, 20),
  'live, 15000 stations, 2000 browsers': () => benchLive(15_000, 2000, 20),
  'memory and start, 1000 stations, a day': () => benchMap(1000),
  'map and start, 15000 stations, a day': () => benchMap(15_000),
  'year, 92 stations, 20 million readings': () => benchYear(92),
  'rollups, 100 stations, a year': () => benchRollups(100),
  'browser, 15000 stations': () => benchBrowser(15_000),
  'citation, 50 stations, a year': () => benchCitation(50),
  lighthouse: () => benchLighthouse(),
};

const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const figures: Record<string, object> = {};
for (const [name, run] of Object.entries(SCENARIOS)) {
  if (chosen.length > 0 && !chosen.some((word) => name.includes(word))) continue;
  console.log(`\n${name}`);
  const figure = await run();
  figures[name] = figure;
  console.table(rounded(figure));
}
mkdirSync('bench/results', { recursive: true });
const file = `bench/results/${new Date().toISOString().replaceAll(':', '-')}.json`;
writeFileSync(file, `${JSON.stringify({ machine, at: new Date().toISOString(), figures }, null, 2)}\n`);
console.log(`\nWritten to ${file}`);

function rounded(figure: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(figure).map(([key, value]) => [
      key,
      typeof value === 'number' ? Math.round(value * 100) / 100 : value,
    ]),
  );
}
