import { EAQI_2024, LQI_2025 } from './indices/europeanIndices.ts';
import { US_AQI_2024 } from './indices/furtherIndices.ts';
import type { BandIndex, LinearIndex } from './indices/indexTable.ts';
import { CIVIDIS_6_REVERSED, type Hex, MINT_TO_VIOLET_6, textColourOn } from './indices/palettes.ts';
import { type RoundingRule, rounded } from './limits/roundingRule.ts';
import { type Language, type Names, QUANTITY_NAMES } from './names.ts';
import { isParticulate, QUANTITIES, type Quantity } from './quantity.ts';

/** The only source of classes and their colours, for server and browser. */

/** One class of a scale. */
export interface Band {
  /** 1 is the lowest (for an index: the best). */
  rank: number;
  /**
   * Bound below, exclusive (the band before ends here, inclusive); null: open (temperature). 0 for the first of a
   * concentration.
   */
  from: number | null;
  /** Bound above, inclusive after the scale's rounding; null: open. */
  to: number | null;
  /** A word (index) or the range itself (neutral scale): every class carries a text beside its colour. */
  names: Names;
  colour: Hex;
  /** Black or white, at least 4.5 : 1 on `colour`. */
  textColour: Hex;
}

/** Scales a view can be coloured by. `us-aqi-2024` only where the operator turned it on. */
export const SCALE_IDS = ['neutral', 'lqi-2025', 'eaqi-2024', 'us-aqi-2024'] as const;
/** One of `SCALE_IDS`. */
export type ScaleId = (typeof SCALE_IDS)[number];

/** A scale: bands for each quantity it judges, and how a value is brought to its accuracy. */
export interface Scale {
  id: ScaleId;
  kind: 'concentration' | 'index';
  names: Names;
  /** Short form for labels: `LQI`. */
  shortNames: Names;
  isBehindSetting: boolean;
  /** What of the scale nobody has confirmed, in words; show it wherever the scale is shown. */
  unconfirmed?: Names;
  bands: Readonly<Partial<Record<Quantity, readonly Band[]>>>;
  rounding: Readonly<Partial<Record<Quantity, RoundingRule>>>;
}

/**
 * Inclusive upper bounds of the neutral classes, in the unit of the quantity. Our own round steps; no judgement of
 * health.
 */
const NEUTRAL_BOUNDS: Readonly<Record<Quantity, readonly number[]>> = {
  pm1: [5, 10, 20, 40, 80],
  pm25: [5, 10, 20, 40, 80],
  pm4: [5, 10, 20, 40, 80],
  pm10: [10, 20, 40, 80, 160],
  temperature: [0, 10, 20, 25, 30],
  humidity: [30, 50, 65, 75, 85],
  pressure: [980, 1000, 1010, 1020, 1030],
  noise: [40, 50, 60, 70, 80],
};

/** Neutral classes compare the value as it is shown, so that a number and its class never contradict each other. */
const SHOWN: RoundingRule = { kind: 'half-up', places: 1 };

/** Every scale by its id. */
export const scales: Readonly<Record<ScaleId, Scale>> = {
  neutral: {
    id: 'neutral',
    kind: 'concentration',
    names: { de: 'Neutrale Stufen', en: 'Neutral steps' },
    shortNames: { de: 'Stufen', en: 'Steps' },
    isBehindSetting: false,
    bands: Object.fromEntries(QUANTITIES.map((quantity) => [quantity, neutralBands(quantity)])),
    rounding: Object.fromEntries(QUANTITIES.map((quantity) => [quantity, SHOWN])),
  },
  'lqi-2025': indexScale('lqi-2025', LQI_2025),
  'eaqi-2024': indexScale('eaqi-2024', EAQI_2024),
  'us-aqi-2024': linearScale('us-aqi-2024', US_AQI_2024),
};

/** Scales to offer, default first. */
export function offeredScales(isUsAqiOn: boolean): Scale[] {
  return SCALE_IDS.map((id) => scales[id]).filter((scale) => isUsAqiOn || !scale.isBehindSetting);
}

/** Bands of a quantity on a scale, lowest first; empty when the scale does not judge it. */
export function bandsOf(scaleId: ScaleId, quantity: Quantity): readonly Band[] {
  return scales[scaleId].bands[quantity] ?? [];
}

/**
 * The band of a value. Undefined, never the best band, for a missing value, NaN, infinity, a negative one (except of
 * temperature) and a quantity the scale does not judge. The caller sees to the averaging: indices ask for closed
 * clock hours.
 */
