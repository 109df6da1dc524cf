import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endProcess } from './endProcess.ts';
import { freePort } from './freePort.ts';

/** What is installed, pinned so that a result can be repeated: the last line of Node-RED that runs on Node 20. */
const PACKAGES = ['node-red@4.1.8', 'node-red-contrib-influxdb@0.7.0'];

/** Longest time it may take to start, ms. */
const START_MS = 120_000;

/** Where the flow reads and writes. */
export interface FlowEnds {
  mqttPort: number;
  influxPort: number;
  database: string;
}

/** A running Node-RED. */
export interface NodeRed {
  pid: number | undefined;
  end(): Promise<void>;
}

/** Installs Node-RED from npm into `folder`, which is nobody's project; leaves it alone when it is there already. */
export function installNodeRed(folder: string): void {
  if (existsSync(join(folder, 'node_modules', 'node-red'))) return;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'hand-made-stack', private: true }));
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', ...PACKAGES];
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit' });
}

/** Starts the flow that people make by hand: MQTT in, JSON, a function, InfluxDB batch out. */
export async function startNodeRed(folder: string, ends: FlowEnds): Promise<NodeRed> {
  const port = await freePort();
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(flow(ends), null, 1));
  writeFileSync(
    join(folder, 'settings.cjs'),
    `module.exports = { uiPort: ${port}, uiHost: '127.0.0.1', httpAdminRoot: false, credentialSecret: false,
      telemetry: { enabled: false }, logging: { console: { level: 'info' } } };\n`,
  );
  const red = join(folder, 'node_modules', 'node-red', 'red.js');
  const args = [red, '--userDir', folder, '--settings', join(folder, 'settings.cjs'), join(folder, 'flows.json')];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  await isConnected(child);
  return {
    pid: child.pid,
    end: () => endProcess(child, 'SIGKILL'),
  };
}

function isConnected(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const tooLate = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Node-RED did not connect:\n${lines.join('\n')}`));
    }, START_MS);
    child.once('exit', (code) => reject(new Error(`Node-RED ended with ${code}:\n${lines.join('\n')}`)));
    const { stdout } = child;
    if (stdout === null) return reject(new Error('no output to read'));
    createInterface({ input: stdout }).on('line', (line) => {
      lines.push(line);
      if (/^Error|Waiting for missing types/.test(line)) child.kill('SIGKILL');
      if (!line.includes('Connected to broker')) return;
      clearTimeout(tooLate);
      // Subscribed a moment later.
      setTimeout(resolve, 1_000);
    });
  });
}

/** Turns the body's list of texts into a point a sensor, as the tutorials do. */
const FUNCTION = `
const values = {};
for (const { value_type, value } of msg.payload.sensordatavalues) values[value_type] = Number(value);
const tags = { device: 'esp8266-' + msg.payload.esp8266id };
msg.payload = [
  { measurement: 'sds011', tags, fields: { pm10: values.SDS_P1, pm25: values.SDS_P2 } },
  { measurement: 'bme280', tags, fields: { temperature: values.BME280_temperature, pressure: values.BME280_pressure,
    humidity: values.BME280_humidity } },
];
return msg;`;

function flow({ mqttPort, influxPort, database }: FlowEnds): object[] {
  const broker = {
    id: 'broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(mqttPort),
    clientid: 'node-red',
  };
  // A node without a place on the sheet counts as configuration.
  const onSheet = { z: 'tab', x: 100, y: 100, name: '' };
  return [
    { id: 'tab', type: 'tab', label: 'airRohr' },
    { ...broker, autoConnect: true, usetls: false, protocolVersion: '4', keepalive: '60', cleansession: false },
    {
      ...{ id: 'influx', type: 'influxdb', hostname: '127.0.0.1', port: String(influxPort), protocol: 'http' },
      ...{ database, name: '', usetls: false, tls: '', influxdbVersion: '1.x', url: '', rejectUnauthorized: false },
    },
    {
      ...{ id: 'in', type: 'mqtt in', ...onSheet, topic: 'buergerluft/+/airrohr', qos: '1' },
      ...{ datatype: 'utf8', broker: 'broker', inputs: 0, wires: [['parse']] },
    },
    {
      ...{ id: 'parse', type: 'json', ...onSheet, property: 'payload', action: 'obj', pretty: false },
      wires: [['map']],
    },
    {
      ...{ id: 'map', type: 'function', ...onSheet, func: FUNCTION, outputs: 1, noerr: 0, libs: [] },
      wires: [['out']],
    },
    {
      ...{ id: 'out', type: 'influxdb batch', ...onSheet, influxdb: 'influx', precision: 'n' },
      ...{ retentionPolicy: '', database, org: '', bucket: '', wires: [] },
    },
  ];
}
