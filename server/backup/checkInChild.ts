import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `checkBackup` in a child process: the reading of gigabytes neither holds up the server nor shares its memory, and the
 * copy is opened by somebody who did not write it. The child is ended, and this rejects, when `signal` is aborted.
 */
export function checkInChild(folder: string, signal?: AbortSignal): Promise<string[]> {
  const program = fileURLToPath(new URL(`./checkChild${extname(import.meta.url)}`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(program, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...(signal && { signal }) });
    let problems: string[] | undefined;
    child.once('message', (message) => {
      problems = message as string[];
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (problems !== undefined) resolve(problems);
      else reject(new Error(`the check of ${folder} ended with ${code} and no answer`));
    });
  });
}
