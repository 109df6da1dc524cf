import type { FlagClass, RawFlag } from '../../../domain/assessment/flag.ts';
import type { IndexAveraging } from '../../../domain/indices/indexTable.ts';
import type { IsoDate } from '../../../domain/limits/limitTable.ts';
import type { Language } from '../../../domain/names.ts';
import { methodsDe } from './methodsDe.ts';
import { methodsEn } from './methodsEn.ts';

/** Texts of `/methods`. Numbers come in formatted. */
export interface MethodsTexts {
  title(name: string): string;
  description: string;
  heading: string;
  contents: string;
  founding: string;
  version: {
    heading: string;
    since(day: IsoDate): string;
    between(from: IsoDate, to: IsoDate): string;
  };
  pm25: string;
  sources: string;
  sourcesIntro: string;
  api: string;
  short: { heading: string; entries: readonly { term: string; text: string }[] };
  limits: {
    heading: string;
    intro(checkedOn: IsoDate): string;
    inForce(on: IsoDate): string;
    coming: string;
    who: string;
    heads: Record<'value' | 'what' | 'permitted' | 'validity', string>;
    permitted(times: number): string;
    percentile(rank: number): string;
    margin(value: number): string;
    period(from: IsoDate | undefined, to: IsoDate | undefined): string;
    comparing: string;
    capture: string;
    statistic: string;
    least: string;
  };
  indices: {
    heading: string;
    intro(checkedOn: IsoDate): string;
    named(title: string): string;
    since(publisher: string, from: string | undefined, to: string | undefined): string;
    class: string;
    averaging: Record<IndexAveraging, string>;
    /** Number of an index with breakpoints. */
    number: string;
    upTo(to: string): string;
    between(from: string, to: string): string;
    above(from: string): string;
    bounds: string;
    colours: string;
    names: string;
    rounding: string;
  };
  figures: { heading: string; rollups: string; rollupsText(method: string): string };
  uncertainty: {
    heading: string;
    intro: string;
    formula(humidExcess: string): string;
    table: string;
    mean: string;
    fixed: string;
    indicative: string;
    larger(absolute: string, percent: string): string;
    averaging: Record<'hour' | 'day' | 'year', string>;
    classes: string;
    class: string;
    percent: string;
  };
  corrections: {
    heading: string;
    intro: string;
    heads: Record<'name' | 'formula' | 'use' | 'madeFor', string>;
    offered: string;
    research: string;
    any: string;
  };
  checks: {
    heading: string;
    intro(methods: string): string;
    again: string;
    bristol: {
      heading: string;
      intro(parts: { from: IsoDate; to: IsoDate; leastDays: number; leastHours: number; checkedOn: IsoDate }): string;
      found(parts: {
        pm25: string;
        pm25Bias: string;
        pm10: string;
        above: readonly { sensor: number; official: number; both: number }[];
      }): string;
      caption(quantity: string, station: string, days: number): string;
      heads: Record<'sensor' | 'n' | 'slope' | 'bias' | 'above', string>;
      medianOf: string;
      failed(sensors: string): string;
    };
    dutch: {
      heading: string;
      intro(parts: { kilometres: string; leastKits: number; checkedOn: IsoDate }): string;
      labels(parts: { hours: number; pm25: readonly [string, string]; pm10: readonly [string, string] }): string;
      caption(quantity: string, elsewhere: string, home: string): string;
      heads: Record<'way' | 'elsewhere' | 'home' | 'bias', string>;
      rows: Record<'raw' | 'corrected' | 'rivm', string>;
      found: string;
    };
    recomputed: { heading: string; text: string; again: string };
  };
  flags: {
    heading: string;
    intro: string;
    rawTable: string;
    derivedTable: string;
    windowTable: string;
    /** Which flags stand by the last hour alone. */
    lastHourOnly(flags: string): string;
    flag: string;
    meaning: string;
    effect: string;
    thresholds: string;
    raw: Record<RawFlag, string>;
    classes: Record<FlagClass, string>;
  };
}

/** Both languages. */
export const METHODS_TEXTS: Readonly<Record<Language, MethodsTexts>> = { de: methodsDe, en: methodsEn };
