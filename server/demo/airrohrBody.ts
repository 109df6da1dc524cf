import type { RecordedValues } from './recording.ts';

/** Device id of a demo station: its sensor number in the form devices name themselves. */
export function demoDeviceId(sensor: string): string {
  return `esp8266-sensor${sensor}`;
}

/**
 * A body as the airRohr firmware makes it, from recorded values. The recording holds no device health, and none is made
 * up: `samples` is only a running number, because two bodies with the same bytes within a day are the same reading.
 */
export function airrohrBody(sensor: string, values: RecordedValues, samples: number): string {
  const all = [...values, ['samples', String(samples)] as const];
  const entries = all.map(([type, value]) => `{"value_type":"${type}","value":"${value}"}`);
  return `{"esp8266id": "sensor${sensor}", "software_version": "Demo", "sensordatavalues":[${entries.join(',')}]}`;
}
