import { airrohrBody } from '../support/airrohrBody.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';

/** Parsed JSON. */
export type Json = Record<string, unknown>;
/** A set as it is answered. */
export interface Answered extends Json {
  value: Json[];
}

/** The time of the first readings. */
export const T0 = Date.UTC(2026, 10, 26, 12);

/** Two public stations with 20 readings each, one hidden with the same. */
export async function startTown() {
  const clock = { now: T0 };
  const program: Program = await startProgram({ clock: () => clock.now, settings: { RATE_LIMIT: '100000,1000' } });
  const stations: OwnStation[] = [];
  for (const id of ['15303512', '15303513', '15303514']) {
    stations.push(
      await program.addStation(`esp8266-${id}`, { name: `Station ${id}`, sensorModels: ['sds011', 'dht22'] }),
    );
  }
  for (let step = 0; step < 20; step++) {
    for (const { deviceId, token } of stations) {
      const sensordatavalues = [
        { value_type: 'SDS_P1', value: `${step + 20}.00` },
        { value_type: 'SDS_P2', value: `${step}.50` },
        { value_type: 'DNMS_noise_LAeq', value: '51.00' },
      ];
      const body = airrohrBody(deviceId, { sensordatavalues, samples: step });
      await fetch(`${program.url}/push/${token}`, { method: 'POST', body });
    }
    clock.now += 149_000;
  }
  const [first, second, hidden] = stations as [OwnStation, OwnStation, OwnStation];
  await program.send('PATCH', `/api/v1/stations/${hidden.id}`, { body: { status: 'hidden' }, key: hidden.ownerKey });
  const base = `${program.url}/sta/v1.1`;
  const at = async (path: string) => {
    const response = await fetch(path.startsWith('http') ? path : `${base}${path}`);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, text, json: (isJson ? JSON.parse(text) : {}) as Answered };
  };
  const get = async (path: string): Promise<Answered> => {
    const { status, json, text } = await at(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return json;
  };
  return { ...program, clock, base, at, get, first, second, hidden, stream: `${first.id}.sds011.pm25` };
}

/** The ids of some entities. */
export const ids = (list: Json[]) => list.map((entity) => entity['@iot.id']);
/** Query options as a part of an address. */
export const q = (options: string) => `?${options.replaceAll(' ', '%20')}`;
