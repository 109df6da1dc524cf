import { z } from 'zod';
import {
  MAX_THRESHOLDS,
  SILENT_MINUTES,
  THRESHOLD_VALUES,
  WATCHED_AVERAGES,
  WATCHED_QUANTITIES,
} from '../domain/alerts/alertSettings.ts';
import { LANGUAGES } from '../domain/names.ts';
import { STATION_ID } from '../domain/station.ts';
import { CHANNELS, type Contact } from '../notices/noticeRecords.ts';

/** What may be sent about contacts and alerts: one schema for the check and for the OpenAPI document. */

const language = z.enum(LANGUAGES);
/** One mailbox; lists and names would let one request write to many. */
export const mailAddress = z.email('must be an e-mail address').max(254);
const hookUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .max(500)
  .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'must hold no user name or password')
  .refine((url) => !url.includes('#'), 'must hold no fragment');
const topicUrl = hookUrl.regex(
  /\/[A-Za-z0-9_-]{1,64}$/,
  "must be a topic's URL such as https://ntfy.example.org/my-topic",
);

/** `POST /stations/{id}/contacts`. */
export const newContactSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mail'), address: mailAddress, language: language.optional() }),
  z.strictObject({ kind: z.literal('webhook'), address: hookUrl, language: language.optional() }),
  z.strictObject({ kind: z.literal('ntfy'), address: topicUrl, language: language.optional() }),
]);

/** `PATCH /stations/{id}/contacts/{contactId}`. */
export const contactPatchSchema = z.strictObject({ isMuted: z.boolean().optional(), language: language.optional() });

/** `POST /stations/{id}/contacts/{contactId}/confirm`. */
export const codeSchema = z.strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') });

/** A contact as its station's owner sees it. */
export const contactSchema = z.object({
  id: z.string(),
  kind: z.enum(CHANNELS),
  address: z.string(),
  language,
  status: z.enum(['pending', 'confirmed']),
  isMuted: z.boolean(),
  createdAt: z.iso.datetime(),
  confirmedAt: z.iso.datetime().nullable(),
  lastFailure: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
});

/** A contact for its station's owner. */
export function contactView(contact: Contact): z.output<typeof contactSchema> {
  const { id, channel, address, confirmedAt, createdAt, isMuted, lastFailure } = contact;
  return {
    ...{ id, kind: channel, address, language: contact.language, isMuted },
    status: confirmedAt === undefined ? 'pending' : 'confirmed',
    createdAt: new Date(createdAt).toISOString(),
    confirmedAt: confirmedAt === undefined ? null : new Date(confirmedAt).toISOString(),
    lastFailure: lastFailure ? { at: new Date(lastFailure.at).toISOString(), reason: lastFailure.reason } : null,
  };
}

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must look like 22:00');
const quietHours = z.strictObject({ from: clockTime, to: clockTime }).nullable();
const threshold = {
  quantity: z.enum(WATCHED_QUANTITIES),
  average: z.enum(WATCHED_AVERAGES),
};
const limit = z.number().min(THRESHOLD_VALUES.least).max(THRESHOLD_VALUES.most);

/** What a station's owner wants to be told. */
const alertSettingsSchema = z.strictObject({
  silentAfterMinutes: z
    .int()
    .min(SILENT_MINUTES.least)
    .max(SILENT_MINUTES.most)
    .nullable()
    .describe('Minutes without any reading; null: not told.'),
  isStuckTold: z.boolean().describe('Tell when the particle sensor repeats one value for hours.'),
  above: z
    .array(z.strictObject({ ...threshold, value: limit }))
    .max(MAX_THRESHOLDS)
    .describe('Sliding means, µg/m³.'),
  isMonthly: z.boolean().describe('The monthly mail.'),
  quietHours: quietHours.describe('Local time; what happens then is told afterwards, if it still holds.'),
});

/** `PATCH /stations/{id}/alerts`. */
export const alertPatchSchema = alertSettingsSchema.partial();

/** Settings and what the alerts say now. */
export const alertsViewSchema = z.object({
  settings: alertSettingsSchema,
  states: z.array(
    z.object({ rule: z.string(), phase: z.enum(['calm', 'raised']), since: z.iso.datetime().nullable() }),
  ),
});

/** `POST /owner-links`. */
export const recoverSchema = z.strictObject({
  address: mailAddress,
  language: language.optional().describe('Of the mail; without it the one the address was entered with.'),
});

/** `POST /stations/{id}/handover`. */
export const handoverSchema = z.strictObject({ address: mailAddress.optional(), language: language.optional() });

const circle = z.strictObject({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  radiusMetres: z.number().min(500).max(10_000),
});
const stationId = z.string().regex(STATION_ID, 'must be a station id');

/** `POST /area-alerts`. */
export const areaAlertSchema = z.strictObject({
  address: mailAddress,
  language: language.optional(),
  area: z.union([
    circle,
    z.strictObject({ stationIds: z.array(stationId).min(3).max(50) }),
    z.strictObject({ areaId: z.string().min(1).max(80) }),
  ]),
  ...threshold,
  above: limit.describe('µg/m³.'),
  quietHours: quietHours.optional(),
});

/** The query of `GET /area-alerts/preview`: a circle, stations, or a district. */
export const areaPreviewSchema = z
  .object({
    lat: z.coerce.number().min(-90).max(90).optional(),
    lon: z.coerce.number().min(-180).max(180).optional(),
    radius: z.coerce.number().min(500).max(10_000).default(2_000),
    stations: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(stationId).min(1).max(50))
      .optional(),
    area: z.string().max(80).optional(),
    quantity: threshold.quantity.default('pm25'),
    average: threshold.average.default('1h'),
  })
  .refine(
    ({ lat, lon, stations, area }) => (lat !== undefined && lon !== undefined) || stations || area,
    'give lat and lon, stations, or area',
  );
