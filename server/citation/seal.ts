import { createCipheriv } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { StationNumbers } from '../domain/report/evaluators.ts';
import type { HourEntry, StationEvidence, StationPlace } from '../domain/report/evidence.ts';
import type { RandomBytes } from '../process/keys.ts';
import type { BundleRow, BundleStation, CitationHead, OpenLeaf, WithheldLeaf } from './bundle.ts';
import { canonicalJson } from './canonicalJson.ts';
import { leafHash, merkleRoot, SALT_BYTES } from './merkle.ts';

/** Leaves of a station before its rows: place, facts, numbers. */
const LEAVES_BEFORE_ROWS = 3;

/** One station's part of a sealed citation: root of its subtree, and the secret its salts come from. */
export interface SealedStation {
  stationId: string;
  root: Buffer;
  /** 32 random bytes. Whoever destroys them destroys every salt of the station. */
  secret: Buffer;
}

/** A citation whose id is fixed. */
export interface SealedCitation {
  id: string;
  headSalt: Buffer;
  stations: SealedStation[];
}

/**
 * Salts of a station's leaves, 128 bits each: blocks of AES-256 in counter mode under the station's random secret, so
 * that 32 bytes keep them all and no two are alike.
 */
function saltsOf(secret: Uint8Array, count: number): Buffer {
  return createCipheriv('aes-256-ctr', secret, Buffer.alloc(16)).update(Buffer.alloc(count * SALT_BYTES));
}

/** Fixes a citation: fresh salts for every leaf, and the root over them. Gives way to other work between stations. */
export async function sealCitation(
  head: CitationHead,
  stations: readonly (StationEvidence & { numbers: StationNumbers })[],
  randomBytes: RandomBytes,
): Promise<SealedCitation> {
  const sealed: SealedStation[] = [];
  for (const station of stations) {
    const secret = Buffer.from(randomBytes(32));
    const hashes = leavesOf(station, secret).map(({ hash }) => hash);
    sealed.push({ stationId: station.place.stationId, root: merkleRoot(hashes), secret });
    await turn();
  }
  const headSalt = Buffer.from(randomBytes(SALT_BYTES));
  const root = merkleRoot([leafHash(headSalt, canonicalJson(head)), ...sealed.map((station) => station.root)]);
  return { id: root.toString('hex'), headSalt, stations: sealed };
}

/** What a bundle holds of a station. */
export interface BundledStation extends Omit<StationEvidence, 'place'> {
  place: StationPlace | WithheldLeaf;
  numbers: StationNumbers;
}

/** A station as it stands in a bundle, from what was sealed and its secret. */
export function bundleStation(station: BundledStation, secret: Uint8Array): BundleStation {
  const [place, facts, numbers, ...rows] = leavesOf(station, secret).map(({ salt, hash }) => ({
    salt: salt.toString('hex'),
    check: checkOf(hash),
  }));
  return {
    place: 'withheld' in station.place ? { withheld: station.place.withheld } : { ...place!, value: station.place },
    facts: { ...facts!, value: station.facts },
    numbers: { ...numbers!, value: station.numbers },
    rows: station.hours.map((hour: HourEntry, at): BundleRow => [rows[at]!.salt, rows[at]!.check, hour]),
  };
}

/** A head as it stands in a bundle. */
export function bundleHead(head: CitationHead, salt: Uint8Array): OpenLeaf<CitationHead> {
  const check = checkOf(leafHash(salt, canonicalJson(head)));
  return { salt: Buffer.from(salt).toString('hex'), check, value: head };
}

/** What stays of a place that is taken out: the hash of its leaf. */
export function withheldPlace(place: StationPlace, secret: Uint8Array): WithheldLeaf {
  const salt = saltsOf(secret, 1);
  return { withheld: leafHash(salt, canonicalJson(place)).toString('hex') };
}

/** The first four bytes of a hash, hex. */
export function checkOf(hash: Buffer): string {
  return hash.toString('hex', 0, 4);
}

function leavesOf({ place, facts, numbers, hours }: BundledStation, secret: Uint8Array) {
  const salts = saltsOf(secret, LEAVES_BEFORE_ROWS + hours.length);
  return [place, facts, numbers, ...hours].map((value, at) => {
    const salt = salts.subarray(at * SALT_BYTES, (at + 1) * SALT_BYTES);
    return { salt, hash: leafHash(salt, canonicalJson(value)) };
  });
}
