import { type Mosquitto, openMosquitto } from '../../bench/support/mosquitto.ts';
import { closeAfterTest } from './closing.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export { freePort, whenListening } from '../../bench/support/freePort.ts';
export { Mosquitto } from '../../bench/support/mosquitto.ts';

/** Starts a Mosquitto, open to everybody unless `access` says who may come in; ended after the test. */
export async function startMosquitto(access: readonly string[] = ['allow_anonymous true']): Promise<Mosquitto> {
  const dir = temporaryFolder();
  const mosquitto = await openMosquitto(dir, [...access]);
  closeAfterTest(() => mosquitto.stop());
  return mosquitto;
}
