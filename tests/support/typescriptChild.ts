import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A TypeScript program of the tests, running as a process of its own. */
export interface TypescriptChild {
  process: ChildProcessByStdio<null, Readable, Readable>;
  /** Lines it wrote to its standard output so far. */
  lines: string[];
  /** Resolves with the first line, past or future, that begins with `start`; rejects when the process ends without one. */
  line(start: string): Promise<string>;
  /** Resolves when it has ended. */
  ended: Promise<void>;
}

const REGISTER = fileURLToPath(new URL('./registerTypescript.mjs', import.meta.url));

/** Starts `program` (a path from the repository's root) with `args`. The caller ends it. */
export function startTypescriptChild(program: string, args: readonly string[]): TypescriptChild {
  const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  // SIGXFSZ would end the process where a full disk only fails the write; a shell can have it ignored, Node cannot.
  const script = `trap '' XFSZ; exec "$0" --import "$1" "$2" "\${@:3}"`;
  const child = spawn('bash', ['-c', script, process.execPath, REGISTER, path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  createInterface(child.stdout).on('line', (text) => {
    lines.push(text);
    tell();
  });
  child.stderr.on('data', (bytes) => errors.push(String(bytes)));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const line = (start: string) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        const found = lines.find((text) => text.startsWith(start));
        if (found === undefined) return;
        listeners.delete(check);
        resolve(found);
      };
      listeners.add(check);
      check();
      void ended.then(() => reject(new Error(`${program} ended without "${start}": ${errors.join('')}`)));
    });
  return { process: child, lines, line, ended };
}
