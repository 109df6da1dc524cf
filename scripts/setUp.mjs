import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from './oneAtATime.mjs';
import { fail, isProgram, notWritable, root, runQuietly, say } from './run.mjs';

/** The oldest Node that Vite 8 runs on. The same number stands in package.json under `engines`. */
const OLDEST_NODE = [20, 19];

/** Undefined when `version` (as in process.versions.node) will do, else one sentence that says what to do. */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return undefined;
  return `Bürgerluft needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${version}. See https://nodejs.org/.`;
}

/**
 * True when `installed` (node_modules/.package-lock.json) holds every package that `wanted` (package-lock.json) names,
 * in that version. Compared by content, not by time: a checkout, a copy or a container layer changes times at will.
 * Optional packages are left out, because each platform installs its own.
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || entry.link) return true;
    return installed.packages[path]?.version === entry.version;
  });
}

function isUpToDate() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
  return isInstalled(read(join(root, 'package-lock.json')), read(hidden));
}

/**
 * Installs what package-lock.json names, when it is not there yet; of two starts at once, as of server and bridge after
 * an update, one does. Ends the process with a message when it cannot.
 */
export async function setUp() {
  const problem = nodeTooOld(process.versions.node);
  if (problem) fail(problem);
  if (isUpToDate()) return;
  const failure = await oneAtATime(join(root, '.build-packages'), install, () =>
    say('Another start is installing packages ...'),
  ).catch((error) => notWritable(error, 'Packages are missing or of another version'));
  if (failure !== undefined) fail(failure);
}

/** Resolves to what went wrong, if anything did. */
async function install() {
  if (isUpToDate()) return undefined;
  say('Installing packages (once, about a minute) ...');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runQuietly('npm', args).catch((error) => ({ code: 1, output: error.message }));
  if (code === 0) return undefined;
  return `${output}\nnpm ${args[0]} failed; the lines above say why. Is the package registry reachable?`;
}

if (isProgram(import.meta.url)) await setUp();
