import { z } from 'zod';
import type { AreaDirectory } from '../../areas/areaDirectory.ts';
import { type Config, offsetMs } from '../../config.ts';
import type { DemoCredit } from '../../demo/credit.ts';
import { boxAround } from '../../domain/area.ts';
import { isFromSensorCommunity, SENSOR_COMMUNITY } from '../../domain/credit.ts';
import { DAY_MS } from '../../domain/durations.ts';
import { hourShiftMs, type TimeWindow } from '../../domain/means/calendarWindows.ts';
import { LANGUAGES } from '../../domain/names.ts';
import type { PublicNotice } from '../../domain/operator/publicNotice.ts';
import { isPublic, type Station } from '../../domain/station.ts';
import type { OfflineFiles } from '../../offline/offlineFiles.ts';
import { noticeSchema, noticeView } from '../admin/publicNotices.ts';
import { jsonAnswer, type OpenApiPaths } from '../http/openApiTypes.ts';
import { MAP_FILE_PATH } from '../mapFile.ts';

/** What the API and the pages tell of an instance. */
export const instanceSchema = z.object({
  name: z.string(),
  /** Address the operator can be reached at; empty when none is set. */
  contact: z.string(),
  /** Language of visitors who ask for neither German nor English. */
  language: z.enum(LANGUAGES),
  /** IANA zone all times are shown in. */
  timeZone: z.string(),
  /** How much earlier than the full hour of UTC clock hours begin, ms, where `DAY_OFFSET` is no whole hour; else absent. */
  hourShiftMs: z.int().optional(),
  /** Where the map starts; absent: around the stations. */
  center: z.object({ lat: z.number(), lon: z.number() }).optional(),
  zoom: z.number().optional(),
  /** Box around the districts, where the map starts without a centre and without stations; absent without districts. */
  extent: z.object({ west: z.number(), south: z.number(), east: z.number(), north: z.number() }).optional(),
  /** Leaflet tile template. Absent unless the operator turned a tile server on: then nothing leaves this server. */
  tileUrl: z.string().optional(),
  tileAttribution: z.string().optional(),
  /** The operator's own map, a PMTiles file with vector tiles up to `maxZoom`; absent without one. */
  mapFile: z.object({ url: z.string(), maxZoom: z.number(), credit: z.string() }).optional(),
  /** Whose data the search for places uses; absent without such a search. */
  places: z.object({ credit: z.string() }).optional(),
  /** Where the outlines of the districts are, GeoJSON; absent when none are configured. */
  districtsUrl: z.string().optional(),
  /** Where viewers ask for an alert; absent when the installation sends no mail. */
  alertsUrl: z.string().optional(),
  /** The operator's logo; absent without one. */
  logoUrl: z.string().optional(),
  /** SPDX id of the licence of the measurements. */
  licence: z.string(),
  /** Who else measured what is shown here, to be named on map and pages; absent without such stations. */
  credits: z
    .array(
      z.object({
        name: z.string(),
        url: z.string(),
        licence: z.string(),
        licenceUrl: z.string(),
        contentsLicence: z.string().describe('Licence of each value in the database'),
        contentsLicenceUrl: z.string(),
      }),
    )
    .optional(),
  /** Set while recorded readings are replayed: who measured, as the licence wants it said, and what it is. */
  demo: z
    .object({
      credit: z.string(),
      licence: z.string(),
      text: z.object({ de: z.string(), en: z.string() }),
      /** ISO 8601 UTC: when the recording last began anew; absent in its first round. */
      loopedAt: z.string().optional(),
    })
    .optional(),
  /** What the operator tells about the last days; absent when there is nothing. More at /api/v1/notices. */
  notices: z.array(noticeSchema).optional(),
  version: z.string(),
});

/** Where the operator's logo is. */
export const LOGO_PATH = '/logo';

/** What every page needs to know about this installation: `GET /api/v1/instance`, and embedded in each page. */
export type Instance = z.output<typeof instanceSchema>;
/** What a replay says about itself on every page. */
export type DemoNotice = NonNullable<Instance['demo']>;

/** What `GET /api/v1/instance` says of itself. */
export const instancePaths: OpenApiPaths = {
  '/api/v1/instance': {
    get: {
      operationId: 'getInstance',
      summary: 'Name, contact, time zone, map start and licence of this installation',
      tags: ['Service'],
      responses: { 200: jsonAnswer('The installation', instanceSchema) },
    },
  },
};

