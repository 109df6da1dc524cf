import type { RecordedValues } from './recording.ts';

/** Device id of a demo station: its sensor number in the form devices name themselves. */
export function demoDeviceId(sensor: string): string {
  return `esp8266-sensor${sensor}`;
}

/**
 * A body as the airRohr firmware makes it, from recorded values and what is given of the device's health, numbers all.
 * The recording holds none.
 */
export function airrohrBody(
  sensor: string,
  values: RecordedValues,
  health: Readonly<Partial<Record<'samples' | 'interval', number>>>,
): string {
  const all = [...values, ...Object.entries(health).map(([name, value]) => [name, String(value)] as const)];
  const entries = all.map(([type, value]) => `{"value_type":"${type}","value":"${value}"}`);
  return `{"esp8266id": "sensor${sensor}", "software_version": "Demo", "sensordatavalues":[${entries.join(',')}]}`;
}
