import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const REGISTER = fileURLToPath(new URL('./registerTypescript.mjs', import.meta.url));
const CLI = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));

/** Runs `npx buergerluft <args>` as a process of its own, from the sources, in a folder without a `.env` unless told. */
export function runCliProcess(
  args: readonly string[],
  settings: Record<string, string>,
  cwd = tmpdir(),
): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const options = { env: { PATH, HOME, ...settings }, cwd };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', REGISTER, CLI, ...args], options, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err });
    });
  });
}

/** The same when nobody reads what it writes, as `| head` after its last line; resolves to what it says of that. */
export async function runCliUnread(args: readonly string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--import', REGISTER, CLI, ...args], { env: { PATH }, cwd: tmpdir() });
  child.stdout.destroy();
  return text(child.stderr);
}
