import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends the signal and waits until the process is gone; at once when it is already, or was never there. */
export async function endProcess(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
