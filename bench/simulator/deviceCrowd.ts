import { DelayHistogram } from '../support/delayHistogram.ts';
import { FIRMWARES, type Firmware } from './firmwares.ts';
import { HttpSender, MqttSender } from './senders.ts';
import { SimulatedDevice, type SimulatedDeviceOptions, type Tally } from './simulatedDevice.ts';

/** A registered device and the firmware it plays. */
export interface SimulatedAccount {
  stationId: string;
  deviceId: string;
  token: string;
  /** Name in `FIRMWARES`. */
  firmware: string;
}

/** Where a crowd sends to, and how. */
export interface CrowdOptions {
  accounts: readonly SimulatedAccount[];
  /** HTTP doors; without them only devices that speak MQTT are there. */
  url?: string | undefined;
  /** Broker, `mqtt://` or `mqtts://`; without it only devices that push are there. */
  mqttUrl?: string | undefined;
  cadenceMs: number;
  trouble: number;
  random: () => number;
}

/** Which firmware the n-th of a crowd has: each in turn, of those that can reach what there is. */
export function firmwareOf(index: number, { url, mqttUrl }: Pick<CrowdOptions, 'url' | 'mqttUrl'>): Firmware {
  const able = FIRMWARES.filter(
    ({ publishes, pushes }) =>
      (publishes !== undefined && mqttUrl !== undefined) || (pushes !== undefined && url !== undefined),
  );
  const firmware = able[index % able.length];
  if (firmware === undefined) throw new Error('neither HTTP doors nor a broker to send to');
  return firmware;
}

/** Many devices, each on its own clock. */
export class DeviceCrowd {
  readonly tally: Tally = {
    ...{ messages: 0, taken: 0, sentAgain: 0, lost: 0, reconnects: 0, restarts: 0, dropOuts: 0 },
    refused: {},
    delays: new DelayHistogram(),
  };
  readonly #devices: SimulatedDevice[];

  constructor(options: CrowdOptions) {
    this.#devices = options.accounts.map((account, index) => this.#device(account, index, options));
  }

  start(): void {
    for (const device of this.#devices) device.start();
  }

  /** Resolves when everything on its way is answered. */
  async stop(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.stop()));
  }

  #device(account: SimulatedAccount, index: number, options: CrowdOptions): SimulatedDevice {
    const firmware = FIRMWARES.find(({ name }) => name === account.firmware);
    if (firmware === undefined) throw new Error(`no firmware called ${account.firmware}`);
    const { cadenceMs, trouble, random } = options;
    return new SimulatedDevice({
      ...{ firmware, cadenceMs, trouble, random, tally: this.tally },
      way: wayOf(account, index, { firmware, ...options }),
      unit: {
        deviceId: account.deviceId,
        token: account.token,
        chipId: account.deviceId.slice(account.deviceId.indexOf('-') + 1),
        samples: Math.floor(random() * 5_000_000),
      },
    });
  }
}

type Ways = Pick<CrowdOptions, 'url' | 'mqttUrl'> & { firmware: Firmware };

/** Devices that can do both take turns. */
function wayOf(
  account: SimulatedAccount,
  index: number,
  { firmware, url, mqttUrl }: Ways,
): SimulatedDeviceOptions['way'] {
  const canPublish = firmware.publishes !== undefined && mqttUrl !== undefined;
  const canPush = firmware.pushes !== undefined && url !== undefined;
  const isTurn = Math.floor(index / FIRMWARES.length) % 2 === 0;
  if (mqttUrl !== undefined && canPublish && (isTurn || !canPush)) {
    return { kind: 'mqtt', sender: new MqttSender(mqttAccount(account, mqttUrl)) };
  }
  if (url === undefined) throw new Error(`${firmware.name} pushes over HTTP and needs a URL`);
  return { kind: 'http', sender: new HttpSender(url) };
}

function mqttAccount({ deviceId, token }: SimulatedAccount, mqttUrl: string) {
  const { hostname, port, protocol } = new URL(mqttUrl);
  const isTls = protocol === 'mqtts:';
  const number = port === '' ? (isTls ? 8883 : 1883) : Number(port);
  return { host: hostname, port: number, isTls, clientId: deviceId, username: deviceId, password: token };
}
