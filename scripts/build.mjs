import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fail, isProgram, notWritable, packageFile, root, runQuietly, say } from './run.mjs';
import { setUp } from './setUp.mjs';

/** A folder of something half built begins so. */
const UNDER_WAY = '.build-';
/** As old as this it is left over from a build that was broken off, ms. */
const LEFT_OVER_MS = 3_600_000;

/** What is built, from which sources, with which program. */
const TARGETS = [
  {
    name: 'server',
    // The server writes the pages' HTML, with the texts under web/.
    sources: ['server', 'firmware-bridge', 'bench', 'web', 'tsconfig.json', 'package-lock.json'],
    output: 'dist/server/main.js',
    command: (folder) => [packageFile('typescript', 'bin', 'tsc'), '-p', 'server/tsconfig.json', '--outDir', folder],
  },
  {
    name: 'web',
    sources: ['web', 'server/domain', 'server/api/pages', 'vite.config.ts', 'package-lock.json'],
    output: 'dist/web/manifest.json',
    command: (folder) => [
      ...[packageFile('vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
      ...['--outDir', join(folder, 'web')],
    ],
  },
];

function filesUnder(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute, { recursive: true }).map((name) => join(path, name));
}

/** A hash over name, size and time of every source: another one than the last build's means it is out of date. */
function stampOf(target) {
  const hash = createHash('sha256');
  for (const file of target.sources.flatMap(filesUnder).sort()) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const stampFile = (target) => join(root, 'dist', `.${target.name}.stamp`);

function isUpToDate(target, stamp) {
  const isBuilt = existsSync(join(root, target.output)) && existsSync(stampFile(target));
  return isBuilt && readFileSync(stampFile(target), 'utf8') === stamp;
}

async function buildTarget(target, force) {
  const stamp = stampOf(target);
  if (!force && isUpToDate(target, stamp)) return undefined;
  rmSync(stampFile(target), { force: true });
  say(`Building ${target.name} ...`);
  // Two starts at once each build into a folder of their own, beside dist: source maps lead to the sources from there too.
  const folder = mkdtempSync(join(root, `${UNDER_WAY}${target.name}-`));
  try {
    const { code, output } = await runQuietly(process.execPath, target.command(folder));
    if (code !== 0) return `${output}\nBuilding ${target.name} failed.`;
    // What the other start has built and runs from by now stays as it is.
    if (!isUpToDate(target, stamp)) putInPlace(target, folder, stamp);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function putInPlace(target, folder, stamp) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const name of readdirSync(folder)) {
    const place = join(root, 'dist', name);
    try {
      if (existsSync(place)) renameSync(place, join(folder, `${name}.former`));
      renameSync(join(folder, name), place);
    } catch (error) {
      // The other start puts its own there at this very moment: the same.
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    }
  }
  writeFileSync(stampFile(target), stamp);
}

function removeLeftOvers() {
  for (const name of readdirSync(root).filter((entry) => entry.startsWith(UNDER_WAY))) {
    const path = join(root, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < Date.now() - LEFT_OVER_MS) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Compiles the server into dist/server and the pages into dist/web where sources changed since the last build, or all
 * with `force`. Ends the process with the compilers' words when it cannot.
 */
export async function build({ force = false } = {}) {
  removeLeftOvers();
  const problems = await Promise.all(
    TARGETS.map((target) =>
      buildTarget(target, force).catch((error) => notWritable(error, 'The sources are newer than what is built')),
    ),
  );
  const told = [...new Set(problems.filter(Boolean))];
  if (told.length > 0) fail(told.join('\n'));
}

if (isProgram(import.meta.url)) {
  await setUp();
  await build({ force: process.argv.includes('--force') });
}
