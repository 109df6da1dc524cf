import { z } from 'zod';
import type { ExclusionView, LatestValue, StationFeature } from '../../domain/contract.ts';
import { EXCLUSION_WORDS } from '../../domain/operator/exclusion.ts';
import { REFUSAL_WORDS } from '../../domain/operator/stationRefusal.ts';
import { QUANTITIES, type Quantity } from '../../domain/quantity.ts';
import { instrumentModels } from '../../domain/sensorModel.ts';
import {
  type Device,
  HEIGHT_CLASSES,
  publicPosition,
  publishes,
  REFERENCE_TYPES,
  SITINGS,
  type Station,
} from '../../domain/station.ts';
import type { HealthClass } from '../../live/aggregator.ts';
import type { Agreement } from '../../live/agreements.ts';
import { JUDGED_QUANTITIES, type JudgedQuantity } from '../../live/hourJudge.ts';

/** What the live side knows of a station. */
export interface StationFacts {
  latest: Partial<Record<Quantity, LatestValue>>;
  /** Epoch ms of the newest reading. */
  lastSeenAt?: number;
  healthClass: HealthClass;
  /** Share of the expected readings of the last 24 h, 0 to 1. */
  coverage24h: number;
}

const quantityKey = z.enum(QUANTITIES);
const latestSchema = z.partialRecord(
  quantityKey,
  z.object({ value: z.number(), measuredAt: z.iso.datetime(), flags: z.array(z.string()), sensor: z.string() }),
);
const referenceSchema = z.object({
  network: z.string(),
  code: z.string().optional(),
  type: z.enum(REFERENCE_TYPES),
});
const statusSchema = z.enum(['pending', 'active', 'hidden', 'excluded']);
const exclusionSchema = z
  .object({ reason: z.enum(EXCLUSION_WORDS).optional(), since: z.iso.datetime() })
  .optional()
  .describe('Since when it is left out of figures, and the reason as a word where it is a known one');
const refusalSchema = z
  .object({ reason: z.enum(REFUSAL_WORDS), at: z.iso.datetime() })
  .optional()
  .describe('Why the operator did not let it through');

/** Properties of a public station. */
const stationPropertiesSchema = z.object({
  id: z.string(),
  name: z.string(),
  areaId: z.string().nullable(),
  isIndoor: z.boolean(),
  sensorModels: z.array(z.string()).describe('As the host declared them, then those the latest readings name besides'),
  status: statusSchema,
  statusReason: z.string().optional(),
  exclusion: exclusionSchema,
  lastSeenAt: z.iso
    .datetime()
    .nullable()
    .describe('Time of the newest reading stored, however old: `latest` and `health` tell of now'),
  source: z.string(),
  licence: z.string(),
  externalIds: z.array(z.string()),
  latest: latestSchema,
  reference: referenceSchema.optional().describe('Only of official stations: means that their network made'),
});

const pointSchema = z.object({ type: z.literal('Point'), coordinates: z.tuple([z.number(), z.number()]) });

/** One public station as a GeoJSON feature. */
export const stationFeatureSchema = z.object({
  type: z.literal('Feature'),
  id: z.string(),
  geometry: pointSchema,
  properties: stationPropertiesSchema,
});

const monthSchema = z.object({ correlation: z.number(), hours: z.int(), isAgreeing: z.boolean() });
const agreementSchema = z.object({
  hour: z
    .object({
      start: z.iso.datetime(),
      stations: z.int().describe('Stations compared, this one included'),
      z: z.number().optional().describe('Robust z of log(1 + mean) among them; from five stations on'),
      flags: z.array(z.string()),
    })
    .optional()
    .describe('The last closed hour'),
  month: monthSchema.optional().describe('Correlation with the median of the neighbours over 30 days'),
  network: z
    .object({ state: z.enum(['agrees', 'deviates', 'unknown']), bias: z.number().optional(), hours: z.int() })
    .optional()
    .describe('The neighbourhood as a whole beside the nearest official station, over 24 hours; bias in µg/m³'),
});

/** Agreement as the API shows it. */
export function agreementViews(
  agreements: Partial<Record<JudgedQuantity, Agreement>>,
): Partial<Record<JudgedQuantity, z.output<typeof agreementSchema>>> {
  const entries = Object.entries(agreements).map(([quantity, { hour, ...rest }]) => {
    const told = hour && {
      start: new Date(hour.start).toISOString(),
      stations: hour.stations,
      ...(hour.z !== undefined && { z: Math.round(hour.z * 100) / 100 }),
      flags: [...hour.flags],
    };
    return [quantity, { ...rest, ...(told && { hour: told }) }];
  });
  return Object.fromEntries(entries);
}

