import { type DeviceAccount, MqttDevice } from './mqttDevice.ts';
import { pushBody } from './pushBody.ts';

/** What a load run is asked to do. */
export interface LoadOrder {
  accounts: DeviceAccount[];
  /** Messages in flight over all devices (closed loop), or undefined for an open loop of `ratePerSecond`. */
  outstanding?: number;
  ratePerSecond?: number;
  seconds: number;
}

/** What came of it. */
export interface LoadResult {
  sent: number;
  acknowledged: number;
  /** Acknowledged within the measured time, per second. */
  perSecond: number;
  /** CPU of the generator per message, µs. */
  generatorMicros: number;
}

interface LoadDevice {
  mqtt: MqttDevice;
  chipId: string;
  next: number;
}

/** Runs one load: every message has a body of its own; waits for the last acknowledgement before it ends. */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const state = { sent: 0, acknowledged: 0, isSending: true, sequence: Math.floor(Math.random() * 1e6) };
  const closedLoop = order.outstanding !== undefined;
  const devices: LoadDevice[] = order.accounts.map((account, index) => ({
    chipId: account.clientId.replace(/^[a-z0-9]+-/, ''),
    next: 0,
    mqtt: new MqttDevice(account, () => {
      state.acknowledged++;
      if (closedLoop && state.isSending) send(devices[index]);
    }),
  }));
  const send = (device: LoadDevice | undefined): void => {
    if (device === undefined) return;
    device.next = (device.next % 65_535) + 1;
    state.sent++;
    device.mqtt.publish(device.next, pushBody(device.chipId, state.sequence++));
  };
  for (let i = 0; i < devices.length; i += 100) await Promise.all(devices.slice(i, i + 100).map((d) => d.mqtt.open()));
  const cpu = process.cpuUsage();
  const perSecond = closedLoop ? await closed(order, devices, send, state) : await open(order, devices, send, state);
  state.isSending = false;
  await allAcknowledged(state);
  const used = process.cpuUsage(cpu);
  for (const device of devices) device.mqtt.close();
  return {
    sent: state.sent,
    acknowledged: state.acknowledged,
    perSecond,
    generatorMicros: (used.user + used.system) / Math.max(1, state.acknowledged),
  };
}

type Counter = { sent: number; acknowledged: number };

async function closed(
  order: LoadOrder,
  devices: LoadDevice[],
  send: (device: LoadDevice | undefined) => void,
  state: Counter,
): Promise<number> {
  const each = Math.max(1, Math.round((order.outstanding ?? 1) / devices.length));
  for (let i = 0; i < each; i++) for (const device of devices) send(device);
  // The first second warms up caches and the compiler on both sides.
  await sleep(1000);
  const before = state.acknowledged;
  const start = performance.now();
  await sleep(order.seconds * 1000);
  return (state.acknowledged - before) / ((performance.now() - start) / 1000);
}

async function open(
  order: LoadOrder,
  devices: LoadDevice[],
  send: (device: LoadDevice | undefined) => void,
  state: Counter,
): Promise<number> {
  const rate = order.ratePerSecond ?? 1;
  const start = performance.now();
  for (;;) {
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed >= order.seconds) break;
    while (state.sent < elapsed * rate) send(devices[state.sent % devices.length]);
    await sleep(5);
  }
  return state.acknowledged / order.seconds;
}

async function allAcknowledged(state: Counter): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (state.acknowledged < state.sent && performance.now() < deadline) await sleep(20);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// Run as a process of its own: the order comes on the IPC channel, the result goes back on it.
process.on('message', (order: LoadOrder) => {
  runLoad(order).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
  );
});
