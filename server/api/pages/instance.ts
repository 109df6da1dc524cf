import type { Position } from '../../domain/station.ts';
import type { Language } from './language.ts';

/** What every page needs to know about this installation: `GET /api/v1/instance`, and embedded in each page. */
export interface Instance {
  name: string;
  /** Address the operator can be reached at; empty when none is set. */
  contact: string;
  /** Language of visitors who ask for neither German nor English. */
  language: Language;
  /** IANA zone all times are shown in. */
  timeZone: string;
  /** Where the map starts; absent: around the stations. */
  center?: Position;
  zoom?: number;
  /** Leaflet tile template. Absent unless the operator turned a tile server on: then nothing leaves this server. */
  tileUrl?: string;
  tileAttribution?: string;
  /** Where the outlines of the districts are, GeoJSON; absent when none are configured. */
  districtsUrl?: string;
  /** SPDX id of the licence of the measurements. */
  licence: string;
  /** Set while recorded readings are replayed. */
  demo?: DemoNotice;
  version: string;
}

/** What a replay says about itself on every page. */
export interface DemoNotice {
  /** Who measured, as the licence wants it said. */
  credit: string;
  licence: string;
  /** One sentence a language. */
  text: Record<Language, string>;
}
