import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RegistryFollower } from '../../firmware-bridge/registryFollower.ts';
import { decodeManifest, decodeShard, SHARDS, shardOf } from '../../firmware-bridge/registryShards.ts';
import { RegistryPublisher } from '../../server/nodes/registryPublisher.ts';
import { keyHash, newKey } from '../../server/process/keys.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, openIngestHost } from '../support/ingestHost.ts';
import { until } from '../support/until.ts';

const WRONG = newKey((length) => crypto.getRandomValues(new Uint8Array(length)));

/** A broker's retained messages, and a publisher that fills them. */
async function openPublisher() {
  const { stations } = await openIngestHost();
  const retained = new Map<string, string>();
  const published: string[] = [];
  const publish = (topic: string, payload: string) => {
    retained.set(topic.slice(topic.lastIndexOf('/') + 1), payload);
    published.push(topic);
  };
  const publisher = new RegistryPublisher({ directory: stations, publish, clock: Date.now });
  closeAfterTest(publisher.start());
  return { stations, retained, published, publisher };
}

function openFollower(path = join(mkdtempSync(join(tmpdir(), 'registry-')), 'registry')) {
  closeAfterTest(() => rmSync(join(path, '..'), { recursive: true, force: true }));
  const errors: unknown[] = [];
  const follower = new RegistryFollower({ path, onError: (error) => errors.push(error) });
  closeAfterTest(() => follower.close());
  return { follower, path, errors };
}

/** Hands everything over as a broker does after a subscription, the manifest last unless `manifestFirst`. */
function replay(retained: ReadonlyMap<string, string>, follower: RegistryFollower, manifestFirst = false): void {
  const names = [...SHARDS];
  if (manifestFirst) names.unshift('manifest');
  else names.push('manifest');
  for (const name of names) follower.receive(name, retained.get(name) ?? '', true);
}

describe('the published registry', () => {
  it('holds ids, hashes and Zigbee names, and nothing of places or owners', async () => {
    const { stations, retained } = await openPublisher();
    const device = await addStation(stations, 'esp8266-1');
    const gateway = await addStation(stations, 'zigbee-home', ['balcony']);
    await until('the devices are published', () => retained.get(shardOf('zigbee-home'))?.includes('balcony') ?? false);
    expect(decodeShard(retained.get(shardOf('esp8266-1')) ?? '')).toEqual([
      { id: 'esp8266-1', tokenHash: keyHash(device.token) },
    ]);
    const all = [...retained.values()].join('\n');
    for (const secret of [device.token, device.ownerKey, device.stationId, gateway.stationId, '51.45', '7.01']) {
      expect(all).not.toContain(secret);
    }
  });

  it('sends only the part that changed, then the manifest', async () => {
    const { stations, retained, published } = await openPublisher();
    expect(published).toHaveLength(257);
    const before = decodeManifest(retained.get('manifest') ?? '')?.generation ?? 0;
    await addStation(stations, 'esp8266-1');
    await until('the change is published', () => published.length > 257);
    const part = `buergerluft/_registry/${shardOf('esp8266-1')}`;
    expect(published.slice(257)).toEqual([part, 'buergerluft/_registry/manifest']);
    expect(decodeManifest(retained.get('manifest') ?? '')?.generation).toBeGreaterThan(before);
  });

  it('is sent whole after each connection', async () => {
    const { published, publisher } = await openPublisher();
    publisher.connected();
    expect(published).toHaveLength(2 * 257);
  });
});

