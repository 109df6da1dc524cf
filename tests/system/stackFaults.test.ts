import { describe, expect, it } from '@jest/globals';
import { type StackKind, startFaultStack } from '../../bench/faults/faultStack.ts';
import { runFaults } from '../../bench/faults/runFaults.ts';
import { builtProgram } from '../support/builtProgram.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const COMMANDS = { server: builtProgram('server/main'), bridge: builtProgram('firmware-bridge/main') };

/** The long run is `npm run bench -- faults`; these are a few steps of it. */
const RUNS: { kind: StackKind; seed: number }[] = [
  { kind: 'embedded', seed: 11 },
  { kind: 'full', seed: 4 },
];

describe('parts that are killed, stopped and frozen under load', () => {
  it.each(RUNS)('lose nothing acknowledged and store nothing twice: $kind', async ({ kind, seed }) => {
    const stack = await startFaultStack({ kind, folder: temporaryFolder(), devices: 9, commands: COMMANDS });
    closeAfterTest(() => stack.close());
    const said: string[] = [];
    const verdict = await runFaults({
      ...{ stack, seed, steps: 5, everyMs: 60, longestAwayMs: 4_000 },
      say: (line) => said.push(line),
    });
    expect({ lost: verdict.lost, twice: verdict.twice, said }).toEqual({ lost: [], twice: [], said });
    expect(verdict.acknowledged).toBe(verdict.sent);
    expect(verdict.stored).toBe(verdict.sent - verdict.lostWithBroker);
  });
});
