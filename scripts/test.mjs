import { installMissing, searchPath } from './debianPackages.mjs';
import { packageFile, root, run } from './run.mjs';
import { setUp } from './setUp.mjs';

/** Everything `npm test` does: packages, the real programs the tests use, then Jest with the given arguments, which builds first. */
const isCi = process.env.CI === 'true';
await setUp();
const missing = await installMissing({ isCi });
if (missing.length > 0 && isCi) process.exit(1);

// Jest runs ES modules only with this flag; the warning it prints on every worker says nothing.
const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
const env = { ...process.env, NODE_OPTIONS: nodeOptions.trim(), PATH: searchPath() };
const args = process.argv.slice(2);
const hasWorkers = args.some((arg) => /^(--runInBand|-i|--maxWorkers|-w)/.test(arg));
const workers = hasWorkers ? [] : ['--maxWorkers=2'];
process.exitCode = await run(
  process.execPath,
  [packageFile('jest', 'bin', 'jest.js'), '--rootDir', root, ...workers, ...args],
  {
    env,
  },
);
