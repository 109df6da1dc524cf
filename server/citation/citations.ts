import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { strictestFirst } from '../domain/licences.ts';
import { LIMITS_CHECKED_ON } from '../domain/limitTable.ts';
import { EVALUATOR_VERSION, methodsOf, type StationNumbers } from '../domain/report/evaluators.ts';
import { HOUR_FIELDS, type HourEntry, type StationFacts, type StationPlace } from '../domain/report/evidence.ts';
import type { RandomBytes } from '../keys.ts';
import type { Report, Reports } from '../report/reports.ts';
import type { CitationStore, KeptCitation, KeptHours, KeptStation } from '../store/citationStore.ts';
import { BUNDLE_SCHEMA_VERSION, type CitationHead, signedText, type WithheldLeaf } from './bundle.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { InstanceKey } from './instanceKey.ts';
import { bundleHead, bundleStation, placeHash, sealCitation } from './seal.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** What citations are made with. */
export interface CitationsDeps {
  store: CitationStore;
  reports: Reports;
  key: InstanceKey;
  randomBytes: RandomBytes;
  clock: () => number;
  /** `buergerluft 0.1.0`. */
  software: string;
  instance: { name: string; url: string | null };
}

/** The place of a station whose owner made it coarser after the citation: where it was is in it no more, only its leaf's hash. */
export interface WithheldPlace extends Pick<StationPlace, 'stationId' | 'name'>, WithheldLeaf {}

/** A station's leaves but its hours. */
export interface CitedStation {
  place: StationPlace | WithheldPlace;
  facts: StationFacts;
  numbers: StationNumbers;
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

  /** Freezes a report. Resolves to the id: of an earlier citation when one said the same on the same day. */
  async freeze(report: Report): Promise<{ id: string; isNew: boolean }> {
    const { store, reports, key, randomBytes, clock } = this.#deps;
    const evidence = await reports.evidence(report.question, report.place);
    const citedAt = clock();
    const head = this.#head(report, citedAt);
    const stations = evidence.map((station, at) => ({ ...station, numbers: report.answer.stations[at]! }));
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
            leaves: canonicalJson({ place, facts, numbers }),
            evidence: kept[at]!.hash,
          };
        }),
      },
      kept,
    );
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

  /** Takes a station's position out of what citations hold: its owner made it coarser. The figures stay provable. */
  async withholdPlaces(stationId: string): Promise<void> {
    await this.#deps.store.rewriteLeaves(stationId, (leaves, secret) => {
      const { place, ...rest } = JSON.parse(leaves) as CitedStation;
      if ('withheld' in place) return leaves;
      const { name } = place;
      return canonicalJson({ ...rest, place: { stationId, name, withheld: placeHash(place, secret) } });
    });
    this.#deps.reports.forget();
  }

  #head({ question, place, limit, answer, stations, official }: Report, citedAt: number): CitationHead {
    const { figure, gegenprobe } = answer;
    return {
      schemaVersion: BUNDLE_SCHEMA_VERSION,
      question,
      areaName: 'areaId' in question.place ? place.name : null,
      evaluator: EVALUATOR_VERSION,
      limit,
      answer: { figure, gegenprobe },
      official,
      methods: methodsOf(question),
      limitsCheckedOn: LIMITS_CHECKED_ON,
      software: this.#deps.software,
      instance: this.#deps.instance,
      citedAt: new Date(citedAt).toISOString(),
      licences: strictestFirst([
        ...stations.map(({ facts }) => facts.licence),
        ...(official ? [official.licence] : []),
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
    const parts = JSON.parse(leaves) as CitedStation;
    return canonicalJson(
      bundleStation({ ...parts, hours: JSON.parse(String(await expand(hours))) as HourEntry[] }, secret),
    );
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

async function opened({ id, citedAt, head, publicKey, signature, stations }: KeptCitation): Promise<Citation> {
  const cited = stations.map(({ leaves }) => (leaves === null ? null : (JSON.parse(leaves) as CitedStation)));
  return {
    ...{ id, citedAt, publicKey, signature },
    head: JSON.parse(String(await expand(head))) as CitationHead,
    stations: cited,
    withdrawn: cited.filter((station) => station === null).length,
  };
}