describe('a follower', () => {
  it.each([false, true])('never turns anybody away before it has everything (manifest first: %s)', async (first) => {
    const { stations, retained, publisher } = await openPublisher();
    const { deviceId, token } = await addStation(stations, 'esp8266-1');
    publisher.connected();
    const { follower } = openFollower();
    expect(follower.authenticate({ token: WRONG })).toBe('unready');
    expect(follower.authenticate({ token: '' })).toBe('unready');
    replay(new Map([...retained].slice(0, 200)), follower, first);
    expect(follower.authenticate({ token: WRONG })).toBe('unready');
    replay(retained, follower, first);
    expect(follower.authenticate({ token: WRONG })).toBeUndefined();
    expect(follower.authenticate({ deviceId: 'esp8266-2', token })).toBeUndefined();
    expect(follower.authenticate({ token })).toEqual({ id: deviceId });
    expect(follower.authenticate({ deviceId, token: token.toLowerCase() })).toEqual({ id: deviceId });
  });

  it('lets a revoked or changed token in no more as soon as its part is there', async () => {
    const { stations, retained, publisher } = await openPublisher();
    const revoked = await addStation(stations, 'esp8266-1');
    const rotated = await addStation(stations, 'esp8266-2');
    publisher.connected();
    const { follower } = openFollower();
    replay(retained, follower);
    await stations.revokeDevice('esp8266-1');
    const issued = await stations.rotateDevice('esp8266-2');
    publisher.connected();
    for (const id of ['esp8266-1', 'esp8266-2']) follower.receive(shardOf(id), retained.get(shardOf(id)) ?? '', false);
    // Until the manifest is there as well it might be known elsewhere: not yet 401, but no longer taken.
    expect(follower.authenticate(revoked)).toBe('unready');
    expect(follower.authenticate(rotated)).toBe('unready');
    follower.receive('manifest', retained.get('manifest') ?? '', false);
    expect(follower.authenticate(revoked)).toBeUndefined();
    expect(follower.authenticate(rotated)).toBeUndefined();
    expect(follower.authenticate({ token: 'token' in issued ? issued.token : '' })).toEqual({ id: 'esp8266-2' });
    expect(follower.size).toBe(1);
  });

  it('goes by its copy after a restart, takes who is in it, and turns nobody away by it', async () => {
    const { stations, retained, publisher } = await openPublisher();
    const { deviceId, token } = await addStation(stations, 'esp8266-1');
    publisher.connected();
    const { follower, path } = openFollower();
    replay(retained, follower);
    await follower.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = openFollower(path).follower;
    await again.open();
    expect(again.authenticate({ token })).toEqual({ id: deviceId });
    expect(again.authenticate({ token: WRONG })).toBe('unready');
  });

  it('does not believe a copy that is not whole', async () => {
    const { retained } = await openPublisher();
    const { follower, path } = openFollower();
    replay(retained, follower);
    await follower.close();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -30));
    const again = openFollower(path);
    await again.follower.open();
    expect(again.follower.isKnown).toBe(false);
    expect(again.errors).toEqual([]);
  });

  it('turns nobody away while the broker is away', async () => {
    const { stations, retained, publisher } = await openPublisher();
    const { deviceId, token } = await addStation(stations, 'esp8266-1');
    publisher.connected();
    const { follower } = openFollower();
    replay(retained, follower);
    follower.disconnected();
    expect(follower.authenticate({ token: WRONG })).toBe('unready');
    expect(follower.authenticate({ deviceId, token })).toEqual({ id: deviceId });
  });

  it.each([false, true])(
    'does not go back with a broker that kept an earlier state (manifest first: %s)',
    async (first) => {
      const { stations, retained, publisher } = await openPublisher();
      const revoked = await addStation(stations, 'esp8266-1');
      publisher.connected();
      const saved = new Map(retained);
      await stations.revokeDevice('esp8266-1');
      const added = await addStation(stations, 'esp8266-2');
      publisher.connected();
      const { follower, path } = openFollower();
      replay(retained, follower, first);
      const holds = (each: RegistryFollower) => {
        expect(each.authenticate(added)).toEqual({ id: 'esp8266-2' });
        // Whoever is not in it could have come since: not turned away for good.
        expect(each.authenticate(revoked)).toBe('unready');
      };
      follower.disconnected();
      replay(saved, follower, first);
      holds(follower);
      await follower.close();
      const again = openFollower(path).follower;
      await again.open();
      replay(saved, again, first);
      holds(again);
      // What is published now counts, whatever the clock of the one who publishes says.
      const manifest = decodeManifest(retained.get('manifest') ?? '');
      const asOfAnEarlierClock = JSON.stringify({ schemaVersion: 1, ...manifest, generation: 1 });
      replay(new Map([...retained, ['manifest', asOfAnEarlierClock]]), again, first);
      holds(again);
      again.receive('manifest', asOfAnEarlierClock, false);
      expect(again.authenticate(added)).toEqual({ id: 'esp8266-2' });
      expect(again.authenticate(revoked)).toBeUndefined();
    },
  );

  it.each(['', '{}', 'nonsense', '{"schemaVersion":2,"devices":[]}', '{"schemaVersion":1,"devices":[{"id":7}]}'])(
    'leaves a part of %j out and keeps what it has',
    async (payload) => {
      const { stations, retained, publisher } = await openPublisher();
      const { token } = await addStation(stations, 'esp8266-1');
      publisher.connected();
      const { follower } = openFollower();
      replay(retained, follower);
      follower.receive(shardOf('esp8266-1'), payload, false);
      follower.receive('manifest', payload, false);
      expect(follower.authenticate({ token })).toEqual({ id: 'esp8266-1' });
    },
  );
});
