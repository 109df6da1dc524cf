import { createPrivateKey, randomBytes } from 'node:crypto';
import { BUNDLE_SCHEMA_VERSION, type Bundle, type CitationHead, signedText } from '../../server/citation/bundle.ts';
import { type InstanceKey, instanceKey } from '../../server/citation/instanceKey.ts';
import { bundleHead, bundleStation, sealCitation } from '../../server/citation/seal.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { EVALUATOR_VERSION, EVALUATORS, methodsOf } from '../../server/domain/report/evaluators.ts';
import { HOUR_FIELDS, type HourEntry, type StationEvidence } from '../../server/domain/report/evidence.ts';
import { frozenLimit } from '../../server/domain/report/frozenLimit.ts';
import { DEFAULT_CHOICES, datesOf, type Question, questionWindow } from '../../server/domain/report/question.ts';
import type { RandomBytes } from '../../server/process/keys.ts';
import { randomNumbers } from './randomNumbers.ts';

/** A key of the tests' own, always the same. */
export const TEST_KEY: InstanceKey = instanceKey(
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
    format: 'der',
    type: 'pkcs8',
  }),
);

/** A question about an area; ten days of PM10 unless told otherwise. */
export function areaQuestion(changes: Partial<Question> = {}): Question {
  return {
    place: { areaId: 'ehrenfeld' },
    quantity: 'pm10',
    from: '2025-02-01',
    to: '2025-02-10',
    dayOffset: '+01:00',
    limitId: 'de39.pm10.day',
    choices: DEFAULT_CHOICES,
    ...changes,
  };
}

/** Stations with hours from a seed: some gaps, some humid and doubtful hours, values around 45. */
export function someEvidence(question: Question, stations: number, seed = 1): StationEvidence[] {
  const random = randomNumbers(seed);
  const { start, end } = questionWindow(question);
  return Array.from({ length: stations }, (_, at) => {
    const level = 30 + 30 * random();
    const hours: HourEntry[] = [];
    for (let hour = start; hour < end; hour += HOUR_MS) {
      if (random() < 0.05) continue;
      const mean = random() < 0.03 ? null : Math.round(level * (0.5 + random()) * 1e3) / 1e3;
      const flags = random() < 0.1 ? { humid: 1 } : random() < 0.05 ? { spike: 1 } : {};
      hours.push([hour, 'sds011', mean, 24, 25, flags, Math.round(900 * random()) / 10, 1]);
    }
    return {
      place: {
        stationId: `station${String(at).padStart(3, '0')}`,
        name: `Ort ${at}`,
        position: { lat: 50.9, lon: 6.9 },
      },
      facts: {
        sensorModels: ['sds011'],
        isIndoor: false,
        heightClass: 'below-4m',
        siting: 'street',
        licence: 'ODbL-1.0',
        source: 'direct',
        excludedFor: null,
        validLastYear: at % 2 === 0,
      },
      hours,
    };
  });
}

/** The evidence with the months of the period compared with an official station, another one a station. */
export function compared(question: Question, evidence: readonly StationEvidence[]): StationEvidence[] {
  const months = [...new Set(datesOf(question).map((date) => date.slice(0, 7)))];
  return evidence.map((station, at) => ({
    ...station,
    facts: {
      ...station.facts,
      comparisons: months.map((month, place) => {
        return { month, official: 'Chorweiler', sensors: 4, days: 110, u: 24.5 + 3 * at + place, bias: 9.25 - at };
      }),
    },
  }));
}

/** The whole way from hours to a bundle. */
export async function bundleOf(
  question: Question,
  evidence: readonly StationEvidence[],
  random: RandomBytes = randomBytes,
): Promise<Bundle> {
  const limit = question.limitId === null ? null : frozenLimit(question.limitId);
  const answer = EVALUATORS[EVALUATOR_VERSION]!(question, evidence, limit);
  const { figure, gegenprobe } = answer;
  const head: CitationHead = {
    schemaVersion: BUNDLE_SCHEMA_VERSION,
    question,
    areaName: 'areaId' in question.place ? 'Ehrenfeld' : null,
    evaluator: EVALUATOR_VERSION,
    limit,
    answer: { figure, gegenprobe },
    official: null,
    methods: methodsOf(question),
    limitsCheckedOn: '2026-11-23',
    software: 'buergerluft 0.0.0-test',
    instance: { name: 'Bürgerluft', url: null },
    citedAt: '2026-11-26T12:00:00.000Z',
    licences: ['ODbL-1.0'],
    stationCount: evidence.length,
    rowFields: HOUR_FIELDS,
  };
  const stations = evidence.map((station, at) => ({ ...station, numbers: answer.stations[at]! }));
  const sealed = await sealCitation(head, stations, random);
  return {
    schemaVersion: BUNDLE_SCHEMA_VERSION,
    id: sealed.id,
    head: bundleHead(head, sealed.headSalt),
    stations: stations.map((station, at) => bundleStation(station, sealed.stations[at]!.secret)),
    publicKey: TEST_KEY.publicKey,
    signature: TEST_KEY.sign(signedText(sealed.id)),
  };
}
