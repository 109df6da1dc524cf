import { readFileSync } from 'node:fs';

const CAPTURED = readFileSync(
  new URL('../fixtures/wire/custom-api-nrz-2024-135-sds-dht22.json', import.meta.url),
  'utf8',
);
const CAPTURED_CHIP = '15303512';

/** A captured body of an SDS011 and a DHT22 (PM2.5 34.47, PM10 67.22), as `deviceId` would send it, with `extra` fields. */
export function airrohrBody(deviceId: string, extra: object = {}): string {
  const body = JSON.parse(CAPTURED.replaceAll(CAPTURED_CHIP, deviceId.replace(/^\w+?-/, '')));
  return JSON.stringify({ ...body, ...extra });
}
