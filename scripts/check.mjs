import { packageFile, runQuietly, say } from './run.mjs';
import { setUp } from './setUp.mjs';

/** Every check runs, also after one has failed: one run shows everything. */
const CHECKS = [
  { name: 'format and lint', args: [packageFile('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--colors=off', '.'] },
  { name: 'types', args: [packageFile('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json', '--noEmit'] },
];

await setUp();
const results = await Promise.all(
  CHECKS.map(async ({ name, args }) => ({ name, ...(await runQuietly(process.execPath, args)) })),
);
for (const { name, code, output } of results) {
  if (code !== 0) say(output.trimEnd());
  say(`${name}: ${code === 0 ? 'ok' : 'failed'}`);
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
