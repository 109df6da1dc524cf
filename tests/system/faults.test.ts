import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { closeAfterTest } from '../support/closing.ts';
import { freePort } from '../support/mosquitto.ts';
import { type LoadDevice, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { failingDisk } from '../support/smallDisk.ts';
import { expectStoredOnce } from '../support/storedNumbers.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

/** A few devices that publish numbered readings to the server's own broker. */
async function startLoad(server: ServerProcess): Promise<{ load: ReadingLoad; devices: LoadDevice[] }> {
  const devices: LoadDevice[] = [];
  for (let n = 0; n < 4; n++) devices.push(await addStationOver(server, `esp8266-${7100 + n}`));
  const load = new ReadingLoad({ devices, mqttPort: server.mqttPort, everyMs: 100 });
  load.start();
  await until('the load is taken', () => acknowledged(load) > 40);
  return { load, devices };
}

const acknowledged = (load: ReadingLoad) => load.sent - load.unacknowledged;

/** Why the server says it is not ready; empty when it is. */
async function reasons({ url }: ServerProcess): Promise<string> {
  const body = (await (await fetch(`${url}/readyz`)).json()) as { reasons: string[] };
  return body.reasons.join(' ');
}

/** Ends the load and the server, and compares what was acknowledged with what is on disk. */
async function expectNothingLost(server: ServerProcess, load: ReadingLoad): Promise<void> {
  load.stop();
  await load.settled();
  await server.stop();
  const store = new DuckDbReadingStore({ path: join(server.dataDir, 'readings.duckdb') });
  await store.open();
  closeAfterTest(() => store.close());
  await expectStoredOnce(store, load);
}

const push = async (server: ServerProcess, { deviceId, token }: LoadDevice, samples: number) =>
  (await fetch(`${server.url}/push/${token}`, { method: 'POST', body: airrohrBody(deviceId, { samples }) })).status;

describe('a fault of the machine is said, nothing acknowledged is lost, and it ends by itself', () => {
  it('when the disk is full', async () => {
    const disk = failingDisk(64);
    const settings = { DATA_DIR: disk.folder, MQTT_PORT: String(await freePort()) };
    const server = await startServerProcess({ settings, through: disk.through });
    const { load, devices } = await startLoad(server);
    disk.fill(server);
    await until('it says so', async () => /disk is full|not allowed here/.test(await reasons(server)));
    expect(await push(server, devices[0] as LoadDevice, 1)).toBe(503);
    // What still fits into the last block is kept, and rightly acknowledged, as is what was on its way.
    let before = 0;
    await until('no more is acknowledged', async () => {
      before = acknowledged(load);
      await wait(1_000);
      return acknowledged(load) - before < 5;
    });
    await until('it is logged', () =>
      /No space left|disk is full|ENOSPC|EFBIG|File too large/i.test(server.lines.join('\n')),
    );
    disk.free(server);
    await until('readings are taken again', () => acknowledged(load) > before + 10);
    await until('it is ready again', async () => (await reasons(server)) === '');
    await expectNothingLost(server, load);
  });

  it('when nothing in the data folder can be written any more', async () => {
    const disk = failingDisk(64);
    const settings = { DATA_DIR: disk.folder, MQTT_PORT: String(await freePort()) };
    const server = await startServerProcess({ settings, through: disk.through });
    const { load, devices } = await startLoad(server);
    disk.setUnwritable(server, true);
    await until('it says so', async () => (await reasons(server)).includes('not allowed here'));
    expect(await push(server, devices[0] as LoadDevice, 1)).toBe(503);
    disk.setUnwritable(server, false);
    const before = acknowledged(load);
    await until('readings are taken again', () => acknowledged(load) > before + 10);
    await expectNothingLost(server, load);
  });

  it('when no more files may be open', async () => {
    const settings = { DATA_DIR: temporaryFolder(), MQTT_PORT: String(await freePort()) };
    const server = await startServerProcess({ settings });
    const { load } = await startLoad(server);
    await until('it says so', () => {
      // Again and again: connections that close meanwhile make room.
      limitFiles(server, firstFreeFile(server));
      return server.lines.join('\n').includes('No more files may be open at once.');
    });
    limitFiles(server, 4_096);
    await until('it says that it is over', async () => (await reasons(server)) === '');
    const before = acknowledged(load);
    await until('readings are taken', () => acknowledged(load) > before + 10);
    await expectNothingLost(server, load);
  });

  it('when the clock is set by hours, forth and back', async () => {
    const offset = join(temporaryFolder(), 'offset');
    const setClock = (text: string) => {
      writeFileSync(`${offset}.new`, `${text}\n`);
      renameSync(`${offset}.new`, offset);
    };
    setClock('+0');
    const settings = {
      ...{ DATA_DIR: temporaryFolder(), MQTT_PORT: String(await freePort()) },
      ...{ LD_PRELOAD: fakeTimeLibrary(), FAKETIME_TIMESTAMP_FILE: offset, FAKETIME_NO_CACHE: '1' },
      ...{ DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    };
    const server = await startServerProcess({ settings });
    const { load } = await startLoad(server);
    for (const [clock, jumps] of [
      ['+3h', 1],
      ['+0', 2],
    ] as const) {
      setClock(clock);
      const counted = async () => (await server.metrics()).get('buergerluft_clock_jumps_total') === jumps;
      await until(`the jump to ${clock} is seen`, counted);
    }
    const said = () => server.lines.filter((line) => line.includes('the clock was set'));
    await until('both are logged', () => said().length === 2);
    expect(said().map((line) => Math.round((JSON.parse(line) as { seconds: number }).seconds / 3600))).toEqual([3, -3]);
    const before = acknowledged(load);
    await until('readings are taken', () => acknowledged(load) > before + 10);
    await expectNothingLost(server, load);
  });
});

/** The number the next file would get: below it there are no gaps. */
function firstFreeFile({ pid }: ServerProcess): number {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let number = 0;
  while (open.has(number)) number++;
  return number;
}

/** Lets the server have so many files open, from now on. */
function limitFiles({ pid }: ServerProcess, files: number): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--nofile=${files}:`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

/** Debian's libfaketime, for programs with threads. */
function fakeTimeLibrary(): string {
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1'));
  const found = folders.find((path) => existsSync(path));
  if (found === undefined) throw new Error('libfaketime is needed: apt-get install faketime');
  return found;
}
