import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a finished program left behind. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program with this Node, without the settings of the test run around it. */
export function runNode(args: string[], env: Record<string, string> = {}): Promise<Finished> {
  const clean = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env: clean }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? 1, stdout, stderr });
    });
  });
}

/** Writes `text` to `path`, making its folders. */
export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * A package of its own in a temporary folder: our scripts, an empty lock file, and in the place of the two compilers
 * programs that append their name to `builds.log` and write what they would have built where `--outDir` says.
 */
export function makePackage(mainSource: string): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-package-'));
  cpSync(join(projectRoot, 'scripts'), join(folder, 'scripts'), { recursive: true });
  const lock = JSON.stringify({ packages: { '': {} } });
  write(join(folder, 'package.json'), '{"type":"module"}');
  write(join(folder, 'package-lock.json'), lock);
  write(join(folder, 'node_modules/.package-lock.json'), lock);
  write(join(folder, 'node_modules/typescript/bin/tsc'), compiler('server', 'server/main.js', mainSource));
  write(join(folder, 'node_modules/vite/bin/vite.js'), compiler('web', 'manifest.json', '{}'));
  write(join(folder, 'server/main.ts'), mainSource);
  write(join(folder, 'vite.config.ts'), '');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function compiler(name: string, output: string, text: string): string {
  return `const fs = require('node:fs');
const path = require('node:path');
fs.appendFileSync('builds.log', ${JSON.stringify(`${name}\n`)});
const output = path.join(process.argv[process.argv.indexOf('--outDir') + 1], ${JSON.stringify(output)});
fs.mkdirSync(path.dirname(output), { recursive: true });
fs.writeFileSync(output, ${JSON.stringify(text)});
`;
}
