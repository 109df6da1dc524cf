import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const number = z.number().nullable();
const figuresSchema = z.object({
  n: z.int(),
  slope: number,
  r2: number,
  bias: number,
  rmse: number,
  daysAbove50: z.object({ sensor: z.int(), official: z.int(), both: z.int() }),
});
const agreementSchema = z.object({ r2: number, slope: number, bias: number, rmse: number });
const threeWaysSchema = z.object({
  n: z.int(),
  raw: agreementSchema,
  corrected: agreementSchema,
  rivm: agreementSchema,
});
const quantity = z.enum(['pm25', 'pm10']);

const checksSchema = z.object({
  schemaVersion: z.literal(1),
  methods: z.array(z.string()),
  bristol: z.object({
    checkedOn: z.iso.date(),
    from: z.iso.date(),
    to: z.iso.date(),
    rule: z.object({ leastDays: z.int(), leastHours: z.int() }),
    comparisons: z.array(
      z.object({
        quantity,
        station: z.string(),
        officialDays: z.int(),
        sensors: z.array(figuresSchema.extend({ sensor: z.string() })),
        median: figuresSchema,
        failing: z.array(z.object({ sensor: z.string(), days: z.int() })),
      }),
    ),
  }),
  dutch: z.object({
    checkedOn: z.iso.date(),
    rule: z.object({ groupMetres: z.number(), leastKits: z.int(), donorMetres: z.number() }),
    labels: z.object({
      lag: z.int(),
      lags: z.array(z.int()),
      correlations: z.object({ pm25: z.array(number), pm10: z.array(number) }),
    }),
    quantities: z.array(
      z.object({ quantity, atOtherStations: threeWaysSchema.loose(), atSameStation: threeWaysSchema }),
    ),
  }),
});

/** What `scripts/checkAgainstWorld.mjs` found. */
export type Checks = z.output<typeof checksSchema>;
/** One comparison of daily means, µg/m³ but for `n`, `slope`, `r2` and the days. */
export type CheckedFigures = z.output<typeof figuresSchema>;
/** How values stand to the official ones; bias and rmse in µg/m³. */
export type Agreement = z.output<typeof agreementSchema>;
/** The same comparison of three ways to a value. */
export type ThreeWays = z.output<typeof threeWaysSchema>;

/**
 * Reads the results that come with the program; `rootDir` is the folder of `package.json`.
 * @throws when the file is missing or another than the script writes.
 */
export function readChecks(rootDir: string): Checks {
  return checksSchema.parse(JSON.parse(readFileSync(join(rootDir, 'web/content/checks.json'), 'utf8')));
}
