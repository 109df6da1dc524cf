import type { Station } from './station.ts';

/** Whom readings that came through sensor.community are credited to, and where their licence is, as it asks to be named. */
export const SENSOR_COMMUNITY = {
  name: 'Sensor.Community',
  url: 'https://sensor.community/',
  licence: 'ODbL 1.0',
  licenceUrl: 'https://opendatacommons.org/licenses/odbl/1-0/',
  /** Its database as a whole is under the licence above, each value in it under this one. */
  contentsLicence: 'DbCL 1.0',
  contentsLicenceUrl: 'https://opendatacommons.org/licenses/dbcl/1-0/',
} as const;

/** SPDX id of its licence, and who is to be named beside it. */
const THEIRS = `ODbL-1.0 (${SENSOR_COMMUNITY.name}, ${SENSOR_COMMUNITY.url})`;

/** True for a station all or some of whose readings are from sensor.community. */
export function isFromSensorCommunity({ externalIds }: Pick<Station, 'externalIds'>): boolean {
  return externalIds.some((id) => id.startsWith('sensor.community'));
}

/** The licence of a station's readings as files and citations name it: with whom it wants named. */
export function creditedLicence(station: Pick<Station, 'licence' | 'source' | 'externalIds'>): string {
  if (!isFromSensorCommunity(station)) return station.licence;
  return station.source === 'direct' ? `${station.licence}; in part ${THEIRS}` : THEIRS;
}

/** SPDX ids of every licence that applies to a station's readings: theirs for what came from there, its own for the rest. */
export function licencesOf(station: Pick<Station, 'licence' | 'source' | 'externalIds'>): string[] {
  if (!isFromSensorCommunity(station)) return [station.licence];
  return station.source === 'direct' ? [station.licence, 'ODbL-1.0'] : ['ODbL-1.0'];
}
