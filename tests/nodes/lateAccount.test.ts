import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ControlTopic } from '../../server/brokerAccounts/controlTopic.ts';
import { NodeBus } from '../../server/nodes/nodeBus.ts';
import { startBridgeProcess } from '../bridge/bridgeProcess.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const ACCOUNT = { username: 'server', password: 'a good password' };

/** A Mosquitto that knows nobody yet, and how it hears of our account. */
async function startStrangeBroker() {
  const file = join(temporaryFolder(), 'accounts');
  writeFileSync(file, '', { mode: 0o600 });
  const { url, pid } = await startMosquitto([`password_file ${file}`]);
  const letIn = () => {
    const { status } = spawnSync('mosquitto_passwd', ['-b', file, ACCOUNT.username, ACCOUNT.password]);
    if (status !== 0 || pid === undefined) throw new Error('mosquitto_passwd failed');
    process.kill(pid, 'SIGHUP');
  };
  return { url, letIn };
}

/** Counts how often somebody was turned away. */
function turnedAway() {
  const counts = { refused: 0 };
  const onError = (error: Error) => {
    if (/Not authorized/i.test(error.message)) counts.refused++;
  };
  return { counts, onError };
}

// As after `docker compose up`: the bridge is there before the server has made its account.
describe('a broker that does not know our account yet', () => {
  it('is asked again by the bridge until it does', async () => {
    const broker = await startStrangeBroker();
    const settings = { MQTT_URL: broker.url, MQTT_USERNAME: ACCOUNT.username, MQTT_PASSWORD: ACCOUNT.password };
    const bridge = await startBridgeProcess({ ...settings, HTTP_PORT: '0' });
    await until('it was turned away', () => bridge.output().includes('Not authorized'));
    broker.letIn();
    await until('it is in', async () => (await bridge.metrics()).get('broker_connected') === 1);
  });

  it('is asked again by the server', async () => {
    const broker = await startStrangeBroker();
    const settings = { MQTT_URL: broker.url, MQTT_USERNAME: ACCOUNT.username, MQTT_PASSWORD: ACCOUNT.password };
    const program = await startProgram({ settings });
    await until('it was turned away', () => program.logged.some((line) => line.includes('Not authorized')));
    expect((await program.get('/readyz')).status).toBe(503);
    broker.letIn();
    await until('it is ready', async () => (await program.get('/readyz')).status === 200);
  });

  it('is asked again by the bus between nodes', async () => {
    const broker = await startStrangeBroker();
    const { counts, onError } = turnedAway();
    const bus = new NodeBus({ url: broker.url, ...ACCOUNT, nodeId: 'one', run: randomUUID(), onError });
    closeAfterTest(() => bus.close());
    bus.start();
    await until('it was turned away', () => counts.refused > 0);
    broker.letIn();
    await until('it is in', () => bus.isConnected);
  });

  it('is asked again by the keeper of its accounts', async () => {
    const broker = await startStrangeBroker();
    let connections = 0;
    const control = new ControlTopic({
      url: broker.url,
      ...ACCOUNT,
      clientId: 'keeper',
      onConnected: () => connections++,
    });
    closeAfterTest(() => control.close());
    control.start();
    // It says nothing of a broker that is away: two seconds are enough to be turned away.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(connections).toBe(0);
    broker.letIn();
    await until('it is in', () => connections === 1);
  });
});
