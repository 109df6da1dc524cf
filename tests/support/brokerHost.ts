import { addStation, openIngestHost } from './ingestHost.ts';

/** A server part with one station, and the topic of its device. */
export async function openWithDevice(options: Parameters<typeof openIngestHost>[0] = {}) {
  const host = await openIngestHost(options);
  const device = await addStation(host.stations, 'esp8266-1001');
  return { ...host, device, topic: `buergerluft/${device.deviceId}/airrohr` };
}
