import { FIRST_METHODS, type Versioned } from '../methodVersion.ts';
import type { Names } from '../names.ts';
import { modelOf } from '../sensorModel.ts';
import { ownChoice, type Sourced, verifiedIn } from '../verification.ts';
import { type GrowthFormula, growthFactor } from './humidityGrowth.ts';
import { barkjohn2021, epaPiecewise } from './purpleAir.ts';

/** Names of the corrections; `raw` is the default everywhere and always shown beside any other. */
export const CORRECTION_IDS = [
  'raw',
  'reference-ratio',
  'gamma-de',
  'gamma-bishkek',
  'kappa-0.4',
  'laulainen',
  'hackair',
  'barkjohn-2021',
  'epa-piecewise',
] as const;
/** One of `CORRECTION_IDS`. */
export type CorrectionId = (typeof CORRECTION_IDS)[number];

/** One named, versioned correction. */
export interface Correction extends Sourced, Versioned {
  id: CorrectionId;
  names: Names;
  formula: string;
  /** `offered` on pages and in the API; `research` in the API only, when asked for by name. */
  use: 'offered' | 'research';
  /** Instruments it was made for, by model id; `any`: compares like with like, so it fits every one. */
  madeFor: 'any' | readonly string[];
  quantities: readonly ('pm25' | 'pm10')[];
  notes: Names;
}

const BOTH = ['pm25', 'pm10'] as const;

/** Every correction. */
export const CORRECTIONS: readonly Correction[] = [
  {
    id: 'raw',
    version: 'raw-1',
    validFrom: FIRST_METHODS,
    names: { de: 'Rohwert', en: 'raw value' },
    formula: 'x',
    use: 'offered',
    madeFor: 'any',
    quantities: BOTH,
    notes: { de: 'Was der Sensor meldet.', en: 'What the sensor reports.' },
    ...ownChoice(),
  },
  {
    id: 'reference-ratio',
    version: 'reference-ratio-3',
    validFrom: '2026-11-27',
    earlier: [
      {
        ...{ version: 'reference-ratio-2', validFrom: '2026-11-27', validTo: '2026-11-27' },
        note: {
          de: 'Nahm die nächste amtliche Station, die im Monat auch nur ein Stundenmittel hatte, auch eine, die der Betreiber ausgenommen hatte.',
          en: 'Took the nearest official station that had as little as one hourly mean in the month, also one that the operator had left out.',
        },
      },
      {
        ...{ version: 'reference-ratio-1', validFrom: FIRST_METHODS, validTo: '2026-11-27' },
        note: {
          de: 'Nahm die nächste amtliche Station, auch wenn sie die Größe gar nicht maß; dann gab es keinen Abgleich.',
          en: 'Took the nearest official station even where it did not measure the quantity; then nothing was adjusted.',
        },
      },
    ],
    names: {
      de: 'Abgleich mit Referenzstation (stündliches Verhältnis)',
      en: 'adjusted to a reference station (hourly ratio)',
    },
    formula: 'x * reference(h) / mean(x(h) of like sensors near the reference)',
    use: 'offered',
    madeFor: 'any',
    quantities: BOTH,
    notes: {
      de: 'Verfahren des RIVM (Niederlande). Gleiche Sensoren in der Nähe der amtlichen Station: je Kalendermonat der nächsten im Umkreis von 15 km, die mindestens halb so viele Stundenmittel des Monats hat wie jede andere dort; nicht bei Nebel; der Anteil, der von anderen stammt, steht dabei.',
      en: "RIVM's method (Netherlands). Like sensors near the official station: in each calendar month the nearest within 15 km with at least half as many hourly means of the month as any other there; not in fog; the share that stems from others is shown.",
    },
    ...verifiedIn('rivm-kal', 'wesseling2019'),
  },
  humidityFormula({
    ...{ id: 'gamma-de', name: 'gamma 0.22', madeFor: ['sds011'], quantities: BOTH },
    formula: 'x / (1 + 0.22 / (1 / aw - 1)), aw = RH / 100',
    ...verifiedIn('streibl2017'),
  }),
  humidityFormula({
    ...{ id: 'gamma-bishkek', name: 'gamma 0.05 (Bishkek)', madeFor: ['sds011'], quantities: ['pm25'] },
    formula: 'x / (1 + 0.05 / (1 / aw - 1))',
    ...verifiedIn('bishkek'),
  }),
  humidityFormula({
    ...{ id: 'kappa-0.4', name: 'kappa-Köhler 0.4', madeFor: ['opc-n2'], quantities: BOTH },
    formula: 'x / (1 + (0.4 / 1.65) / (1 / aw - 1))',
    ...verifiedIn('crilley2018', 'bishkek'),
  }),
  humidityFormula({
    ...{ id: 'laulainen', name: 'Laulainen / Chakrabarti', madeFor: ['nephelometer'], quantities: ['pm25'] },
    formula: 'x / (1 + 0.25 * aw^2 / (1 - aw))',
    ...verifiedIn('laulainen'),
  }),
  humidityFormula({
    ...{ id: 'hackair', name: 'hackAIR', madeFor: ['hackair'], quantities: BOTH },
    formula: 'PM2.5: x / (1 + 0.48756 * aw^8.60068); PM10: x / (1 + 0.81559 * aw^5.83411)',
    ...verifiedIn('hackair-code', 'sc-wiki'),
  }),
  purpleAirFormula({
    ...{ id: 'barkjohn-2021', name: 'Barkjohn 2021', madeFor: ['purpleair'], quantities: ['pm25'] },
    formula: '0.524 * x - 0.0862 * RH + 5.75 (24 h)',
    ...verifiedIn('barkjohn2021', 'mathieu2024'),
  }),
  purpleAirFormula({
    ...{ id: 'epa-piecewise', name: 'US EPA (Barkjohn 2022)', madeFor: ['purpleair', 'pms5003'], quantities: ['pm25'] },
    formula: 'five pieces with borders at 30, 50, 210, 260',
    ...verifiedIn('airsensor2', 'airgradient-182'),
  }),
];

