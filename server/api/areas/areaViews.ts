import { z } from 'zod';
import { type AreaFigure, type AreaMember, isCounted } from '../../areas/areaFigures.ts';
import { AREA_WINDOWS } from '../../areas/areaWindows.ts';
import { AREA_ID, type Area } from '../../domain/area.ts';
import { AREA_VERSION } from '../../domain/areaStatistics.ts';
import { UNCERTAINTY_ORIGINS, UNCERTAINTY_VERSION } from '../../domain/correction/uncertainty.ts';
import { CLOCK_MEAN_VERSION } from '../../domain/means/clockMean.ts';
import { EXCLUSION_WORDS } from '../../domain/operator/exclusion.ts';
import { QUANTITIES, type Quantity, UNITS } from '../../domain/quantity.ts';
import { publicPosition, SITINGS, type Station } from '../../domain/station.ts';
import { exclusionView } from '../stations/stationViews.ts';

const number = z.number().nullable();

const figureShape = {
  state: z
    .enum(['ok', 'number-only', 'too-few'])
    .describe('too-few: fewer than 3 stations, no number; number-only: 3 or 4, no quartiles'),
  count: z.int().describe('Outdoor citizen stations with a valid mean of the whole window'),
  median: number,
  lowerQuartile: number,
  upperQuartile: number,
  min: number.describe('Smallest mean of a station; from 5 stations on'),
  max: number,
  uncertainty: number.describe('Expanded uncertainty (95 %) of the median, that of a single sensor'),
  uncertaintyFrom: z.enum(UNCERTAINTY_ORIGINS).optional().describe('What made it'),
  comparedWith: z
    .string()
    .optional()
    .describe('Official stations of the comparison, where that made it: the nearest may be another in another month'),
  tolerates: z.int().describe('Stations that may be arbitrarily wrong without the median being so'),
  leftOut: z.object({ indoor: z.int(), unknownIndoor: z.int(), excluded: z.int(), withoutValidMean: z.int() }),
  flags: z.array(z.enum(['open'])).describe('open: the window has not ended'),
};

const statisticsSchema = z.object({
  ...figureShape,
  sensorModels: z.record(z.string(), z.int()).describe('Models of the stations that count'),
  sitings: z.record(z.string(), z.int()),
});

const headShape = {
  quantity: z.enum(QUANTITIES),
  unit: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  method: z.literal(AREA_VERSION),
  meanMethod: z.literal(CLOCK_MEAN_VERSION),
  uncertaintyMethod: z.literal(UNCERTAINTY_VERSION),
};

const stateShape = {
  isUpToDate: z.literal(false).optional().describe('There while means are being made anew: the figures will change'),
};

const areaShape = {
  id: z.string().regex(AREA_ID),
  name: z.string(),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).describe('west, south, east, north'),
  stationCount: z.int().describe('Public stations of citizens in the area'),
};

/** `GET /areas`. */
export const areasSchema = z.object({
  ...headShape,
  ...stateShape,
  areas: z.array(z.object({ ...areaShape, statistics: statisticsSchema })),
});

const memberSchema = z.object({
  id: z.string(),
  name: z.string(),
  lat: z.number(),
  lon: z.number(),
  mean: number.describe('Of the whole window; null where the station is not valid in it'),
  parts: z.object({ valid: z.int(), of: z.int() }).describe('Valid hours or days of the window, of how many'),
  isCounted: z.boolean(),
  isIndoor: z.boolean(),
  sensorModel: z.string(),
  siting: z.enum(SITINGS).nullable(),
  status: z.string(),
  statusReason: z.string().optional(),
  exclusion: z.object({ reason: z.enum(EXCLUSION_WORDS).optional(), since: z.iso.datetime() }).optional(),
});

/** `GET /areas/{id}`. */
export const areaSchema = z.object({
  ...areaShape,
  ...headShape,
  ...stateShape,
  statistics: statisticsSchema,
  stations: z.array(memberSchema),
});

/** `GET /areas/{id}/series`. */
export const areaSeriesSchema = z.object({
  areaId: z.string(),
  name: z.string(),
  quantity: z.enum(QUANTITIES),
  unit: z.string(),
  window: z.enum(AREA_WINDOWS),
  day: z.string().describe('Where days begin'),
  method: z.literal(AREA_VERSION),
  meanMethod: z.literal(CLOCK_MEAN_VERSION),
  uncertaintyMethod: z.literal(UNCERTAINTY_VERSION),
  ...stateShape,
  points: z.array(z.object({ start: z.iso.datetime(), ...figureShape })),
});

/** Quantity, unit, window and methods of an answer. */
export function figureHead(quantity: Quantity, { start, end }: { start: number; end: number }) {
  return {
    quantity,
    unit: UNITS[quantity],
    from: isoTime(start),
    to: isoTime(end),
    method: AREA_VERSION,
    meanMethod: CLOCK_MEAN_VERSION,
    uncertaintyMethod: UNCERTAINTY_VERSION,
  } as const;
}

/** An area's own lines. */
export function areaHead({ id, name, box }: Area, stationCount: number) {
  const { west, south, east, north } = box;
  return { id, name, bbox: [west, south, east, north] as [number, number, number, number], stationCount };
}

/** A figure for its window. */
export function statisticsOf(figure: AreaFigure): z.output<typeof statisticsSchema> {
  return { ...numbersOf(figure), sensorModels: figure.sensorModels, sitings: figure.sitings };
}

/** A point of a course. */
export function pointOf(figure: AreaFigure): z.output<typeof areaSeriesSchema>['points'][number] {
  return { start: isoTime(figure.start), ...numbersOf(figure) };
}

function numbersOf(figure: AreaFigure) {
  const { state, count, median = null, lowerQuartile = null, upperQuartile = null, min = null, max = null } = figure;
  const { uncertainty = null, uncertaintyFrom, comparedWith, tolerates, leftOut, isOpen } = figure;
  const flags = isOpen ? (['open'] as 'open'[]) : [];
  const origin = {
    ...(uncertaintyFrom !== undefined && { uncertaintyFrom }),
    ...(comparedWith !== undefined && { comparedWith }),
  };
  const band = { median, lowerQuartile, upperQuartile, min, max };
  return { state, count, ...band, uncertainty, ...origin, tolerates, leftOut, flags };
}

/** A station's part in an area's figure. */
export function memberView(station: Station, member: AreaMember): z.output<typeof memberSchema> {
  const { mean, parts, sensorModel, siting = null } = member;
  return {
    id: station.id,
    name: station.name,
    ...publicPosition(station),
    mean: mean ?? null,
    parts,
    isCounted: isCounted(member),
    isIndoor: station.isIndoor,
    sensorModel,
    siting,
    status: station.status,
    ...(station.statusReason !== undefined && { statusReason: station.statusReason }),
    ...exclusionView(station),
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
