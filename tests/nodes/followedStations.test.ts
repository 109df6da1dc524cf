import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { publicPosition } from '../../server/domain/station.ts';
import { FollowedStations } from '../../server/nodes/followedStations.ts';
import { NodeBus } from '../../server/nodes/nodeBus.ts';
import { decodeStations, stationPublisher } from '../../server/nodes/stationShards.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, openIngestHost } from '../support/ingestHost.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

function openBus(mosquitto: Mosquitto, nodeId: string): NodeBus {
  const bus = new NodeBus({ url: mosquitto.url, nodeId, run: nodeId, onError: () => undefined });
  closeAfterTest(() => bus.close());
  return bus;
}

/** A registry that publishes itself. */
async function openRegistry(mosquitto: Mosquitto) {
  const { stations } = await openIngestHost();
  const bus = openBus(mosquitto, 'center');
  const sent: string[] = [];
  const publish = (topic: string, payload: string) => {
    sent.push(payload);
    bus.retain(topic, payload);
  };
  const publisher = stationPublisher(stations, { publish, clock: Date.now });
  bus.onConnected(() => publisher.connected());
  bus.start();
  await bus.ready(60_000);
  closeAfterTest(publisher.start());
  return { stations, sent };
}

function openFollower(mosquitto: Mosquitto, path: string) {
  const bus = openBus(mosquitto, 'node');
  const changed: string[] = [];
  const followed = new FollowedStations({ bus, path, onError: () => undefined });
  closeAfterTest(() => followed.close());
  followed.onChange((stationId) => changed.push(stationId));
  return { bus, followed, changed };
}

function temporaryPath(): string {
  const folder = temporaryFolder();
  return join(folder, 'stations');
}

describe('stations followed over the broker', () => {
  it('are as the registry has them, with public positions only, and without tokens or consents', async () => {
    const mosquitto = await startMosquitto();
    const { stations, sent } = await openRegistry(mosquitto);
    const own = await addStation(stations, 'esp8266-1');
    // Moves are remembered once something has measured.
    stations.touchDevice('esp8266-1', Date.now());
    await stations.updateStation(own.stationId, { position: { lat: 51.4567891, lon: 7.0123456 } });
    await stations.updateStation(own.stationId, { position: { lat: 51.4612345, lon: 7.0198765 } });
    const { bus, followed } = openFollower(mosquitto, temporaryPath());
    bus.start();
    const kept = stations.station(own.stationId)!;
    const position = publicPosition(kept);
    const isThere = () => followed.isComplete && followed.station(own.stationId)?.position.lat === position.lat;
    await until('the station is there as it is now', isThere);
    const seen = followed.station(own.stationId)!;
    expect(kept.formerPlaces).toHaveLength(2);
    expect(seen.formerPlaces?.map((place) => publicPosition({ ...kept, ...place }))).toEqual(
      kept.formerPlaces?.map((place) => publicPosition({ ...kept, ...place })),
    );
    expect(publicPosition(seen)).toEqual(position);
    expect(seen.position).toEqual(position);
    expect(followed.device('esp8266-1')).toMatchObject({ stationId: own.stationId });
    expect(followed.isOwner(own.stationId, own.ownerKey)).toBe(true);
    expect(followed.isOwner(own.stationId, own.token)).toBe(false);
    const told = sent.map((payload) => JSON.stringify(decodeStations(payload) ?? payload)).join('\n');
    for (const secret of ['51.4567891', '7.0123456', '51.4612345', own.token, own.ownerKey, 'consent']) {
      expect(told).not.toContain(secret);
    }
  });

  it('lose a device and a station with the part that no longer has them', async () => {
    const mosquitto = await startMosquitto();
    const { stations } = await openRegistry(mosquitto);
    const first = await addStation(stations, 'esp8266-1');
    const second = await addStation(stations, 'esp8266-2');
    const { bus, followed, changed } = openFollower(mosquitto, temporaryPath());
    bus.start();
    await until('both are there', () => followed.isComplete && followed.stations().length === 2);
    await stations.revokeDevice('esp8266-1');
    await until('the device is gone', () => followed.device('esp8266-1') === undefined);
    expect(followed.station(first.stationId)?.id).toBe(first.stationId);
    await stations.removeStation(second.stationId);
    await until('the station is gone', () => followed.station(second.stationId) === undefined);
    // Stations and deletions are parts of their own.
    await until('the deletion is known', () => followed.isErasedDevice('esp8266-2'));
    expect(changed.slice(-2)).toContain(second.stationId);
  });

  it('are known from the copy on disk when the broker has forgotten them, but not as complete', async () => {
    const mosquitto = await startMosquitto();
    const { stations } = await openRegistry(mosquitto);
    const own = await addStation(stations, 'esp8266-1');
    const path = temporaryPath();
    const first = openFollower(mosquitto, path);
    first.bus.start();
    await until('the station is there', () => first.followed.isComplete && first.followed.stations().length === 1);
    await first.followed.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const empty = await startMosquitto();
    const second = openFollower(empty, path);
    await second.followed.open();
    second.bus.start();
    await second.followed.known();
    expect(second.followed.device('esp8266-1')?.stationId).toBe(own.stationId);
    expect(second.followed.isComplete).toBe(false);
  });
});
