import { EVALUATORS } from '../domain/report/evaluators.ts';
import type { StationEvidence, StationPlace } from '../domain/report/evidence.ts';
import {
  BUNDLE_SCHEMA_VERSION,
  type Bundle,
  type BundleStation,
  isWithdrawn,
  type OpenLeaf,
  signedText,
} from './bundle.ts';
import { readBundle } from './bundleShape.ts';
import { canonicalJson } from './canonicalJson.ts';
import { type Difference, firstDifference } from './firstDifference.ts';
import { isSignedBy } from './instanceKey.ts';
import { leafHash, merkleRoot } from './merkle.ts';
import { checkOf } from './seal.ts';

/** Why a bundle does not hold. */
export type Failure =
  | { reason: 'not-json' | 'form' | 'signature' | 'root'; path: string }
  | { reason: 'leaf'; path: string; at?: number }
  | { reason: 'figure'; path: string; stated: unknown; computed: unknown }
  | { reason: 'unknown-method'; path: string; method: string }
  | { reason: 'newer-form'; path: string; version: number };

/** What came of a check. `partly`: stations were withdrawn or places withheld; what is left fits. */
export type Verdict =
  | { outcome: 'fails'; failure: Failure }
  | {
      outcome: 'holds' | 'partly';
      bundle: Bundle;
      stations: number;
      withdrawn: number;
      withheldPlaces: number;
      rows: number;
    };

/**
 * Checks a bundle with nothing but itself: every leaf against its hash, the tree against the id, the id against the
 * signature, and the figure against the rows, computed anew with the method it was made with.
 */
export function verifyBundle(text: string): Verdict {
  const json = parsed(text);
  if (json === undefined) return fails({ reason: 'not-json', path: '' });
  const version = versionOf(json);
  if (version > BUNDLE_SCHEMA_VERSION) return fails({ reason: 'newer-form', path: 'schemaVersion', version });
  const bundle = readBundle(json);
  if ('path' in bundle) return fails({ reason: 'form', ...bundle });
  const failure = failureOfFigure(bundle, failureOfTree(bundle));
  if (failure !== undefined) return fails(failure);
  const withdrawn = bundle.stations.filter(isWithdrawn).length;
  const withheldPlaces = bundle.stations.filter(
    (station) => !isWithdrawn(station) && 'withheld' in station.place,
  ).length;
  return {
    outcome: withdrawn + withheldPlaces > 0 ? 'partly' : 'holds',
    bundle,
    stations: bundle.stations.length,
    withdrawn,
    withheldPlaces,
    rows: bundle.stations.reduce((sum, station) => sum + (isWithdrawn(station) ? 0 : station.rows.length), 0),
  };
}

function fails(failure: Failure): Verdict {
  return { outcome: 'fails', failure };
}

/** The version a bundle states; 0 when it states none. */
function versionOf(json: unknown): number {
  const stated = (json as { schemaVersion?: unknown } | null)?.schemaVersion;
  return Number.isSafeInteger(stated) ? Number(stated) : 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Damaged text is what this looks for.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The first leaf that its hash does not fit, else root or signature. */
function failureOfTree(bundle: Bundle): Failure | undefined {
  const roots: Buffer[] = [];
  const head = openLeaf(bundle.head, 'head');
  if (!Buffer.isBuffer(head)) return head;
  for (const [at, station] of bundle.stations.entries()) {
    const root = isWithdrawn(station) ? Buffer.from(station.withdrawn, 'hex') : stationRoot(station, `stations[${at}]`);
    if (!Buffer.isBuffer(root)) return root;
    roots.push(root);
  }
  if (bundle.stations.length !== bundle.head.value.stationCount) return { reason: 'root', path: 'stations' };
  if (merkleRoot([head, ...roots]).toString('hex') !== bundle.id) return { reason: 'root', path: 'id' };
  const isSigned = isSignedBy(bundle.publicKey, signedText(bundle.id), bundle.signature);
  return isSigned ? undefined : { reason: 'signature', path: 'signature' };
}

function stationRoot(station: BundleStation, path: string): Buffer | Failure {
  const hashes: Buffer[] = [];
  const { place } = station;
  for (const [name, leaf] of Object.entries({ place, facts: station.facts, numbers: station.numbers })) {
    const hash = 'withheld' in leaf ? Buffer.from(leaf.withheld, 'hex') : openLeaf(leaf, `${path}.${name}`);
    if (!Buffer.isBuffer(hash)) return hash;
    hashes.push(hash);
  }
  for (const [at, [salt, check, row]] of station.rows.entries()) {
    const hash = openLeaf({ salt, check, value: row }, '');
    if (!Buffer.isBuffer(hash)) return { reason: 'leaf', path: `${path}.rows[${at}]`, at: row[0] };
    hashes.push(hash);
  }
  return merkleRoot(hashes);
}

function openLeaf({ salt, check, value }: OpenLeaf<unknown>, path: string): Buffer | Failure {
  const bytes = Buffer.from(salt, 'hex');
  // Upper case and half bytes would be read too, and one bundle must have one form.
  if (bytes.length !== 16 || bytes.toString('hex') !== salt) return { reason: 'leaf', path };
  const hash = leafHash(bytes, canonicalJson(value));
  return checkOf(hash) === check ? hash : { reason: 'leaf', path };
}

/** What the rows do not bear out; when head or tree do not fit, this may name the number rather than the leaf. */
function failureOfFigure(bundle: Bundle, treeFailure: Failure | undefined): Failure | undefined {
  const mayBeNumbers = treeFailure?.path === 'head' || treeFailure?.path === 'id';
  if (treeFailure !== undefined && !mayBeNumbers) return treeFailure;
  const { question, limit, evaluator: version, answer } = bundle.head.value;
  const evaluate = Object.hasOwn(EVALUATORS, version) ? EVALUATORS[version] : undefined;
  if (evaluate === undefined) {
    return treeFailure ?? { reason: 'unknown-method', path: 'head.value.evaluator', method: version };
  }
  const open = bundle.stations.flatMap((station, at) => (isWithdrawn(station) ? [] : [{ station, at }]));
  const computed = evaluate(
    question,
    open.map(({ station }) => evidenceOf(station)),
    limit,
  );
  const differences = open.map(({ station, at }, place) =>
    firstDifference(station.numbers.value, computed.stations[place], `stations[${at}].numbers.value`),
  );
  if (open.length === bundle.stations.length) {
    const { figure, gegenprobe } = computed;
    differences.push(firstDifference(answer, { figure, gegenprobe }, 'head.value.answer'));
  }
  const difference = differences.find((each): each is Difference => each !== undefined);
  return difference === undefined ? treeFailure : { reason: 'figure', ...difference };
}

/** A station's rows as the evaluators take them; a withheld place bears on no figure. */
function evidenceOf({ place, facts, rows }: BundleStation): StationEvidence {
  const hidden: StationPlace = { stationId: '', name: '', position: { lat: 0, lon: 0 } };
  return {
    place: 'value' in place ? place.value : hidden,
    facts: facts.value,
    hours: rows.map(([, , row]) => row),
  };
}
