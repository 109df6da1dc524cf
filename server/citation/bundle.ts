import type { ComparableGroup } from '../domain/report/comparable.ts';
import type { Answer, StationNumbers } from '../domain/report/evaluators.ts';
import type { HourEntry, StationFacts, StationPlace } from '../domain/report/evidence.ts';
import type { FrozenLimit } from '../domain/report/figureTypes.ts';
import type { ReferenceProbe } from '../domain/report/gegenprobe.ts';
import type { Question } from '../domain/report/question.ts';

/** Version of the bundle, described in docs/citation-format.md. */
export const BUNDLE_SCHEMA_VERSION = 1;

/** What a citation says, but for the stations: their data can be withdrawn on its own. */
export interface CitationHead {
  schemaVersion: typeof BUNDLE_SCHEMA_VERSION;
  question: Question;
  /** Name of the area as the operator's file had it; null for stations. */
  areaName: string | null;
  /** Key into `EVALUATORS`. */
  evaluator: string;
  limit: FrozenLimit | null;
  answer: Pick<Answer, 'figure' | 'gegenprobe'>;
  /** Official values on the same hours, as shown. Stated, not recomputed. */
  official: OfficialComparison | null;
  /** The question adjusted to official stations near the place, as shown. Stated, not recomputed; null or absent: there are none. */
  reference?: ReferenceCheck | null;
  /** How the period lay among comparable ones, as shown. Stated, not recomputed; absent in citations made before reports said it. */
  comparable?: ComparableGroup[];
  methods: Record<string, string>;
  /** Day the table of limits was last compared with its sources. */
  limitsCheckedOn: string;
  software: string;
  instance: { name: string; url: string | null };
  /** ISO 8601 UTC. */
  citedAt: string;
  /** Licences of the stations' data, the strictest first. */
  licences: string[];
  stationCount: number;
  /** Names of a row's fields, in order. */
  rowFields: readonly string[];
}

/** An official station beside the figure: both over what both have, from raw values. */
export interface OfficialComparison {
  name: string;
  operator: string;
  /** `urban traffic` and so on, as the network says; null when it does not. */
  kind: string | null;
  /** From its public position to the nearest station that counts. Null in a citation: it would outlast a coarser position. */
  distanceMetres: number | null;
  licence: string;
  /** Days with a value: of the place, of the official station, of both. */
  days: { place: number; official: number; common: number };
  /** Hours likewise, where the station publishes hours: the means are then over the common hours. */
  hours?: { place: number; official: number; common: number };
  /** Means over the common hours or days, µg/m³; null without any. */
  placeMean: number | null;
  officialMean: number | null;
}

/** The question with hours adjusted to official stations: what came out, and whose values it rests on. */
export interface ReferenceCheck extends ReferenceProbe {
  /** Version of the correction; absent where it was `reference-ratio-1`. */
  method?: string;
  /** Those of most stations first. */
  references: { name: string; operator: string; licence: string }[];
  /** Share of the adjusted values that stems from others, 0 to 1. */
  shareFromOthers: number;
}

/** A leaf that is there. Salt: 16 bytes; check: the first 4 bytes of its hash, which names the place of a change; hex. */
export interface OpenLeaf<Value> {
  salt: string;
  check: string;
  value: Value;
}

/** A leaf that was taken out; its hash (hex) keeps the tree provable. */
export interface WithheldLeaf {
  withheld: string;
}

/** A row with its salt and check: `[salt, check, row]`. */
export type BundleRow = readonly [salt: string, check: string, row: HourEntry];

/** One station's subtree: the leaves place, facts and numbers, then one leaf a row. */
export interface BundleStation {
  place: OpenLeaf<StationPlace> | WithheldLeaf;
  facts: OpenLeaf<StationFacts>;
  numbers: OpenLeaf<StationNumbers>;
  rows: BundleRow[];
}

/** A station whose owner withdrew it: rows and salts are destroyed, the subtree's root (hex) remains. */
export interface WithdrawnStation {
  withdrawn: string;
}

/** A citation with everything it rests on, as it is handed out. */
export interface Bundle {
  schemaVersion: typeof BUNDLE_SCHEMA_VERSION;
  /** Root of the tree over the head and the stations' roots, hex. */
  id: string;
  head: OpenLeaf<CitationHead>;
  stations: (BundleStation | WithdrawnStation)[];
  /** The instance's Ed25519 key, raw, hex. */
  publicKey: string;
  /** Over `signedText(id)`, hex. */
  signature: string;
}

/** The text the instance signs for a citation, UTF-8. */
export function signedText(id: string): string {
  return `buergerluft-citation:${BUNDLE_SCHEMA_VERSION}:${id}`;
}

/** The form of a citation's id. */
export const CITATION_ID = /^[0-9a-f]{64}$/;

/** True for the entry of a withdrawn station. */
export function isWithdrawn(station: BundleStation | WithdrawnStation): station is WithdrawnStation {
  return 'withdrawn' in station;
}
