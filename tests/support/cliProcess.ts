import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { builtProgram } from './builtProgram.ts';

const [NODE, ...CLI] = builtProgram('server/cli');

/** Runs `npx buergerluft <args>` as a process of its own, in a folder without a `.env` unless told. */
export function runCliProcess(
  args: readonly string[],
  settings: Record<string, string>,
  cwd = tmpdir(),
): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const options = { env: { PATH, HOME, ...settings }, cwd };
  return new Promise((resolve) => {
    execFile(NODE, [...CLI, ...args], options, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err });
    });
  });
}

/** The same when nobody reads what it writes, as `| head` after its last line; resolves to what it says of that. */
export async function runCliUnread(args: readonly string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const child = spawn(NODE, [...CLI, ...args], { env: { PATH }, cwd: tmpdir() });
  child.stdout.destroy();
  return text(child.stderr);
}

/**
 * The same at a terminal (`script` of bsdutils), in a folder: each line is typed when its question is there. Resolves to
 * the exit code and what the screen showed.
 */
export async function runCliAtTerminal(
  args: readonly string[],
  cwd: string,
  answers: readonly { question: string; typed: string }[],
): Promise<{ code: number; screen: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const command = [NODE, ...CLI, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { PATH, HOME, TERM: 'dumb' }, cwd });
  const waiting = [...answers];
  let screen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString('utf8');
    if (waiting[0] !== undefined && screen.includes(waiting[0].question)) child.stdin.write(waiting.shift()!.typed);
  });
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? -1)));
  return { code, screen };
}
