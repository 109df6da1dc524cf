import { z } from 'zod';
import { SCALE_IDS } from '../domain/airQuality.ts';
import { CORRECTION_IDS } from '../domain/correction/correction.ts';
import { JURISDICTIONS } from '../domain/limits/limitTable.ts';
import { QUANTITIES } from '../domain/quantity.ts';

const namesSchema = z.object({ de: z.string(), en: z.string() });

const versionedShape = {
  version: z.string().describe('What figures carry.'),
  validFrom: z.iso.date().describe('First day on which figures were made by this version.'),
  validTo: z.null().describe('Only versions in force have an entry of their own.'),
  earlier: z
    .array(z.object({ version: z.string(), validFrom: z.iso.date(), validTo: z.iso.date(), note: namesSchema }))
    .describe('Versions of before, the latest first, with what they did otherwise; citations of their time name them.'),
};

const sourcedShape = {
  sources: z.array(z.string()).describe('Keys of `sources`.'),
  verification: z.object({
    kind: z.enum(['verified', 'computed', 'derived', 'memory', 'proposal']),
    count: z.int().optional(),
  }),
  verificationText: namesSchema,
  isUnconfirmed: z.boolean(),
  mark: namesSchema.optional().describe('"unbestätigt" / "unconfirmed": show it wherever the entry is shown.'),
};
const sourcesShape = { sources: z.record(z.string(), z.string()) };
const roundingSchema = z.object({ kind: z.enum(['half-up', 'truncate']), places: z.int() });

const limitSchema = z.object({
  id: z.string(),
  title: namesSchema.describe('One line with averaging time, permitted number, text and period.'),
  jurisdiction: z.enum(JURISDICTIONS),
  instrument: namesSchema,
  pollutant: z.enum(['pm25', 'pm10', 'no2']),
  averaging: z.string(),
  kind: z.string(),
  value: z.number().describe('µg/m³'),
  rounding: roundingSchema,
  permittedExceedances: z.int().optional(),
  permittedSource: z.object(sourcedShape).optional().describe('Of the permitted number, where another says it.'),
  decidingRank: z.int().optional().describe('Place from the top that decides in a complete year.'),
  percentile: z.number().optional(),
  marginOfTolerance: z.number().optional(),
  validFrom: z.iso.date().nullable().describe('null: not known here, or for ever.'),
  validTo: z.iso.date().nullable().describe('Last day; null: open.'),
  checkedOn: z.iso.date(),
  isInForce: z.boolean().describe('On the day asked for.'),
  notes: namesSchema.optional(),
  ...sourcedShape,
});

/** `GET /limits`. */
export const limitsSchema = z.object({
  on: z.iso.date(),
  checkedOn: z.iso.date(),
  nextChange: z.iso.date(),
  needsConfirmation: z.boolean().describe('True after a known change of law that nobody has confirmed.'),
  confirmationNote: namesSchema.optional(),
  limits: z.array(limitSchema),
  captureRules: z.array(z.object({ id: z.string(), percent: z.int(), names: namesSchema, ...sourcedShape })),
  comparingRules: z.array(z.object({ id: z.string(), names: namesSchema, ...sourcedShape })),
  exposureReductions: z.array(
    z.object({ regime: namesSchema, pollutant: z.enum(['pm25', 'no2']), ...sourcedShape }).loose(),
  ),
  exposureObjectives: z.array(z.object({ pollutant: z.enum(['pm25', 'no2']), value: z.number(), ...sourcedShape })),
  ...sourcesShape,
});

const bandSchema = z.object({
  rank: z.int(),
  from: z.number().nullable().describe('Exclusive.'),
  to: z.number().nullable().describe('Inclusive after rounding; null: open.'),
  names: namesSchema,
  colour: z.string(),
  textColour: z.string(),
});

const indexSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['bands', 'linear', 'grid']),
    names: namesSchema,
    shortNames: namesSchema,
    publisher: z.string(),
    status: z.enum(['current', 'superseded', 'historical']),
    validFrom: z.string().nullable(),
    validTo: z.string().nullable().describe('null: open.'),
    checkedOn: z.iso.date(),
    isOffered: z.boolean(),
    classes: z.array(z.object({ names: namesSchema, colour: z.string() })),
    colours: z.object(sourcedShape),
    translation: z.object(sourcedShape),
    ...sourcedShape,
  })
  .loose()
  .describe('With `bounds`, `breakpoints` or `grid`, as its kind asks.');

const quantitySchema = z.enum(QUANTITIES);

/** `GET /indices`. */
export const indicesSchema = z.object({
  checkedOn: z.iso.date(),
  indices: z.array(indexSchema),
  scales: z.array(
    z.object({
      id: z.enum(SCALE_IDS),
      kind: z.enum(['concentration', 'index']),
      names: namesSchema,
      shortNames: namesSchema,
      isBehindSetting: z.boolean(),
      unconfirmed: namesSchema.optional(),
      titles: z.partialRecord(quantitySchema, namesSchema),
      bands: z.partialRecord(quantitySchema, z.array(bandSchema)),
      rounding: z.partialRecord(quantitySchema, roundingSchema),
    }),
  ),
  ...sourcesShape,
});

const flagSchema = z.object({
  flag: z.string(),
  class: z.enum(['info', 'doubtful', 'invalid']),
  names: namesSchema.optional(),
});

/** `GET /methods`. */
export const methodsSchema = z.object({
  methods: z.array(
    z.object({
      id: z.string(),
      ...versionedShape,
      kind: z.enum(['mean', 'assessment', 'uncertainty', 'correction', 'area', 'days-above', 'index']),
      names: namesSchema,
      description: namesSchema,
      ...sourcedShape,
    }),
  ),
  corrections: z.array(
    z.object({
      id: z.enum(CORRECTION_IDS),
      ...versionedShape,
      names: namesSchema,
      formula: z.string(),
      use: z.enum(['offered', 'research']),
      madeFor: z.union([z.literal('any'), z.array(z.string())]),
      quantities: z.array(quantitySchema),
      notes: namesSchema,
      ...sourcedShape,
    }),
  ),
  rawFlags: z.array(flagSchema),
  derivedFlags: z.array(flagSchema),
  windowFlags: z
    .array(flagSchema)
    .describe('Of means: `open` and the invalid ones have no mean, but for 5 and 15 minutes.'),
  thresholds: z.record(z.string(), z.number()),
  qualityObjectives: z.array(
    z.object({
      pollutant: z.string(),
      averaging: z.string(),
      fixed: z.object({ absolute: z.number(), percent: z.number() }),
      indicative: z.object({ absolute: z.number(), percent: z.number() }),
      ...sourcedShape,
    }),
  ),
  sensorClasses: z
    .array(z.object({ sensorClass: z.int(), percent: z.number(), ...sourcedShape }))
    .describe('CEN/TS 17660-2:2024; no sensor here has been classified.'),
  standingText: namesSchema,
  ...sourcesShape,
});
