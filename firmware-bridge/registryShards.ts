import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readJson } from '../server/process/jsonMessage.ts';

/** What a bridge must know of a device: never a position, nothing of its owner. */
export interface RegistryDevice {
  id: string;
  /** SHA-256 of the token, hex. */
  tokenHash: string;
  /** Friendly names a Zigbee2MQTT gateway may publish for. */
  names?: string[] | undefined;
}

/** The registry as it stands: SHA-256 (hex) of each of its 256 parts. */
export interface Manifest {
  /** Grows with every change. */
  generation: number;
  hashes: string[];
}

/** Names of the parts, `00` to `ff`. */
export const SHARDS: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Version of the form of parts and manifest. */
const SCHEMA_VERSION = 1;
const HASH = /^[0-9a-f]{64}$/;

const shardForm = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  devices: z.array(
    z.object({ id: z.string(), tokenHash: z.string().regex(HASH), names: z.array(z.string()).optional() }),
  ),
});
const manifestForm = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  generation: z.number(),
  hashes: z.array(z.string().regex(HASH)).length(SHARDS.length),
});

/** The part a device is in: the first byte of its id's SHA-256, so that the parts are of one size. */
export function shardOf(deviceId: string): string {
  return contentHash(deviceId).slice(0, 2);
}

/** SHA-256, hex. */
export function contentHash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A part as its retained message; the same for the same devices in any order. */
export function encodeShard(devices: readonly RegistryDevice[]): string {
  const sorted = [...devices].sort((a, b) => (a.id < b.id ? -1 : 1));
  return JSON.stringify({ schemaVersion: SCHEMA_VERSION, devices: sorted });
}

/** The devices of a part; undefined for what is none, or one of a version we do not know. */
export function decodeShard(payload: string): RegistryDevice[] | undefined {
  return shardForm.safeParse(readJson(payload)).data?.devices;
}

/** The manifest as its retained message. */
export function encodeManifest({ generation, hashes }: Manifest): string {
  return JSON.stringify({ schemaVersion: SCHEMA_VERSION, generation, hashes });
}

/** The manifest; undefined for what is none, or one of a version we do not know. */
export function decodeManifest(payload: string): Manifest | undefined {
  return manifestForm.safeParse(readJson(payload)).data;
}
