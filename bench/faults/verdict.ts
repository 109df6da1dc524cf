import type { ReadingStore } from '../../server/store/readingStore.ts';
import type { FaultStack } from './faultStack.ts';
import { type NumberedDevice, numberOf } from './numberedLoad.ts';

/** What was acknowledged beside what is stored. Numbers as `way stationId#number`. */
export interface Verdict {
  sent: number;
  acknowledged: number;
  stored: number;
  /** Acknowledged and not stored, though no rule allows it. */
  lost: string[];
  /** Stored more than once. */
  twice: string[];
  /** Acknowledged by Mosquitto before it was killed -9, and not saved by it: what the contract leaves open (c). */
  lostWithBroker: number;
}

/** Stops the server and compares. `brokerKills`: when Mosquitto was killed -9, epoch ms. */
export async function judge(
  stack: FaultStack,
  devices: readonly NumberedDevice[],
  brokerKills: readonly number[],
): Promise<Verdict> {
  for (const part of stack.parts) if (part.name === 'server' || part.name === 'bridge') await part.stop();
  const store = await stack.openStore();
  const verdict: Verdict = { sent: 0, acknowledged: 0, stored: 0, lost: [], twice: [], lostWithBroker: 0 };
  for (const device of devices) compare(device, await timesStored(store, device.stationId), { verdict, brokerKills });
  await store.close();
  return verdict;
}

type Balance = { verdict: Verdict; brokerKills: readonly number[] };

function compare(device: NumberedDevice, times: ReadonlyMap<number, number>, { verdict, brokerKills }: Balance): void {
  verdict.sent += device.sent;
  verdict.acknowledged += device.acknowledged.size;
  verdict.stored += times.size;
  for (const [number, at] of device.acknowledged) {
    if (times.has(number)) continue;
    const isBrokers = device.way === 'mqtt' && brokerKills.some((killedAt) => at <= killedAt);
    if (isBrokers) verdict.lostWithBroker++;
    else verdict.lost.push(`${device.way} ${device.stationId}#${number}`);
  }
  for (const [number, count] of times) if (count > 1) verdict.twice.push(`${device.way} ${device.stationId}#${number}`);
}

/** How often each number of a station is stored. */
export async function timesStored(store: ReadingStore, stationId: string): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  for await (const page of store.scan({ stationId, from: 0, to: Number.MAX_SAFE_INTEGER })) {
    for (const { values } of page) {
      const number = numberOf(values.pm10 ?? 0);
      times.set(number, (times.get(number) ?? 0) + 1);
    }
  }
  return times;
}
