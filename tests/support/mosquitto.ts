import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mosquitto, openMosquitto } from '../../bench/support/mosquitto.ts';
import { closeAfterTest } from './closing.ts';

export { freePort, whenListening } from '../../bench/support/freePort.ts';
export { Mosquitto } from '../../bench/support/mosquitto.ts';

/** Starts a Mosquitto, open to everybody unless `access` says who may come in; ended after the test. */
export async function startMosquitto(access: readonly string[] = ['allow_anonymous true']): Promise<Mosquitto> {
  const dir = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  closeAfterTest(() => rmSync(dir, { recursive: true, force: true }));
  const mosquitto = await openMosquitto(dir, [...access]);
  closeAfterTest(() => mosquitto.stop());
  return mosquitto;
}
