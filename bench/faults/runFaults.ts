import { setTimeout as wait } from 'node:timers/promises';
import { randomNumbers } from '../../tests/support/randomNumbers.ts';
import type { FaultStack } from './faultStack.ts';
import { NumberedLoad } from './numberedLoad.ts';
import type { Part } from './part.ts';
import { judge, type Verdict } from './verdict.ts';

/** How parts are made to fail. */
export interface FaultOptions {
  stack: FaultStack;
  seed: number;
  steps: number;
  /** Pause of a device after an acknowledgement, ms. */
  everyMs: number;
  /** Longest time a part is away, ms. */
  longestAwayMs: number;
  /** Told each step in one line, the seed first. */
  say: (line: string) => void;
}

type Action = 'kill' | 'stop' | 'freeze';

/** Time until everything acknowledged is stored and everything begun acknowledged, ms. */
const SETTLE_MS = 120_000;

/**
 * Ends, stops and freezes parts of the stack under load, in an order that the seed decides, and then compares what was
 * acknowledged with what is stored.
 */
export async function runFaults({ stack, seed, steps, everyMs, longestAwayMs, say }: FaultOptions): Promise<Verdict> {
  const random = randomNumbers(seed);
  const load = new NumberedLoad({ ...stack, everyMs });
  const begun = performance.now();
  const tell = (text: string) => say(`${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${text}`);
  tell(`${stack.kind}: seed ${seed}, ${stack.stations.length} devices, ${steps} steps`);
  const brokerKills: number[] = [];
  load.start();
  try {
    for (let step = 0; step < steps; step++) {
      await wait(500 + random() * 1500);
      const { chosen, action, awayMs } = choose(stack.parts, { random, longestAwayMs });
      tell(`${action} ${chosen.map(({ name }) => name).join(' and ')} for ${awayMs} ms`);
      if (action === 'kill' && chosen.some(({ name }) => name === 'mosquitto')) brokerKills.push(Date.now());
      await fail(chosen, action, awayMs);
    }
    tell('all parts run, waiting for the last acknowledgement');
    await load.stop(SETTLE_MS);
    await isSettled(stack);
  } catch (error) {
    load.abandon();
    throw error;
  }
  tell('everything is acknowledged and nothing waits, comparing');
  const verdict = await judge(stack, load.devices, brokerKills);
  tell(JSON.stringify({ ...verdict, lost: verdict.lost.length, twice: verdict.twice.length }));
  for (const each of [...verdict.lost, ...verdict.twice].slice(0, 20)) tell(`lost or twice: ${each}`);
  return verdict;
}

type Chance = { random: () => number; longestAwayMs: number };

/** One part, now and then two at once. */
function choose(parts: readonly Part[], { random, longestAwayMs }: Chance) {
  const first = parts[Math.floor(random() * parts.length)];
  const second = random() < 0.3 ? parts[Math.floor(random() * parts.length)] : undefined;
  const chosen = parts.filter((part) => part === first || part === second);
  const roll = random();
  const action: Action = roll < 0.5 ? 'kill' : roll < 0.8 ? 'stop' : 'freeze';
  return { chosen, action, awayMs: Math.round(random() * random() * longestAwayMs) };
}

async function fail(chosen: readonly Part[], action: Action, awayMs: number): Promise<void> {
  if (action === 'freeze') {
    for (const { pid } of chosen) if (pid !== undefined) process.kill(pid, 'SIGSTOP');
    await wait(awayMs);
    for (const { pid } of chosen) if (pid !== undefined) process.kill(pid, 'SIGCONT');
    return;
  }
  await Promise.all(chosen.map((part) => (action === 'kill' ? part.kill() : part.stop())));
  await wait(awayMs);
  for (const part of chosen) await part.start();
}

/** Nothing waits anywhere, twice in a row: what a broker still holds shows up in between. */
async function isSettled(stack: FaultStack): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  for (let quiet = 0; quiet < 4; ) {
    if (performance.now() > deadline) throw new Error('messages still wait in the server, its queue or the spool');
    await wait(500);
    // A part that is just coming back does not answer yet.
    quiet = (await stack.waiting().catch(() => 1)) === 0 ? quiet + 1 : 0;
  }
}