export function bandFor(scaleId: ScaleId, quantity: Quantity, value: number | null | undefined): Band | undefined {
  if (value === undefined || value === null || !Number.isFinite(value)) return undefined;
  if (value < 0 && quantity !== 'temperature') return undefined;
  const rule = scales[scaleId].rounding[quantity];
  const compared = rule === undefined ? value : rounded(rule, value)!;
  return bandsOf(scaleId, quantity).find((band) => band.to === null || compared <= band.to);
}

/** Heading of a scale for one quantity; an index from particulates alone is named so: `LQI-Klasse, nur PM2,5`. */
export function scaleTitle(scaleId: ScaleId, quantity: Quantity): Names {
  const scale = scales[scaleId];
  const name = QUANTITY_NAMES[quantity];
  if (scale.kind === 'concentration') return name;
  return { de: `${scale.shortNames.de}-Klasse, nur ${name.de}`, en: `${scale.shortNames.en} class, ${name.en} only` };
}

function neutralBands(quantity: Quantity): Band[] {
  const bounds = NEUTRAL_BOUNDS[quantity];
  const palette = isParticulate(quantity) ? MINT_TO_VIOLET_6 : CIVIDIS_6_REVERSED;
  const lowest = quantity === 'temperature' ? null : 0;
  return palette.map((colour, at) => {
    const from = at === 0 ? lowest : bounds[at - 1]!;
    const to = bounds[at] ?? null;
    return band(at + 1, from, to, rangeNames(from, to), colour);
  });
}

function rangeNames(from: number | null, to: number | null): Names {
  if (to === null) return { de: `über ${from}`, en: `above ${from}` };
  if (from === null || from === 0) return { de: `bis ${to}`, en: `up to ${to}` };
  return { de: `über ${from} bis ${to}`, en: `above ${from} to ${to}` };
}

function indexScale(id: ScaleId, index: BandIndex): Scale {
  const { pm25, pm10 } = index.bounds;
  return {
    ...headOf(id, index),
    bands: { pm25: classBands(index, pm25!.upper), pm10: classBands(index, pm10!.upper) },
    rounding: { pm25: index.rounding, pm10: index.rounding },
  };
}

function linearScale(id: ScaleId, index: LinearIndex): Scale {
  const [pm25, pm10] = [index.breakpoints.pm25!, index.breakpoints.pm10!];
  // The last line of a linear index goes on above its table, so its class is open.
  const upper = (rows: typeof pm25.rows) => rows.slice(0, -1).map((row) => row[1]);
  return {
    ...headOf(id, index),
    bands: { pm25: classBands(index, upper(pm25.rows)), pm10: classBands(index, upper(pm10.rows)) },
    rounding: { pm25: pm25.rounding, pm10: pm10.rounding },
  };
}

function headOf(id: ScaleId, index: BandIndex | LinearIndex): Omit<Scale, 'bands' | 'rounding'> {
  const unconfirmed = unconfirmedParts(index);
  return {
    id,
    kind: 'index',
    names: index.names,
    shortNames: index.shortNames,
    isBehindSetting: index.isBehindSetting === true,
    ...(unconfirmed && { unconfirmed }),
  };
}

function unconfirmedParts(index: BandIndex | LinearIndex): Names | undefined {
  const founded = [
    { founding: index, names: { de: 'Klassen', en: 'classes' } },
    { founding: index.colours, names: { de: 'Farben', en: 'colours' } },
    { founding: index.translation, names: { de: 'deutsche Namen', en: 'German names' } },
  ];
  const parts = founded.filter(({ founding }) => founding.isUnconfirmed);
  const list = (language: keyof Names) => parts.map(({ names }) => names[language]).join(', ');
  return parts.length > 0 ? { de: `${list('de')}: unbestätigt`, en: `${list('en')}: unconfirmed` } : undefined;
}

function classBands(index: BandIndex | LinearIndex, upper: readonly number[]): Band[] {
  return index.classes.map(({ names, colour }, at) =>
    band(at + 1, at === 0 ? 0 : upper[at - 1]!, upper[at] ?? null, names, colour),
  );
}

function band(rank: number, from: number | null, to: number | null, names: Names, colour: Hex): Band {
  return { rank, from, to, names, colour, textColour: textColourOn(colour) };
}

const CLASS_WORD: Names = { de: 'Klasse', en: 'Class' };

/** A class of concentrations by its bounds and what they are: `Klasse über 5 bis 10 µg/m³`, no spread of the value beside it. */
export function classInWords(band: Band, language: Language, unit: string): string {
  return `${CLASS_WORD[language]} ${band.names[language]}\u202f${unit}`;
}
