import type { Exclusion } from './operator/exclusion.ts';
import type { StationRefusal } from './operator/stationRefusal.ts';
import type { Quantity } from './quantity.ts';
import type { Annotation, FormerPlace, SeriesMark } from './stationHistory.ts';

/** How high the inlet hangs, as a class: a number would help to find the balcony. */
export const HEIGHT_CLASSES = ['ground', 'below-4m', '4-to-10m', 'above-10m'] as const;
/** One of `HEIGHT_CLASSES`. */
export type HeightClass = (typeof HEIGHT_CLASSES)[number];

/** What is near the inlet. */
export const SITINGS = ['street', 'courtyard', 'garden', 'stove-nearby', 'industry-nearby', 'other'] as const;
/** One of `SITINGS`. */
export type Siting = (typeof SITINGS)[number];

/** Version of the terms a host accepts; stored with the station. Raised when their text changes. */
export const TERMS_VERSION = '1';

/** What an official station stands for, in the words of the networks (Directive 2008/50/EC Annex III). */
export const REFERENCE_TYPES = ['background', 'traffic', 'industrial', 'unknown'] as const;
/** One of `REFERENCE_TYPES`. */
export type ReferenceType = (typeof REFERENCE_TYPES)[number];

/** An official station, as its network states it. Its values are hourly means made there, not readings. */
export interface ReferenceFacts {
  /** Who measures, to be named beside every value: `Umweltbundesamt`. */
  network: string;
  /** Code in that network: `DENW095`. */
  code?: string;
  type: ReferenceType;
}

/** `pending`: waits for approval; `hidden`: owner took it off the map; `excluded`: operator left it out of figures. */
export type StationStatus = 'pending' | 'active' | 'hidden' | 'excluded';

/** A point, WGS 84 degrees. */
export interface Position {
  lat: number;
  lon: number;
}

/** A place. Outlives its devices. The exact position is here and on the owner's page only. */
export interface Station {
  /** 10 random characters of `[a-z0-9]`. */
  id: string;
  /** Permanent integer for the Sensor.Community-compatible API, 1e9 <= n < 2^31. */
  locationId: number;
  name: string;
  /** Exact; private. Everything public is computed from `publicPosition(station)`. */
  position: Position;
  /** Grid the public position snaps to, metres: 100 or coarser when the owner says so. */
  positionGridMetres: number;
  isIndoor: boolean;
  /** Owner opted in to publish an indoor station. */
  isPublishedIndoor: boolean;
  /** Owner opted in to publish noise levels. */
  isNoisePublic: boolean;
  heightClass?: HeightClass;
  siting?: Siting;
  /** Of the ground above sea level, metres. Public rounded to 10 m, where another system's format has a place for it. */
  altitudeMetres?: number;
  /** ISO 3166-1, two letters, as Sensor.Community says it. Only of stations mirrored from there and of the demo; all others stand where the instance does. */
  country?: string;
  sensorModels: string[];
  status: StationStatus;
  /** Public reason while `excluded`. */
  statusReason?: string;
  /** Since when, and why in a word, while `excluded`; absent for one left out before this was kept. */
  exclusion?: Exclusion;
  /** Why the operator did not let it through, while `pending`. */
  refusal?: StationRefusal;
  /** Where it came from: `direct`, `import`, `mirror`, `demo`. */
  source: 'direct' | 'import' | 'mirror' | 'demo';
  /** SPDX id or name of the data's licence, e.g. `ODbL-1.0`. */
  licence: string;
  /**
   * Number of this device's particle sensor at sensor.community, as its host named it: believed, and moved to
   * `externalIds`, once values agree.
   */
  sensorCommunityId?: number;
  /** e.g. `sensor.community:3659`. */
  externalIds: string[];
  /** Ids of mirrored stations that were joined with this one: their addresses lead here. */
  formerIds?: string[];
  /** The same stations as they were, so that they can be taken out again. Private. */
  joined?: JoinedStation[];
  /** Id of the station that is being joined with this one: copies of its readings are here. Private. */
  joining?: string;
  createdAt: number;
  /** Only of official stations. */
  reference?: ReferenceFacts;
  /** Text version of the terms the owner accepted, and when. Absent when an admin made the station. */
  consent?: { version: string; acceptedAt: number };
  /** Changes its series must tell, oldest first. */
  marks?: SeriesMark[];
  /** Periods the owner marked, in the order they were marked. */
  annotations?: Annotation[];
  /** Where it stood before, oldest first. Exact; private. */
  formerPlaces?: FormerPlace[];
}

