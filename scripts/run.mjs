import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder, whatever the working directory is. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of a JavaScript program inside an installed package, to be run with this Node and no shell. */
export function packageFile(...parts) {
  return join(root, 'node_modules', ...parts);
}

/**
 * Runs a command in the package's folder and resolves to its exit code, 1 after a signal. The child stays in our process group, so that Ctrl+C reaches it too.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** As `run`, with everything it printed instead of the terminal: `{ code, output }`. */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** True when `moduleUrl` is the program Node was started with. */
export function isProgram(moduleUrl) {
  return process.argv[1] === fileURLToPath(moduleUrl);
}

/** What to do where `state` belongs to another user, as after an update by root; any other error is thrown on. */
export function notWritable(error, state) {
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  return `${state}, and this user may not write ${error.path} (${error.code}). Give the folder to this user (sudo chown -R <user>: ${root}), or run npm run build as the user it belongs to.`;
}

/** Says one line about what goes on. On stderr: stdout belongs to the program that is started. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Says what is wrong in one line and ends with code 1. */
export function fail(text) {
  say(text);
  process.exit(1);
}
