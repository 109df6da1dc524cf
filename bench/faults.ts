import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StackKind, startFaultStack } from './faults/faultStack.ts';
import { runFaults } from './faults/runFaults.ts';

/** What a run of faults comes to. */
export interface FaultsFigure extends Record<string, number> {
  seed: number;
  steps: number;
  sent: number;
  acknowledged: number;
  stored: number;
  lost: number;
  twice: number;
  lostWithBroker: number;
  seconds: number;
}

/** What a run of faults is asked to do. */
export interface FaultsOrder {
  kind: StackKind;
  devices: number;
  steps: number;
  seed: number;
}

/** Kills, stops and freezes parts under load; says every step. */
export async function benchFaults({ kind, devices, steps, seed }: FaultsOrder): Promise<FaultsFigure> {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-faults-'));
  const program = (path: string) => [process.execPath, fileURLToPath(new URL(path, import.meta.url))] as const;
  const commands = { server: program('../server/main.js'), bridge: program('../firmware-bridge/main.js') };
  const stack = await startFaultStack({ kind, folder, devices, commands });
  const begun = performance.now();
  try {
    const verdict = await runFaults({ stack, seed, steps, everyMs: 100, longestAwayMs: 12_000, say: console.log });
    return {
      ...{ ...verdict, seed, steps, lost: verdict.lost.length, twice: verdict.twice.length },
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
