import { expect } from '@jest/globals';
import { airrohrBody } from '../support/airrohrBody.ts';
import type { OwnStation, Program } from '../support/program.ts';

const CADENCE = 149_000;

/** Lets time pass while the device pushes this PM2.5 as the stock firmware does. */
export async function measure(
  program: Program,
  { device, clock, until, pm25 }: { device: OwnStation; clock: { now: number }; until: number; pm25: string },
): Promise<void> {
  const Authorization = `Basic ${btoa(`${device.deviceId}:${device.token}`)}`;
  for (; clock.now < until; clock.now += CADENCE) {
    const body = JSON.parse(airrohrBody(device.deviceId, { samples: String(clock.now) }));
    for (const entry of body.sensordatavalues) if (entry.value_type === 'SDS_P2') entry.value = pm25;
    const sent = { method: 'POST', headers: { Authorization }, body: JSON.stringify(body) };
    expect((await fetch(`${program.url}/data.php`, sent)).status).toBe(204);
  }
  clock.now = until;
}
