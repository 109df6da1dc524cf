import { request } from 'node:http';
import { expect } from '@jest/globals';
import { airrohrBody } from '../support/airrohrBody.ts';
import { type OwnStation, startProgram } from '../support/program.ts';
import type { ServedRecord } from './records.ts';

export const T0 = Date.UTC(2026, 10, 26, 12, 0, 30);
export const FILES = ['v1/data', 'v2/data', 'v2/data.1h', 'v2/data.24h', 'v2/data.dust.min', 'v2/data.temp.min'];

/** A program with a clock of its own, and devices that push into it. */
export async function startTown() {
  const clock = { now: T0 };
  const program = await startProgram({ clock: () => clock.now, settings: { RATE_LIMIT: '100000,1000' } });
  const push = async ({ deviceId, token }: OwnStation, values: Record<string, string>) => {
    const sensordatavalues = Object.entries(values).map(([value_type, value]) => ({ value_type, value }));
    const body = airrohrBody(deviceId, { sensordatavalues, samples: clock.now });
    const { status } = await fetch(`${program.url}/push/${token}`, { method: 'POST', body });
    expect(status).toBe(204);
  };
  const records = async (path: string) => {
    const { status, text } = await program.get(path);
    expect(status).toBe(200);
    return JSON.parse(text) as ServedRecord[];
  };
  return { ...program, clock, push, records };
}

export const SDS = { SDS_P1: '67.22', SDS_P2: '34.47', temperature: '2.00', humidity: '38.40' };
export const BME = { BME280_temperature: '20.47', BME280_pressure: '100613.25', BME280_humidity: '69.02' };

/** The bytes as sent. */
export function rawGet(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });
}
