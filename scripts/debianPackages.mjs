import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say } from './run.mjs';

/** Programs the tests start, and the Debian package each comes in. */
const PROGRAMS = [
  { program: 'mosquitto', package: 'mosquitto' },
  { program: 'influxd', package: 'influxdb' },
  { program: 'chromium', package: 'chromium' },
  { program: 'caddy', package: 'caddy' },
  { program: 'promtool', package: 'prometheus' },
  { program: 'faketime', package: 'faketime' },
  { program: 'curl', package: 'curl' },
  { program: 'jq', package: 'jq' },
  { program: 'python3', package: 'python3' },
];

/** `PATH` with the folders of system programs, which an ordinary user's often lacks (mosquitto is in /usr/sbin). */
export function searchPath(env = process.env) {
  return [env.PATH ?? '', '/usr/local/sbin', '/usr/sbin'].join(delimiter);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian packages whose program is nowhere on `path`. */
export function missingPackages(path = searchPath()) {
  const folders = path.split(delimiter).filter(Boolean);
  const isThere = ({ program }) => folders.some((folder) => isExecutable(join(folder, program)));
  return PROGRAMS.filter((entry) => !isThere(entry)).map((entry) => entry.package);
}

/** The one line that installs `packages`. */
export function installLine(packages) {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

async function asRoot(words) {
  const isRoot = process.getuid?.() === 0;
  const [command, ...args] = isRoot ? words : ['sudo', '-n', ...words];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (await run(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).catch(() => 1)) === 0;
}

/**
 * Installs the missing packages as root, or on a CI machine with password-less sudo; elsewhere nobody's computer is
 * changed unasked. Returns the packages still missing, each said with the line that installs it.
 */
export async function installMissing({ isCi }) {
  const missing = missingPackages();
  if (missing.length === 0) return [];
  if (process.getuid?.() === 0 || isCi) {
    say(`Installing Debian packages: ${missing.join(' ')} ...`);
    await asRoot(['apt-get', 'update', '-qq']);
    await asRoot(installLine(missing).split(' '));
  }
  const left = missingPackages();
  if (left.length > 0) say(`Missing for the tests: ${left.join(', ')}. Install with:\n  sudo ${installLine(left)}`);
  return left;
}
