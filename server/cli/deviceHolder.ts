import { expectSuccess, type SendAsAdmin } from './adminApi.ts';

/** The station a device belongs to now; undefined when it belongs to none. */
export async function deviceHolder(
  send: SendAsAdmin,
  deviceId: string,
): Promise<{ id: string; name: string } | undefined> {
  const { stations } = expectSuccess(await send('GET', '/api/v1/registry/stations')) as {
    stations: { station: { id: string; name: string }; devices: { deviceId: string }[] }[];
  };
  return stations.find(({ devices }) => devices.some((device) => device.deviceId === deviceId))?.station;
}