/** A mirrored or imported station that was joined with one here, as it was then. */
export interface JoinedStation
  extends Pick<
    Station,
    'id' | 'name' | 'position' | 'isIndoor' | 'sensorModels' | 'source' | 'licence' | 'externalIds'
  > {
  formerIds: string[];
  /** Numbers that its sensors brought along. */
  numbers: { sensor: string; number: number }[];
  joinedAt: number;
  /** Readings from before this are its own, epoch ms. */
  until: number;
}

/** Whose a station is: of a resident, or of an official network. Only citizens' count in figures of areas. */
export function stationKind({ reference }: Pick<Station, 'reference'>): 'citizen' | 'reference' {
  return reference === undefined ? 'citizen' : 'reference';
}

/** Hardware, as it names itself. Never public. */
export interface Device {
  /** Matches `DEVICE_ID`. */
  id: string;
  stationId: string;
  boundAt: number;
  /** Extra names for a Zigbee2MQTT gateway account: the friendly names it may publish for. */
  names?: string[];
  /** Last authenticated message, epoch ms; a binding never used expires after 7 days. */
  lastSeenAt?: number;
}

/** The form of a device id. */
export const DEVICE_ID = /^(esp8266|esp32|raspi|tasmota|esphome|airgradient|zigbee|other)-[A-Za-z0-9_]{3,40}$/;
/** The form of a station id. */
export const STATION_ID = /^[a-z0-9]{10}$/;

/**
 * The only way a position becomes public: snapped to the nearest node of a fixed grid. Rows are `grid` metres apart in
 * latitude; columns are `grid` metres apart at that row's latitude, so two exact positions of one cell give the same
 * output and no average over requests can undo it. At 100 m the latitude step is 0.001 degrees, as sensor.community rounds.
 */
export function publicPosition(station: Pick<Station, 'position' | 'positionGridMetres'>): Position {
  const { lat, lon } = publicCell(station);
  return { lat, lon };
}

/** What the public learns of a place: the node of the grid, and how wide the cell around it is, degrees. */
export interface PublicCell extends Position {
  latStep: number;
  lonStep: number;
}

/** The cell of the grid a position lies in, with the node that stands for all of it. */
export function publicCell(station: Pick<Station, 'position' | 'positionGridMetres'>): PublicCell {
  const latStep = (Math.max(100, station.positionGridMetres) / 100) * 0.001;
  const lat = roundTo(Math.round(station.position.lat / latStep) * latStep, 4);
  const lonStep = roundTo(latStep / Math.max(0.01, Math.cos((lat * Math.PI) / 180)), 4);
  const lon = roundTo(Math.round(station.position.lon / lonStep) * lonStep, 4);
  return { lat, lon: onGlobe(lon), latStep, lonStep };
}

/** The outermost nodes of the grid lie on the date line or beyond it: they stay on their own side, where districts end with it. */
function onGlobe(lon: number): number {
  return Math.max(-179.9999, Math.min(179.9999, lon));
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** True when the station may appear in public outputs at all. */
export function isPublic(station: Pick<Station, 'status' | 'isIndoor' | 'isPublishedIndoor'>): boolean {
  return (
    (station.status === 'active' || station.status === 'excluded') && (!station.isIndoor || station.isPublishedIndoor)
  );
}

/** True when values of `quantity` may appear in public outputs: noise can tell what people do, so its host opts in. */
export function publishes(
  station: Pick<Station, 'status' | 'isIndoor' | 'isPublishedIndoor' | 'isNoisePublic'>,
  quantity: Quantity,
): boolean {
  return isPublic(station) && (quantity !== 'noise' || station.isNoisePublic);
}

/**
 * True for an official station that citizens' are compared with and adjusted to: public, and not left out of figures by the
 * operator, who may know that its place or its values are wrong.
 */
export function isComparedWith(station: Station): station is Station & Required<Pick<Station, 'reference'>> {
  return stationKind(station) === 'reference' && station.status === 'active' && isPublic(station);
}
