import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { freePort } from '../support/mosquitto.ts';
import { type LoadDevice, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { expectStoredOnce } from '../support/storedNumbers.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

describe('a stop under load', () => {
  it('ends by itself, and what was acknowledged before, during and after it is stored and counted once', async () => {
    const settings = { DATA_DIR: temporaryFolder(), MQTT_PORT: String(await freePort()) };
    const first = await startServerProcess({ settings });
    const devices: LoadDevice[] = [];
    for (let n = 0; n < 20; n++) devices.push(await addStationOver(first, `esp8266-${6000 + n}`));
    const load = new ReadingLoad({ devices, mqttPort: first.mqttPort, everyMs: 50 });
    load.start();
    await until('the load is taken', () => load.sent - load.unacknowledged > 200);
    const startedAt = performance.now();
    expect(await first.stop()).toBe(0);
    // Reported, not asserted: this machine may be busy. The process cuts itself off after 4.8 s, with another code.
    process.stderr.write(`A stop under load took ${Math.round(performance.now() - startedAt)} ms.\n`);
    const second = await startServerProcess({ settings });
    await wait(500);
    load.stop();
    await load.settled();
    await second.stop();
    const store = new DuckDbReadingStore({ path: join(settings.DATA_DIR, 'readings.duckdb') });
    await store.open();
    closeAfterTest(() => store.close());
    await expectStoredOnce(store, load);
    const { readings } = await store.stats();
    await store.close();
    const third = await startServerProcess({ settings });
    const { body } = await third.request('GET', '/api/v1/admin/overview');
    const { cells } = body.rates as { cells: { readings: number }[] };
    // To the last reading: also what came while the doors were closing.
    expect(cells.reduce((sum, cell) => sum + cell.readings, 0)).toBe(readings);
  });
});
