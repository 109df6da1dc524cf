import { type DeviceAccount, MqttDevice } from './mqttDevice.ts';
import { pushBody } from './pushBody.ts';

/** What a load run is asked to do. */
export interface LoadOrder {
  accounts: DeviceAccount[];
  /** Messages in flight over all devices (closed loop), or undefined for an open loop of `ratePerSecond`. */
  outstanding?: number;
  ratePerSecond?: number;
  /** Closed loop over a broker that acknowledges at once: `outstanding` counts what is not stored yet, see `credit`. */
  isCredited?: boolean;
  /** Not measured: caches and the compiler on both sides get warm. */
  warmUpSeconds: number;
  /** Before that, every device sends so many messages, `WARM_UP_RATE` a second in all: none is new any more. */
  warmUpRounds?: number;
  seconds: number;
  /** Ends after so many messages, all of them measured, instead of after `seconds`. */
  messages?: number;
  /** Every message carries the time it was published. */
  isStamped?: boolean;
}

/** Told when the measured time begins and ends: the time to read meters elsewhere. */
export type OnPhase = (phase: 'begun' | 'over') => void;

/** What came of it. */
export interface LoadResult {
  sent: number;
  acknowledged: number;
  /** Acknowledged within the measured time, per second. */
  perSecond: number;
  /** CPU of the generator per message in the measured time, µs. */
  generatorMicros: number;
}

interface LoadDevice {
  mqtt: MqttDevice;
  chipId: string;
  next: number;
  /** Bodies without an acknowledgement by message id; only where a lost connection must cost nothing. */
  pending?: Map<number, string>;
}

/** Messages a second while devices send their first ones. */
const WARM_UP_RATE = 2_000;

/** Pause before a device whose connection ended comes back, ms. */
const RECONNECT_MS = 500;

/** Messages of the running load that are stored, as its starter told last. */
let credit = 0;

/** Runs one load: every message has a body of its own; waits for the last acknowledgement before it ends. */
async function runLoad(order: LoadOrder, onPhase: OnPhase): Promise<LoadResult> {
  const state = { sent: 0, acknowledged: 0, isSending: true, sequence: Math.floor(Math.random() * 1e6) };
  const closedLoop = order.outstanding !== undefined && !order.isCredited;
  const devices: LoadDevice[] = order.accounts.map((account, index) => ({
    chipId: account.clientId.replace(/^[a-z0-9]+-/, ''),
    next: 0,
    ...(order.messages !== undefined && { pending: new Map<number, string>() }),
    mqtt: new MqttDevice(
      account,
      (messageId) => {
        if (devices[index]?.pending?.delete(messageId) === false) return;
        state.acknowledged++;
        if (closedLoop && state.isSending) send(devices[index]);
      },
      () => state.isSending && comeBack(devices[index]),
    ),
  }));
  const send = (device: LoadDevice | undefined): void => {
    if (device === undefined || state.sent >= (order.messages ?? Number.POSITIVE_INFINITY)) return;
    device.next = (device.next % 65_535) + 1;
    state.sent++;
    const body = pushBody(device.chipId, state.sequence++);
    device.pending?.set(device.next, body);
    device.mqtt.publish(device.next, order.isStamped ? stamped(body) : body);
  };
  for (let i = 0; i < devices.length; i += 100) await Promise.all(devices.slice(i, i + 100).map((d) => d.mqtt.open()));
  for (let round = 0; round < (order.warmUpRounds ?? 0); round++) {
    for (const [index, device] of devices.entries()) {
      send(device);
      if (index % (WARM_UP_RATE / 100) === 0) await sleep(10);
    }
  }
  const pacer = order.isCredited ? keepFull(order, devices, send) : pace(order, devices, send);
  await sleep(order.warmUpSeconds * 1000);
  const measured = await measure(order, state, onPhase);
  clearInterval(pacer);
  state.isSending = false;
  await allAcknowledged(state);
  for (const device of devices) device.mqtt.close();
  return { sent: state.sent, acknowledged: state.acknowledged, ...measured };
}

/** Connects again and sends again what was not acknowledged, where that is kept; elsewhere a lost connection ends the run. */
function comeBack(device: LoadDevice | undefined): void {
  const pending = device?.pending;
  if (device === undefined || pending === undefined) throw new Error('the broker closed a connection of the load');
  setTimeout(() => {
    device.mqtt.open().then(
      () => {
        for (const [messageId, body] of pending) device.mqtt.publish(messageId, body);
      },
      // Refused or gone again: `onClose` has called here already.
      () => undefined,
    );
  }, RECONNECT_MS);
}

type Counter = { sent: number; acknowledged: number };
type Send = (device: LoadDevice | undefined) => void;

async function measure(order: LoadOrder, state: Counter, onPhase: OnPhase) {
  onPhase('begun');
  const cpu = process.cpuUsage();
  const before = state.acknowledged;
  const start = performance.now();
  if (order.messages === undefined) await sleep(order.seconds * 1000);
  else while (state.acknowledged < order.messages) await sleep(50);
  onPhase('over');
  const acknowledged = state.acknowledged - before;
  const used = process.cpuUsage(cpu);
  return {
    perSecond: acknowledged / ((performance.now() - start) / 1000),
    generatorMicros: (used.user + used.system) / Math.max(1, acknowledged),
  };
}

function pace(order: LoadOrder, devices: LoadDevice[], send: Send): NodeJS.Timeout | undefined {
  return order.outstanding === undefined ? drip(order, devices, send) : fill(order, devices, send);
}

/** As much as is stored is sent anew. Every device has its turn. */
function keepFull({ outstanding = 1 }: LoadOrder, devices: LoadDevice[], send: Send): NodeJS.Timeout {
  let sent = 0;
  return setInterval(() => {
    while (sent - credit < outstanding) send(devices[sent++ % devices.length]);
  }, 5);
}

/** Closed loop: so many messages are on their way from now on. */
function fill(order: LoadOrder, devices: LoadDevice[], send: Send): undefined {
  const each = Math.max(1, Math.round((order.outstanding ?? 1) / devices.length));
  for (let i = 0; i < each; i++) for (const device of devices) send(device);
}

/** Open loop: an even trickle, whatever comes back. Every device has its turn. */
function drip(order: LoadOrder, devices: LoadDevice[], send: Send): NodeJS.Timeout {
  const rate = order.ratePerSecond ?? 1;
  const start = performance.now();
  let sent = 0;
  return setInterval(() => {
    const due = ((performance.now() - start) / 1000) * rate;
    while (sent < due) send(devices[sent++ % devices.length]);
  }, 5);
}

async function allAcknowledged(state: Counter): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (state.acknowledged < state.sent && performance.now() < deadline) await sleep(20);
}

/** With the time of publishing as the contract's optional `timestamp`. */
function stamped(body: string): string {
  return `{"timestamp":"${new Date().toISOString()}",${body.slice(1)}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// Run as a process of its own: the order comes on the IPC channel, the result goes back on it.
process.on('message', (order: LoadOrder | { credit: number }) => {
  if ('credit' in order) {
    credit = order.credit;
    return;
  }
  runLoad(order, (phase) => process.send?.({ phase })).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
  );
});
