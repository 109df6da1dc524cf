import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_AGAIN_MS = 250;
/** As old as this it is left over, whoever has its process number by now, ms. */
const LEFT_OVER_MS = 900_000;
/** Between being made and being written, ms. */
const UNWRITTEN_MS = 5_000;

/**
 * Does `work` while no other process does its own under the same file `place`, which holds who is at it. Others wait;
 * `onWait` is called once then. What a process that is gone left behind is taken over.
 */
export async function oneAtATime(place, work, onWait = () => undefined) {
  for (let looked = 0; !take(place); looked++) {
    if (looked === 0) onWait();
    await wait(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(place, { force: true });
  }
}

function take(place) {
  if (isLeftBehind(place)) rmSync(place, { force: true });
  try {
    writeFileSync(place, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isLeftBehind(place) {
  const ageMs = Date.now() - (statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (ageMs > LEFT_OVER_MS) return true;
  try {
    const holder = readFileSync(place, 'utf8');
    if (holder === '') return ageMs > UNWRITTEN_MS;
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