/** The settings an instance shows. */
export type InstanceConfig = Pick<
  Config,
  | 'INSTANCE_NAME'
  | 'CONTACT'
  | 'LANGUAGE'
  | 'TIME_ZONE'
  | 'DAY_OFFSET'
  | 'MAP_CENTER'
  | 'MAP_ZOOM'
  | 'TILE_URL'
  | 'TILE_ATTRIBUTION'
  | 'DISTRICTS'
  | 'DATA_LICENCE'
  | 'SMTP_URL'
>;

/** What the installation's description is made from. */
export interface InstanceParts {
  config: InstanceConfig;
  version: string;
  offline?: OfflineFiles;
  areas?: Pick<AreaDirectory, 'areas'>;
  clock?: () => number;
  /** The operator's notices that touch a time. */
  noticesIn?: (window: TimeWindow) => PublicNotice[];
  /** The same array until something changes. */
  stations?: () => readonly Station[];
}

/** How far back the map goes, and what begins within the next hours, ms. */
const NOTICES_BACK_MS = 4 * DAY_MS;
const NOTICES_AHEAD_MS = DAY_MS;

/** The installation as the public sees it. */
export function instanceOf(parts: InstanceParts, demo: DemoCredit | undefined): Instance {
  const { config, version, offline } = parts;
  const { map, places, logo } = offline ?? {};
  const notices = recentNotices(parts);
  const shift = hourShiftMs({ offsetMs: offsetMs(config.DAY_OFFSET) }, 0);
  return {
    name: config.INSTANCE_NAME,
    contact: config.CONTACT ?? '',
    language: config.LANGUAGE,
    timeZone: config.TIME_ZONE,
    ...(shift > 0 && { hourShiftMs: shift }),
    ...(config.MAP_CENTER && { center: config.MAP_CENTER }),
    ...(config.MAP_ZOOM !== undefined && { zoom: config.MAP_ZOOM }),
    ...(config.MAP_CENTER === undefined && extentOf(parts)),
    ...(config.TILE_URL && { tileUrl: config.TILE_URL }),
    ...(config.TILE_ATTRIBUTION && { tileAttribution: config.TILE_ATTRIBUTION }),
    ...(map && { mapFile: { url: MAP_FILE_PATH, maxZoom: map.maxZoom, credit: map.credit } }),
    ...(places && { places: { credit: places.credit } }),
    ...(config.DISTRICTS && { districtsUrl: '/api/v1/districts' }),
    ...(config.SMTP_URL && { alertsUrl: '/alerts' }),
    ...(logo && { logoUrl: LOGO_PATH }),
    licence: config.DATA_LICENCE,
    ...(isCredited(parts.stations?.() ?? []) && { credits: [SENSOR_COMMUNITY] }),
    ...(demo && { demo: demoNotice(demo) }),
    ...(notices.length > 0 && { notices }),
    version,
  };
}

/**
 * True where winter is in the middle of the year: the map's centre, or that of all districts, or without either most of the
 * public stations lie south of the equator.
 */
export function isSouthern(
  { center, extent }: Pick<Instance, 'center' | 'extent'>,
  stations: readonly Station[],
): boolean {
  if (center !== undefined) return center.lat < 0;
  if (extent !== undefined) return extent.south + extent.north < 0;
  const shown = stations.filter(isPublic);
  return shown.filter(({ position }) => position.lat < 0).length > shown.length / 2;
}

function extentOf({ areas }: InstanceParts): Pick<Instance, 'extent'> {
  const boxes = areas?.areas().map(({ box }) => box) ?? [];
  return boxes.length === 0 ? {} : { extent: boxAround(boxes) };
}

const creditedOf = new WeakMap<readonly Station[], boolean>();

/** True where a station that is shown has readings of sensor.community, whether they still come or not. */
function isCredited(stations: readonly Station[]): boolean {
  const known = creditedOf.get(stations);
  if (known !== undefined) return known;
  const isSo = stations.some((station) => isPublic(station) && isFromSensorCommunity(station));
  creditedOf.set(stations, isSo);
  return isSo;
}

function recentNotices({ clock = Date.now, noticesIn }: InstanceParts) {
  const now = clock();
  return noticesIn?.({ start: now - NOTICES_BACK_MS, end: now + NOTICES_AHEAD_MS }).map(noticeView) ?? [];
}

function demoNotice({ credit, licence, textDe, textEn, loopedAt }: DemoCredit): DemoNotice {
  const notice = { credit, licence, text: { de: textDe, en: textEn } };
  return loopedAt === undefined ? notice : { ...notice, loopedAt: new Date(loopedAt).toISOString() };
}
