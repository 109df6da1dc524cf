import type { SimulatedAccount } from './deviceCrowd.ts';
import type { Firmware } from './firmwares.ts';

/** Where stations are made, and with which right. */
export interface AdminAccess {
  url: string;
  adminToken: string;
}

/** Where on the map the simulated stations stand. */
export interface Neighbourhood {
  lat: number;
  lon: number;
  /** Half the side of the square they stand in. */
  km: number;
}

/** Requests at a time. */
const TOGETHER = 8;
const KM_PER_DEGREE = 111.2;

/** Registers a station with a device for each firmware, over the API, active at once. Its name says that it is simulated. */
export async function addSimulatedStations(
  access: AdminAccess,
  firmwares: readonly Firmware[],
  { around, random }: { around: Neighbourhood; random: () => number },
): Promise<SimulatedAccount[]> {
  // A run of its own has device ids of its own: those of an earlier one may still be there.
  const run = Math.floor(random() * 900_000) + 100_000;
  return inTurns(firmwares, async (firmware, index) => {
    const deviceId = `${firmware.prefix}-${run}${String(index).padStart(6, '0')}`;
    const offset = () => ((2 * random() - 1) * around.km) / KM_PER_DEGREE;
    const lon = around.lon + offset() / Math.cos((around.lat * Math.PI) / 180);
    const body = {
      name: `Simulation ${index + 1}`,
      position: { lat: around.lat + offset(), lon },
      isIndoor: false,
      deviceId,
    };
    const answer = await send(access, { method: 'POST', path: '/api/v1/stations', body });
    const { station, device } = answer as { station: { id: string }; device: { deviceId: string; token: string } };
    return { stationId: station.id, deviceId: device.deviceId, token: device.token, firmware: firmware.name };
  });
}

/** Deletes the stations with all their readings. Those already gone are no error. */
export async function removeSimulatedStations(access: AdminAccess, stationIds: readonly string[]): Promise<void> {
  await inTurns(stationIds, (id) =>
    send(access, { method: 'DELETE', path: `/api/v1/stations/${id}`, mayBeGone: true }),
  );
}

interface AdminRequest {
  method: string;
  path: string;
  body?: object;
  mayBeGone?: boolean;
}

async function send(
  { url, adminToken }: AdminAccess,
  { method, path, body, mayBeGone }: AdminRequest,
): Promise<unknown> {
  const response = await fetch(url.replace(/\/+$/, '') + path, {
    method,
    headers: { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status === 404 && mayBeGone) return undefined;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

async function inTurns<From, To>(
  items: readonly From[],
  act: (item: From, index: number) => Promise<To>,
): Promise<To[]> {
  const results: To[] = [];
  for (let i = 0; i < items.length; i += TOGETHER) {
    results.push(...(await Promise.all(items.slice(i, i + TOGETHER).map((item, n) => act(item, i + n)))));
  }
  return results;
}
