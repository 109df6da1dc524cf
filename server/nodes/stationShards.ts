import { gunzipSync, gzipSync } from 'node:zlib';
import { SHARDS, shardOf } from '../../firmware-bridge/registryShards.ts';
import { type Device, publicPosition, type Station } from '../domain/station.ts';
import { stationsTopic } from '../domain/topics.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { ShardPublisher } from './shardPublisher.ts';

/** Version of the form. */
const SCHEMA_VERSION = 1;

/** A station as other nodes know it: public positions only, no owner but the hash of the key. */
export interface PublishedStation {
  station: Station;
  /** SHA-256 of the owner's key, hex. */
  ownerKeyHash: string;
  devices: Pick<Device, 'id' | 'stationId' | 'boundAt' | 'names'>[];
}

/** One part of them. */
export interface StationShard {
  stations: PublishedStation[];
  /** Devices of deleted stations. */
  erasedDevices: string[];
}

/** What is published. */
export type StationSource = Pick<StationStore, 'entries' | 'devicesOf' | 'erasedDevices' | 'onChange'>;

function textOf({ stations, erasedDevices }: StationShard): string {
  const sorted = [...stations].sort((a, b) => (a.station.id < b.station.id ? -1 : 1));
  return JSON.stringify({ schemaVersion: SCHEMA_VERSION, stations: sorted, erasedDevices: erasedDevices.toSorted() });
}

// Compressed, since 15,000 stations have 60 in each part.
function packed(text: string): string {
  return gzipSync(text).toString('base64');
}

/** A part; undefined for what is none, or one of a version we do not know. */
export function decodeStations(payload: string): StationShard | undefined {
  try {
    const parsed = JSON.parse(gunzipSync(Buffer.from(payload, 'base64')).toString());
    const { schemaVersion, stations, erasedDevices } = parsed;
    if (schemaVersion !== SCHEMA_VERSION || !Array.isArray(stations) || !Array.isArray(erasedDevices)) return undefined;
    return { stations, erasedDevices };
  } catch {
    // Expected: anything may be retained on a broker.
    return undefined;
  }
}

/** Publishes the stations for the other nodes of the instance. */
export function stationPublisher(
  source: StationSource,
  { publish, clock }: { publish: (topic: string, payload: string) => void; clock: () => number },
): ShardPublisher {
  const packs = new Packs();
  return new ShardPublisher({
    payloads: () => shardsOf(source).map((shard, at) => packs.payload(at, textOf(shard))),
    topicOf: stationsTopic,
    onChange: (listener) => source.onChange(listener),
    publish,
    clock,
  });
}

/** Compresses only what changed: all of it takes 100 ms. */
class Packs {
  readonly #known: { text: string; payload: string }[] = [];

  payload(at: number, text: string): string {
    const known = this.#known[at];
    if (known?.text === text) return known.payload;
    const made = { text, payload: packed(text) };
    this.#known[at] = made;
    return made.payload;
  }
}

function shardsOf(source: StationSource): StationShard[] {
  const byName = new Map<string, StationShard>(SHARDS.map((shard) => [shard, { stations: [], erasedDevices: [] }]));
  for (const { station, ownerKeyHash } of source.entries()) {
    const devices = source.devicesOf(station.id).map(({ lastSeenAt: _lastSeenAt, ...device }) => device);
    byName.get(shardOf(station.id))?.stations.push({ station: withoutSecrets(station), ownerKeyHash, devices });
  }
  for (const deviceId of source.erasedDevices()) byName.get(shardOf(deviceId))?.erasedDevices.push(deviceId);
  return [...byName.values()];
}

/** The grid's node is its own node: whoever computes a public position from this gets the same. */
function withoutSecrets({
  consent: _consent,
  sensorCommunityId: _claimed,
  joined: _joined,
  joining: _joining,
  ...station
}: Station): Station {
  const { positionGridMetres, formerPlaces } = station;
  const published: Station = { ...station, position: publicPosition(station) };
  if (formerPlaces === undefined) return published;
  const places = formerPlaces.map(({ position, ...place }) => {
    return { ...place, position: publicPosition({ position, positionGridMetres }) };
  });
  return { ...published, formerPlaces: places };
}
