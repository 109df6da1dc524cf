import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCliProcess } from '../support/cliProcess.ts';
import { dynsecPlugin } from '../support/dynsec.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { connectMqtt, nextMessage, refusalOf } from '../support/mqttClients.ts';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

/** MQTT 5, 3.2.2.2: not authorised; 3.9.3: not authorised. */
const NOT_AUTHORISED = 135;
describe('npx buergerluft broker-config', () => {
  it('gives a real Mosquitto exactly the accounts and topics of the registry', async () => {
    const server = await startServerProcess();
    const device = await addStationOver(server, 'esp8266-8001');
    const other = await addStationOver(server, 'airgradient-84fce612');
    const file = join(temporaryFolder(), 'dynamic-security.json');
    const env = {
      DATA_DIR: server.dataDir,
      ...{ MQTT_USERNAME: 'server', MQTT_PASSWORD: 'of-server', BRIDGE_PASSWORD: 'of-bridge' },
    };
    const { code, out } = await runCliProcess(['broker-config', '--to', file, '--bridge-user', 'bridge'], env);
    expect({ code, out }).toEqual({ code: 0, out: `${file}: 2 devices, server, bridge\n` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(device.token);

    const plugin = [`plugin ${dynsecPlugin()}`, `plugin_opt_config_file ${file}`, 'allow_anonymous false'];
    const { port } = await startMosquitto(plugin);
    const as = (username: string, password: string) => connectMqtt(port, { username, password, protocolVersion: 5 });
    expect(await refusalOf(as(device.deviceId, other.token))).toBe(NOT_AUTHORISED);
    const ours = await as('server', 'of-server');
    await ours.subscribeAsync('#', { qos: 1 });
    const seen: string[] = [];
    ours.on('message', (topic) => seen.push(topic));

    const foreign = [`buergerluft/esp8266-9/airrohr`, 'buergerluft/status', 'buergerluft/_registry/00'];
    for (const topic of foreign) {
      const intruder = await as(device.deviceId, device.token);
      await expect(intruder.publishAsync(topic, 'x', { qos: 1 })).rejects.toThrow(/Not authorized/);
    }
    const client = await as(device.deviceId, device.token);
    const own = ['buergerluft/esp8266-8001/airrohr', 'tele/esp8266-8001/SENSOR', 'esp8266-8001/sensor/pm/state'];
    for (const topic of own) await client.publishAsync(topic, '{}', { qos: 1 });
    const gradient = await as(other.deviceId, other.token);
    await gradient.publishAsync('airgradient/readings/84fce612', '{}', { qos: 1 });
    await until('the server has what devices may send', () => seen.length === 4);
    expect(seen).toEqual([...own, 'airgradient/readings/84fce612']);

    await client.subscribeAsync('buergerluft/stations/+/latest');
    const next = nextMessage(client);
    await ours.publishAsync('buergerluft/stations/abcdefghij/latest', '{"public":true}', { qos: 1 });
    expect(await next).toEqual(['buergerluft/stations/abcdefghij/latest', '{"public":true}']);
    await expect(client.subscribeAsync('buergerluft/#')).rejects.toThrow();
    const bridge = await as('bridge', 'of-bridge');
    await bridge.publishAsync('buergerluft/_bridge/esp8266-8001/airrohr', 'x', { qos: 1 });
    await expect(bridge.publishAsync(own[0] ?? '', '{}', { qos: 1 })).rejects.toThrow(/Not authorized/);
  });

  it('says what is missing', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    expect(await runCliProcess(['broker-config'], env)).toMatchObject({ code: 2 });
    const { code, err } = await runCliProcess(['broker-config', '--to', join(env.DATA_DIR, 'x')], env);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Set MQTT_USERNAME and MQTT_PASSWORD') });
    const account = { MQTT_USERNAME: 'server', MQTT_PASSWORD: 'of-server' };
    const nowhere = await runCliProcess(['broker-config', '--to', '/nowhere/accounts.json'], { ...env, ...account });
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringMatching(/^ENOENT: .*\/nowhere\/.*\n$/)]);
  });
});
