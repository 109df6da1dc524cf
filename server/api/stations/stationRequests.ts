import { z } from 'zod';
import { ALTITUDES } from '../../domain/seaLevel.ts';
import { DEVICE_ID, HEIGHT_CLASSES, SITINGS, TERMS_VERSION } from '../../domain/station.ts';
import { RESERVED_NAMES } from '../../domain/topics.ts';

/** What may be sent about stations and devices: one schema for the check and for the OpenAPI document. */

/**
 * Printable text on one line. Of what nobody sees only the joiners, between what one sees: Persian and Hindi are not spelt
 * without them, nor a family of emoji.
 */
export const PRINTABLE_LINE = /^(?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}](?:[\u200C\u200D](?=[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]))?)*$/u;

/** Printable text of people, on one line. */
const line = (max: number) =>
  z.string().trim().min(1).max(max).regex(PRINTABLE_LINE, 'must be one line of printable text');
/** Makers write their models in capitals, the registry in small letters. */
const sensorModel = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9]{2,20}$/, 'must be a model such as sds011');
const position = z.strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) });
const deviceId = z
  .string()
  .regex(DEVICE_ID, 'must be a device id such as esp8266-15303512')
  .refine((id) => !RESERVED_NAMES.has(id), 'is reserved');
/** Metres; 100 is the finest there is. */
const positionGridMetres = z.int().min(100).max(5000);

const altitudeMetres = z
  .number()
  .min(ALTITUDES.min)
  .max(ALTITUDES.max)
  .describe('Of the ground above sea level, metres.');

const sensorCommunityId = z
  .int()
  .min(1)
  .max(999_999_999)
  .describe('Number of its particle sensor at sensor.community, where the same device reports too.');

const described = {
  name: line(80),
  position,
  positionGridMetres: positionGridMetres.optional(),
  isIndoor: z.boolean(),
  isPublishedIndoor: z.boolean().optional(),
  isNoisePublic: z.boolean().optional(),
};

/** `POST /stations`. `sensorModels` is for devices with more than one instrument. */
export const newStationSchema = z.strictObject({
  ...described,
  sensorModel: sensorModel.optional(),
  sensorModels: z.array(sensorModel).max(8).optional(),
  heightClass: z.enum(HEIGHT_CLASSES).optional(),
  siting: z.enum(SITINGS).optional(),
  altitudeMetres: altitudeMetres.optional(),
  sensorCommunityId: sensorCommunityId.optional(),
  deviceId: deviceId.optional(),
  acceptedTerms: z
    .union([z.literal(true), z.literal(TERMS_VERSION)], `must be true or "${TERMS_VERSION}"`)
    .optional()
    .describe('Needed unless an admin asks: true, or the version of the terms that were shown.'),
});
/** A checked `POST /stations`. */
export type NewStationRequest = z.output<typeof newStationSchema>;

/** `PATCH /stations/{id}`: what an owner may change. `null` takes a field away. */
export const stationPatchSchema = z.strictObject({
  ...z.object(described).partial().shape,
  sensorModels: z.array(sensorModel).max(8).optional(),
  heightClass: z.enum(HEIGHT_CLASSES).nullable().optional(),
  siting: z.enum(SITINGS).nullable().optional(),
  altitudeMetres: altitudeMetres.nullable().optional(),
  sensorCommunityId: sensorCommunityId.nullable().optional(),
  status: z
    .enum(['active', 'hidden', 'excluded'])
    .optional()
    .describe('Owners: active or hidden. Admins: also excluded, with a statusReason.'),
  positionChange: z
    .enum(['moved', 'corrected'])
    .optional()
    .describe(
      'Of another position, isIndoor or sensorModels: moved, the default, leaves a mark in the series, and what was measured indoors does not come out with the station; corrected: it was always so.',
    ),
  statusReason: line(200).nullable().optional().describe('Admins only: the public reason of an exclusion.'),
  licence: line(60).optional().describe('Admins only.'),
  externalIds: z.array(line(60)).max(20).optional().describe('Admins only.'),
});
/** A checked `PATCH /stations/{id}`. */
export type StationPatch = z.output<typeof stationPatchSchema>;

/** `POST /stations/{id}/devices`. */
export const deviceRequestSchema = z.strictObject({
  deviceId,
  names: z
    .array(z.string().regex(/^[^/+#\p{Cc}]{1,80}$/u, 'must be a name without / + #'))
    .max(100)
    .optional()
    .describe('Zigbee2MQTT gateways: the friendly names it may publish for.'),
  replaces: z
    .string()
    .max(60)
    .optional()
    .describe(
      'Device of this station whose place it takes: that one is refused from now on, the series goes on with a mark.',
    ),
  currentOwnerKey: z
    .string()
    .max(64)
    .optional()
    .describe('Owner key of the station that has the device now, to take it from there.'),
});

/** What comes back for a device: its token, this once. */
export const issuedDeviceSchema = z.object({ deviceId: z.string(), token: z.string() });

/** `?bbox=w,s,e,n`, degrees; west above east crosses the 180th meridian. */
export const boxSchema = z
  .string()
  .regex(/^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$/, 'must be west,south,east,north')
  .transform((text) => text.split(',').map(Number))
  .transform(([west = 0, south = 0, east = 0, north = 0]) => ({ west, south, east, north }))
  .refine(({ west, east }) => Math.abs(west) <= 180 && Math.abs(east) <= 180, 'longitudes lie within -180 and 180')
  .refine(({ south, north }) => south >= -90 && north <= 90, 'latitudes lie within -90 and 90')
  .refine(({ south, north }) => south <= north, 'south must not be above north');

/** The query of `GET /stations`. */
export const stationQuerySchema = z.object({ bbox: boxSchema.optional() });
