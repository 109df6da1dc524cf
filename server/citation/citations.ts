import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { strictestFirst } from '../domain/licences.ts';
import { LIMITS_CHECKED_ON } from '../domain/limits/limitTable.ts';
import { EVALUATOR_VERSION, methodsOf } from '../domain/report/evaluators.ts';
import { HOUR_FIELDS, type HourEntry } from '../domain/report/evidence.ts';
import type { Station } from '../domain/station.ts';
import type { RandomBytes } from '../process/keys.ts';
import type { Report, Reports } from '../report/reports.ts';
import type { KeptCitation, KeptHours, KeptStation } from '../store/citationRecords.ts';
import type { CitationStore } from '../store/citationStore.ts';
import { BUNDLE_SCHEMA_VERSION, type CitationHead, signedText } from './bundle.ts';
import { canonicalJson } from './canonicalJson.ts';
import {
  type CitedStation,
  isWithoutPosition,
  type KeptLeaves,
  openedLeaves,
  showsEverything,
  withoutPlace,
} from './citedPlaces.ts';
import type { InstanceKey } from './instanceKey.ts';
import { bundleHead, bundleStation, sealCitation } from './seal.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** What citations are made with. */
export interface CitationsDeps {
  store: CitationStore;
  reports: Reports;
  key: InstanceKey;
  /** A station as it stands in the registry now. */
  station: (stationId: string) => Station | undefined;
  randomBytes: RandomBytes;
  clock: () => number;
  /** `buergerluft 0.1.0`. */
  software: string;
  instance: { name: string; url: string | null };
}

/** A frozen figure as it can be read now. */
export interface Citation {
  id: string;
  citedAt: number;
  head: CitationHead;
  publicKey: string;
  signature: string;
  /** Null where the owner withdrew the station. */
  stations: (CitedStation | null)[];
  withdrawn: number;
  /** Stations whose place was taken out, since its owner made the public position coarser or hid the station. */
  withheldPlaces: number;
  /** Ids of the stations, also where the place is withheld: not for the public. Null where withdrawn. */
  stationIds: (string | null)[];
}

/** Makes citations, reads them and takes stations out of them. */
export class Citations {
  readonly #deps: CitationsDeps;

  constructor(deps: CitationsDeps) {
    this.#deps = deps;
  }

  /** The key this instance signs with. */
  get publicKey(): string {
    return this.#deps.key.publicKey;
  }

  /**
   * Freezes a report. Resolves to the id: of an earlier citation when one said the same on the same day. Undefined, and
   * nothing is frozen, while its means are missing or out of date.
   */
  async freeze(report: Report): Promise<{ id: string; isNew: boolean } | undefined> {
    const { store, reports, key, randomBytes, clock } = this.#deps;
    const { stations: evidence, isUpToDate } = await reports.evidence(report.question, report.place);
    if (!report.isUpToDate || !isUpToDate) return undefined;
    const citedAt = clock();
    const head = this.#head(report, citedAt);
    const stations = evidence.map((station, at) => ({ ...station, numbers: report.answer.stations[at]! }));
    const grids = new Map(report.place.stations.map(({ id, positionGridMetres }) => [id, positionGridMetres]));
    const kept: KeptHours[] = [];
    for (const { place, hours } of stations) kept.push(await keptHours(place.stationId, hours));
    const fingerprint = fingerprintOf(head, kept);
    const alike = store.findAlike(fingerprint);
    if (alike !== undefined) return { id: alike, isNew: false };
    const sealed = await sealCitation(head, stations, randomBytes);
    await store.add(
      {
        ...{
          id: sealed.id,
          citedAt,
          fingerprint,
          head: await compress(canonicalJson(head)),
          headSalt: sealed.headSalt,
        },
        ...{ publicKey: key.publicKey, signature: key.sign(signedText(sealed.id)) },
        stations: sealed.stations.map(({ stationId, root, secret }, at): KeptStation => {
          const { place, facts, numbers } = stations[at]!;
          return {
            stationId,
            root,
            secret,
            leaves: canonicalJson({ place, facts, numbers, gridMetres: grids.get(stationId)! } satisfies KeptLeaves),
            evidence: kept[at]!.hash,
          };
        }),
      },
      kept,
    );
    // The owner may have changed or deleted the station while its hours were being read.
    for (const { stationId } of sealed.stations) {
      if (this.#deps.station(stationId) === undefined) await this.withdraw(stationId);
      else await this.withholdPlaces(stationId);
    }
    return { id: sealed.id, isNew: true };
  }

  /** A citation by its id or the first 16 or more of its characters. */
  async read(beginning: string): Promise<Citation | undefined> {
    const id = this.#deps.store.find(beginning);
    const kept = id === undefined ? undefined : await this.#deps.store.read(id);
    return kept && opened(kept);
  }

  /** The whole id that begins so. */
  find(beginning: string): string | undefined {
    return this.#deps.store.find(beginning);
  }

  /** Ids with their times, oldest first. */
  list(): { id: string; citedAt: number }[] {
    return this.#deps.store.list();
  }

  /** The bundle as JSON text, in pieces: a large one is 50 MB. Undefined for an unknown id. */
  async bundle(id: string): Promise<AsyncGenerator<string> | undefined> {
    const kept = await this.#deps.store.read(id);
    return kept && this.#pieces(kept);
  }

  /** Destroys what citations hold of a station that its owner deletes. */
  async withdraw(stationId: string): Promise<void> {
    await this.#deps.store.withdraw(stationId);
    this.#deps.reports.forget();
  }

  /**
   * Figures that rest on a station which became one with another stand: it was measured, and nobody took it back. From now
   * on the other's owner can, and decides how finely its place is told.
   */
  async handOver(stationId: string, into: string): Promise<void> {
    await this.#deps.store.handOver(stationId, into);
    await this.withholdPlaces(into);
  }

  /**
   * Destroys the places that citations hold of a station finer than its owner now allows, or of one that is not public any
   * more. What remains is the hash of the leaf: all the rest stays provable.
   */
  async withholdPlaces(stationId: string): Promise<void> {
    const station = this.#deps.station(stationId);
    if (station === undefined || showsEverything(station)) return;
    const changed = (await this.#deps.store.leavesOf(stationId)).flatMap(({ secret, leaves, ...where }) => {
      const left = withoutPlace(JSON.parse(leaves) as KeptLeaves, secret, station);
      return left === undefined ? [] : [{ ...where, leaves: canonicalJson(left) }];
    });
    await this.#deps.store.replaceLeaves(changed);
  }

