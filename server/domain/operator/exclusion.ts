import type { Language, Names } from '../names.ts';

/** Why an operator leaves a station out of figures. A fixed list: what is published about somebody's balcony is not written freely. */
export const EXCLUSION_REASONS = {
  'local-source': {
    de: 'steht unmittelbar an einer Quelle (Ofen, Grill, Lüftung)',
    en: 'stands right beside a source (stove, barbecue, vent)',
  },
  'not-outdoors': { de: 'misst vermutlich keine Außenluft', en: 'does not seem to measure outdoor air' },
  'sensor-fault': { de: 'der Sensor misst erkennbar falsch', en: 'the sensor is evidently wrong' },
  'wrong-place': { de: 'der angegebene Ort stimmt nicht', en: 'the stated place is not right' },
  double: { de: 'sendet dieselben Werte wie eine andere Station', en: 'sends the same values as another station' },
  test: { de: 'Testbetrieb', en: 'test operation' },
  'under-review': { de: 'auffällige Werte, wird geprüft', en: 'unusual values, being looked into' },
} as const satisfies Record<string, Names>;
/** A word of `EXCLUSION_REASONS`. */
export type ExclusionReason = keyof typeof EXCLUSION_REASONS;

/** The words of `EXCLUSION_REASONS`, for schemas. */
export const EXCLUSION_WORDS = Object.keys(EXCLUSION_REASONS) as [ExclusionReason, ...ExclusionReason[]];

/** Since when a station is left out of figures, and for which of the known reasons; absent for one in words of its own. */
export interface Exclusion {
  reason?: ExclusionReason;
  /** Epoch ms. */
  since: number;
}

/** What of a station, or of its public view, tells of an exclusion. */
export interface Excludable {
  status: string;
  statusReason?: string | undefined;
  exclusion?: { reason?: ExclusionReason | undefined } | undefined;
}

/** The public reason in a language; undefined for a station that is not left out. */
export function exclusionText({ status, statusReason, exclusion }: Excludable, language: Language): string | undefined {
  if (status !== 'excluded') return undefined;
  return exclusion?.reason === undefined ? (statusReason ?? '') : EXCLUSION_REASONS[exclusion.reason][language];
}
