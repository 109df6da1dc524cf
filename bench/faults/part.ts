import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endProcess } from '../support/endProcess.ts';

/** A process of a stack that can be ended and started again, on the same ports and data. */
export interface Part {
  name: string;
  readonly pid: number | undefined;
  /** Resolves when it is ready. */
  start(): Promise<void>;
  /** As systemd asks it to. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** How a program of ours is run. */
export type Command = readonly [program: string, ...args: string[]];

/** A program of ours that says when it is ready. */
export class ProgramPart implements Part {
  readonly name: string;
  readonly #command: Command;
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;

  constructor(name: string, command: Command, env: Record<string, string>) {
    this.name = name;
    this.#command = command;
    this.#env = env;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const { PATH = '', HOME = '' } = process.env;
    const [program, ...args] = this.#command;
    // From a folder without a .env file: the operator's must not reach it.
    const cwd = this.#env.DATA_DIR ?? '/';
    const child = spawn(program, args, {
      cwd,
      env: { PATH, HOME, ...this.#env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    await isReady(child, this.name);
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await endProcess(child, signal);
  }
}

function isReady(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    const { stdout } = child;
    if (stdout === null) return reject(new Error('no output to read'));
    createInterface({ input: stdout }).on('line', (line) => {
      if (line.startsWith('{"event":"ready"')) resolve();
    });
  });
}