  /** The same for every cited station: for changes that were cut short, or came by another way. */
  async withholdAllPlaces(): Promise<void> {
    for (const stationId of await this.#deps.store.stationIds()) await this.withholdPlaces(stationId);
  }

  #head(
    { question, place, limit, answer, stations, official, comparable, reference }: Report,
    citedAt: number,
  ): CitationHead {
    const { figure, gegenprobe } = answer;
    return {
      schemaVersion: BUNDLE_SCHEMA_VERSION,
      question,
      areaName: 'areaId' in question.place ? place.name : null,
      evaluator: EVALUATOR_VERSION,
      limit,
      answer: { figure, gegenprobe },
      // A distance would tell more of where a station stands than a coarser position, and a head cannot be taken out.
      official: official && { ...official, distanceMetres: null },
      comparable,
      reference,
      methods: methodsOf(question),
      limitsCheckedOn: LIMITS_CHECKED_ON,
      software: this.#deps.software,
      instance: this.#deps.instance,
      citedAt: new Date(citedAt).toISOString(),
      licences: strictestFirst([
        ...stations.map(({ facts }) => facts.licence),
        ...(official ? [official.licence] : []),
        ...(reference?.references.map(({ licence }) => licence) ?? []),
      ]),
      stationCount: stations.length,
      rowFields: HOUR_FIELDS,
    };
  }

  /** In canonical JSON, members in order: `head`, `id`, `publicKey`, `schemaVersion`, `signature`, `stations`. */
  async *#pieces(kept: KeptCitation): AsyncGenerator<string> {
    const { id, publicKey, signature, headSalt } = kept;
    const head = JSON.parse(String(await expand(kept.head))) as CitationHead;
    const first = { head: bundleHead(head, headSalt), id, publicKey, schemaVersion: BUNDLE_SCHEMA_VERSION, signature };
    yield `${canonicalJson(first).slice(0, -1)},"stations":[`;
    for (const [at, station] of kept.stations.entries()) {
      yield (at === 0 ? '' : ',') + (await this.#stationText(station));
    }
    yield ']}';
  }

  async #stationText({ root, secret, leaves, evidence }: KeptStation): Promise<string> {
    const hours = evidence === null ? undefined : await this.#deps.store.hours(evidence);
    if (secret === null || leaves === null || hours === undefined) {
      return canonicalJson({ withdrawn: root.toString('hex') });
    }
    const { place, facts, numbers } = JSON.parse(leaves) as KeptLeaves;
    const entries = JSON.parse(String(await expand(hours))) as HourEntry[];
    return canonicalJson(bundleStation({ place, facts, numbers, hours: entries }, secret));
  }
}

async function keptHours(stationId: string, hours: readonly HourEntry[]): Promise<KeptHours> {
  const text = canonicalJson(hours);
  const hash = createHash('sha256').update(`${stationId}\n${text}`).digest('hex');
  return { hash, stationId, hours: await compress(text) };
}

/** What a citation says, without the time of day: the same figure cited twice a day is one citation. */
function fingerprintOf({ citedAt, ...head }: CitationHead, hours: readonly KeptHours[]): string {
  const said = canonicalJson([citedAt.slice(0, 10), head, hours.map(({ hash }) => hash)]);
  return createHash('sha256').update(said).digest('hex');
}

/** Early citations hold a distance to the official station: it stays in the bundle, whose hash covers it, and is shown nowhere. */
function withoutDistance(head: CitationHead): CitationHead {
  return { ...head, official: head.official && { ...head.official, distanceMetres: null } };
}

async function opened({ id, citedAt, head, publicKey, signature, stations }: KeptCitation): Promise<Citation> {
  const cited = stations.map(({ leaves }) => (leaves === null ? null : openedLeaves(leaves)));
  return {
    ...{ id, citedAt, publicKey, signature },
    head: withoutDistance(JSON.parse(String(await expand(head))) as CitationHead),
    stations: cited,
    withdrawn: cited.filter((station) => station === null).length,
    withheldPlaces: cited.filter((station) => station !== null && isWithoutPosition(station)).length,
    stationIds: stations.map(({ stationId }) => stationId),
  };
}
