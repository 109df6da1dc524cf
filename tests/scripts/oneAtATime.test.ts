import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { projectRoot } from './package.ts';

const MODULE = pathToFileURL(join(projectRoot, 'scripts/oneAtATime.mjs')).href;
const { oneAtATime } = (await import(MODULE)) as {
  oneAtATime<Value>(place: string, work: () => Promise<Value>, onWait?: () => void): Promise<Value>;
};

/** Notes when it begins and ends its work, which takes a while. */
const WORKER = `
  import { appendFileSync } from 'node:fs';
  import { setTimeout as wait } from 'node:timers/promises';
  import { oneAtATime } from '${MODULE}';
  const [place, notes] = process.argv.slice(1);
  await oneAtATime(place, async () => {
    appendFileSync(notes, 'begin ');
    await wait(300);
    appendFileSync(notes, 'end ');
  });
`;

it('several processes do their work one after the other', async () => {
  const folder = temporaryFolder();
  const [place, notes] = [join(folder, 'place'), join(folder, 'notes')];
  const args = ['--input-type=module', '--eval', WORKER, place, notes];
  const workers = Array.from({ length: 3 }, () => spawn(process.execPath, args, { stdio: 'inherit' }));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  expect(readFileSync(notes, 'utf8')).toBe('begin end begin end begin end ');
  expect(existsSync(place)).toBe(false);
});

it('the place is given back when the work fails', async () => {
  const place = join(temporaryFolder(), 'place');
  await expect(oneAtATime(place, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
  expect(await oneAtATime(place, async () => 'done')).toBe('done');
});

it('what a process that is gone left behind is taken over, and what is too old to be true', async () => {
  const place = join(temporaryFolder(), 'place');
  const gone = spawn(process.execPath, ['--eval', '']);
  await once(gone, 'exit');
  writeFileSync(place, String(gone.pid));
  expect(await oneAtATime(place, async () => 'done')).toBe('done');
  // Its number belongs to somebody else by now: to us.
  writeFileSync(place, String(process.pid));
  utimesSync(place, new Date(0), new Date(0));
  expect(await oneAtATime(place, async () => 'done')).toBe('done');
});