/**
 * Corrections that may be offered for an instrument, the default first. None made for another type of sensor is ever
 * among them; formulas from humidity only for research.
 */
export function correctionsFor(sensor: string, { isResearch = false } = {}): Correction[] {
  const model = modelOf(sensor)?.id ?? sensor;
  return CORRECTIONS.filter(
    ({ use, madeFor }) => (isResearch || use === 'offered') && (madeFor === 'any' || madeFor.includes(model)),
  );
}

/** A correction by its id. */
export function correctionById(id: string): Correction | undefined {
  return CORRECTIONS.find((correction) => correction.id === id);
}

/** Hourly mean with what the formulas need. */
export interface HumidHour {
  sensor: string;
  quantity: 'pm25' | 'pm10';
  /** µg/m³. */
  raw: number;
  /** Percent, from a humidity sensor that works. */
  humidity: number;
}

/**
 * Value corrected by a formula of one sensor's own values, µg/m³. Undefined when the formula was not made for this
 * instrument or quantity, for a humidity outside 0 to 100 and for `reference-ratio`, which needs a station.
 */
export function correctByFormula(id: CorrectionId, hour: HumidHour): number | undefined {
  const correction = correctionsFor(hour.sensor, { isResearch: true }).find((each) => each.id === id);
  if (correction === undefined || !correction.quantities.includes(hour.quantity)) return undefined;
  if (id === 'raw') return hour.raw;
  const corrected = formulaResult(id, hour);
  return Number.isFinite(corrected) ? corrected : undefined;
}

function formulaResult(id: Exclude<CorrectionId, 'raw'>, { quantity, raw, humidity }: HumidHour): number {
  switch (id) {
    case 'reference-ratio':
      return Number.NaN;
    case 'barkjohn-2021':
      return barkjohn2021(raw, humidity);
    case 'epa-piecewise':
      return epaPiecewise(raw, humidity);
    case 'gamma-de':
    case 'gamma-bishkek':
    case 'kappa-0.4':
    case 'laulainen':
    case 'hackair':
      return raw / growthFactor(id, humidity, quantity);
  }
}

/** What differs from one research formula to the next; its name is the same in both languages. */
type ResearchFormula<Id extends CorrectionId> = Pick<Correction, 'madeFor' | 'quantities' | 'formula'> &
  Sourced & { id: Id; name: string };

function humidityFormula({ name, ...formula }: ResearchFormula<GrowthFormula>): Correction {
  return {
    ...researchOnly(formula),
    names: { de: `Feuchteformel ${name}`, en: `humidity formula ${name}` },
    notes: {
      de: 'Nur für Forschung: keine Feuchteformel lässt sich auf einen anderen Ort übertragen.',
      en: 'Research only: no humidity formula transfers to another place.',
    },
  };
}

function purpleAirFormula({ name, ...formula }: ResearchFormula<'barkjohn-2021' | 'epa-piecewise'>): Correction {
  return {
    ...researchOnly(formula),
    names: { de: `PurpleAir-Formel ${name}`, en: `PurpleAir formula ${name}` },
    notes: { de: 'Für die USA entwickelt, hier nicht geprüft.', en: 'US correction, not tested here.' },
  };
}

function researchOnly(formula: Omit<ResearchFormula<CorrectionId>, 'name'>) {
  return { ...formula, version: `${formula.id}-1`, validFrom: FIRST_METHODS, use: 'research' as const };
}