/** One station with what only its own page shows. */
export const stationDetailSchema = stationFeatureSchema.extend({
  properties: stationPropertiesSchema.extend({
    reference: referenceSchema
      .extend({
        means: z
          .array(z.enum(['1h', '24h']))
          .optional()
          .describe('Over what its values are means'),
      })
      .optional(),
    heightClass: z.enum(HEIGHT_CLASSES).optional(),
    siting: z.enum(SITINGS).optional(),
    areaName: z.string().nullable(),
    health: z.enum(['ok', 'sparse', 'silent', 'doubtful', 'unknown']),
    coverage24h: z.number().min(0).max(1),
    neighbours: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.enum(['citizen', 'reference']),
        distanceMetres: z.int(),
      }),
    ),
    agreement: z
      .partialRecord(z.enum(JUDGED_QUANTITIES), agreementSchema)
      .describe('With the stations around it: agreement, not correctness'),
  }),
});

/** A station as its owner and the admin see it: with the exact position. */
export const privateStationSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: statusSchema,
  statusReason: z.string().optional(),
  exclusion: exclusionSchema,
  refusal: refusalSchema,
  position: z.object({ lat: z.number(), lon: z.number() }),
  publicPosition: z.object({ lat: z.number(), lon: z.number() }),
  positionGridMetres: z.number(),
  isIndoor: z.boolean(),
  isPublishedIndoor: z.boolean(),
  isNoisePublic: z.boolean(),
  heightClass: z.enum(HEIGHT_CLASSES).optional(),
  siting: z.enum(SITINGS).optional(),
  altitudeMetres: z.number().optional(),
  country: z.string().optional(),
  sensorCommunityId: z.int().optional(),
  sensorModels: z.array(z.string()),
  source: z.string(),
  licence: z.string(),
  externalIds: z.array(z.string()),
  createdAt: z.iso.datetime(),
  reference: referenceSchema.optional(),
  consent: z.object({ version: z.string(), acceptedAt: z.iso.datetime() }).optional(),
});

/** A device as its owner sees it. */
export const privateDeviceSchema = z.object({
  deviceId: z.string(),
  boundAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().nullable(),
  names: z.array(z.string()).optional(),
});

/** The public feature of a station: snapped position, and only the quantities its owner publishes. */
export function stationFeature(station: Station, facts: StationFacts, areaId: string | null): StationFeature {
  const { lat, lon } = publicPosition(station);
  const published = Object.entries(facts.latest).filter(([quantity]) => publishes(station, quantity as Quantity));
  return {
    type: 'Feature',
    id: station.id,
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: {
      id: station.id,
      name: station.name,
      areaId,
      isIndoor: station.isIndoor,
      sensorModels: instrumentModels(station.sensorModels, publishedSensors(station, facts.latest)),
      status: station.status,
      ...(station.statusReason !== undefined && { statusReason: station.statusReason }),
      ...exclusionView(station),
      lastSeenAt: isoTime(facts.lastSeenAt),
      source: station.source,
      licence: station.licence,
      externalIds: station.externalIds,
      latest: Object.fromEntries(published),
      ...(station.reference && { reference: station.reference }),
    },
  };
}

/** Instruments of the latest values that everyone may see, with the ordinal of a second one of its kind. */
export function publishedSensors(station: Station, latest: StationFacts['latest']): string[] {
  return QUANTITIES.flatMap((quantity) => (publishes(station, quantity) && latest[quantity]?.sensor) || []);
}

/** An exclusion as everyone sees it. */
export function exclusionView({ exclusion }: Pick<Station, 'exclusion'>): { exclusion?: ExclusionView } {
  if (exclusion === undefined) return {};
  return { exclusion: { ...exclusion, since: new Date(exclusion.since).toISOString() } };
}

/** Everything about a station for those who may know it. */
export function privateStation(station: Station): z.output<typeof privateStationSchema> {
  const { consent, createdAt, refusal, exclusion: _exclusion, locationId: _locationId, ...rest } = station;
  const {
    formerIds: _formerIds,
    joined: _joined,
    joining: _joining,
    marks: _marks,
    annotations: _annotations,
    formerPlaces: _formerPlaces,
    ...fields
  } = rest;
  return {
    ...fields,
    ...exclusionView(station),
    ...(refusal && { refusal: { reason: refusal.reason, at: new Date(refusal.at).toISOString() } }),
    publicPosition: publicPosition(station),
    createdAt: new Date(createdAt).toISOString(),
    ...(consent && { consent: { ...consent, acceptedAt: new Date(consent.acceptedAt).toISOString() } }),
  };
}

/** A device for its owner. */
export function privateDevice(device: Device): z.output<typeof privateDeviceSchema> {
  return {
    deviceId: device.id,
    boundAt: new Date(device.boundAt).toISOString(),
    lastSeenAt: isoTime(device.lastSeenAt),
    ...(device.names && { names: device.names }),
  };
}

function isoTime(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : new Date(epochMs).toISOString();
}
