import { type Response, Router } from 'express';
import type { Config } from '../config.ts';
import { isFromSensorCommunity, licencesOf, SENSOR_COMMUNITY } from '../domain/credit.ts';
import { strictestFirst } from '../domain/licences.ts';
import { isoDate } from '../domain/limits/limits.ts';
import { isPublic, publishes, type Station, stationKind } from '../domain/station.ts';
import { catalogRdf } from './catalogRdf.ts';
import { baseUrl } from './http/baseUrl.ts';

/** Addresses of licences that DCAT-AP asks for; others go by their name. */
const LICENCE_URLS: Readonly<Record<string, string>> = {
  'ODbL-1.0': 'https://opendatacommons.org/licenses/odbl/1-0/',
  'ODC-By-1.0': 'https://opendatacommons.org/licenses/by/1-0/',
  'PDDL-1.0': 'https://opendatacommons.org/licenses/pddl/1-0/',
  'CC0-1.0': 'https://creativecommons.org/publicdomain/zero/1.0/',
  'CC-BY-4.0': 'https://creativecommons.org/licenses/by/4.0/',
  'CC-BY-SA-4.0': 'https://creativecommons.org/licenses/by-sa/4.0/',
  'DL-DE-BY-2.0': 'https://www.govdata.de/dl-de/by-2-0',
  'DL-DE-ZERO-2.0': 'https://www.govdata.de/dl-de/zero-2-0',
};
const ENVIRONMENT = 'http://publications.europa.eu/resource/authority/data-theme/ENVI';
const FILE_TYPE = 'http://publications.europa.eu/resource/authority/file-type/';
const LANGUAGE = 'http://publications.europa.eu/resource/authority/language/';
/** No reading here is older (imports refuse it): without a beginning the file would hold the last day only. */
const SINCE_EVER = '2010-01-01T00:00:00Z';
const KIND_NAMES = {
  citizen: { de: 'Bürgerstation', en: 'citizen station' },
  reference: { de: 'amtlichen Station', en: 'official station' },
} as const;

/** What the catalogue is made from. */
export interface CatalogDeps {
  config: Pick<Config, 'INSTANCE_NAME' | 'CONTACT' | 'PUBLIC_URL' | 'DATA_LICENCE'>;
  stations: () => readonly Station[];
  hasAreas: () => boolean;
  clock: () => number;
}

interface Names {
  de: string;
  en: string;
}

/** One way to get a data set. */
interface Distribution {
  path: string;
  title: Names;
  format: 'JSON' | 'CSV' | 'GEOJSON';
  mediaType: string;
}

/** One data set before it is written down. */
interface DataSet {
  /** Last part of its address in the catalogue. */
  id: string;
  title: Names;
  description: Names;
  /** Every licence of what is in it, the strictest first. */
  licences: string[];
  /** True when some of it came through sensor.community. */
  isCredited: boolean;
  distributions: Distribution[];
}

/** `/catalog.jsonld` and `/catalog.rdf`: DCAT-AP 3, what open data portals harvest. */
export function createCatalogRouter(deps: CatalogDeps): Router {
  const router = Router();
  router.get('/catalog.jsonld', (request, response) => {
    prepare(response)
      .type('application/ld+json')
      .send(JSON.stringify(catalogOf(deps, baseUrl(request, deps.config.PUBLIC_URL))));
  });
  router.get('/catalog.rdf', (request, response) => {
    prepare(response)
      .type('application/rdf+xml')
      .send(catalogRdf(catalogOf(deps, baseUrl(request, deps.config.PUBLIC_URL))));
  });
  return router;
}

function prepare(response: Response): Response {
  return response.set('Cache-Control', 'public, max-age=3600');
}

/** A node of the graph: values are texts, references `{@id}`, texts in a language, nodes, or lists of them. */
export type CatalogNode = { [key: string]: CatalogValue };
/** What may stand in a node of the catalogue. */
export type CatalogValue = string | CatalogNode | readonly CatalogValue[];

/** The catalogue as JSON-LD, all nodes nested in the catalogue. */
function catalogOf(deps: CatalogDeps, base: string): CatalogNode {
  const { config, clock } = deps;
  const publisher: CatalogNode = {
    '@id': `${base}/#publisher`,
    '@type': 'foaf:Agent',
    'foaf:name': config.INSTANCE_NAME,
    ...(config.CONTACT !== undefined && { 'foaf:mbox': contactUrl(config.CONTACT) }),
  };
  return {
    '@context': CONTEXT,
    '@id': `${base}/catalog.jsonld`,
    '@type': 'dcat:Catalog',
    'dct:title': inBoth({ de: `Messdaten von ${config.INSTANCE_NAME}`, en: `Measurements of ${config.INSTANCE_NAME}` }),
    'dct:description': inBoth({
      de: 'Feinstaub und Klima aus Bürgersensoren. Bürgermessungen, keine amtlichen Messwerte.',
      en: 'Particulates and climate from citizen sensors. Citizen measurements, not official values.',
    }),
    'dct:publisher': publisher,
    'foaf:homepage': { '@id': `${base}/` },
    'dct:language': [{ '@id': `${LANGUAGE}DEU` }, { '@id': `${LANGUAGE}ENG` }],
    'dct:modified': { '@value': isoDate(clock()), '@type': 'xsd:date' },
    'dcat:dataset': dataSets(deps).map((set) => dataSetNode(set, { base, publisher, contact: config.CONTACT })),
  };
}

const CONTEXT: CatalogNode = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

function dataSets({ stations, hasAreas, config }: CatalogDeps): DataSet[] {
  const open = stations().filter((station) => isPublic(station));
  const licences = strictestFirst(open.length === 0 ? [config.DATA_LICENCE] : open.flatMap(licencesOf));
  const rights = { licences, isCredited: open.some(isFromSensorCommunity) };
  const shared = [
    {
      id: 'stations',
      title: { de: 'Stationen', en: 'Stations' },
      description: {
        de: 'Alle öffentlichen Stationen mit ihren letzten Werten; Orte auf etwa 100 m gerundet.',
        en: 'All public stations with their latest values; places rounded to about 100 m.',
      },
      ...rights,
      distributions: [json('/api/v1/stations', 'GEOJSON', 'application/geo+json', { de: 'Stationen', en: 'Stations' })],
    },
    {
      id: 'citations',
      title: { de: 'Zitate', en: 'Citations' },
      description: {
        de: 'Festgehaltene, unterschriebene Zahlen mit allen Stundenwerten, auf denen sie beruhen.',
        en: 'Frozen, signed figures with every hourly value they rest on.',
      },
      ...rights,
      distributions: [
        json('/api/v1/citations', 'JSON', 'application/json', { de: 'Liste der Zitate', en: 'List of citations' }),
      ],
    },
  ] satisfies DataSet[];
  const areas: DataSet = {
    id: 'areas',
    title: { de: 'Gebiete', en: 'Areas' },
    description: {
      de: 'Median der Stationen je Gebiet, mit Quartilen, Zahl der Stationen und Gründen, warum welche nicht zählen.',
      en: 'Median of the stations of each area, with quartiles, number of stations and why some do not count.',
    },
    ...rights,
    distributions: [json('/api/v1/areas', 'JSON', 'application/json', { de: 'Gebiete', en: 'Areas' })],
  };
  const single = open.filter((station) => publishes(station, 'pm25')).map(stationSet);
  return [...shared, ...(hasAreas() ? [areas] : []), ...single];
}

function stationSet(station: Station): DataSet {
  const { id, name } = station;
  const series = (quantity: string) =>
    `/api/v1/stations/${id}/series?quantity=${quantity}&window=1h&from=${SINCE_EVER}&format=csv`;
  const kind = KIND_NAMES[stationKind(station)];
  return {
    id: `station-${id}`,
    title: { de: `Station ${name}`, en: `Station ${name}` },
    description: {
      de: `Stundenmittel der ${kind.de} ${name}, mit Abdeckung und Merkzeichen.`,
      en: `Hourly means of the ${kind.en} ${name}, with coverage and flags.`,
    },
    licences: strictestFirst(licencesOf(station)),
    isCredited: isFromSensorCommunity(station),
    distributions: (['pm25', 'pm10'] as const).map((quantity) => ({
      path: series(quantity),
      title: { de: `${quantity.toUpperCase()}, Stundenmittel`, en: `${quantity.toUpperCase()}, hourly means` },
      format: 'CSV' as const,
      mediaType: 'text/csv',
    })),
  };
}

function json(path: string, format: 'JSON' | 'GEOJSON', mediaType: string, title: Names): Distribution {
  return { path, format, mediaType, title };
}

function dataSetNode(
  { distributions, ...set }: DataSet,
  { base, publisher, contact }: { base: string; publisher: CatalogNode; contact: string | undefined },
): CatalogNode {
  const { id, title, description, isCredited } = set;
  return {
    '@id': `${base}/catalog.jsonld#${id}`,
    '@type': 'dcat:Dataset',
    'dct:title': inBoth(title),
    'dct:description': inBoth(description),
    'dct:publisher': { '@id': String(publisher['@id']) },
    ...(isCredited && { 'dct:source': { '@id': SENSOR_COMMUNITY.url } }),
    'dcat:theme': { '@id': ENVIRONMENT },
    'dcat:keyword': [
      { '@value': 'Feinstaub', '@language': 'de' },
      { '@value': 'particulate matter', '@language': 'en' },
    ],
    ...(contact !== undefined && {
      'dcat:contactPoint': { '@type': 'vcard:Kind', 'vcard:fn': contact, 'vcard:hasEmail': contactUrl(contact) },
    }),
    'dcat:distribution': distributions.map((each) => distributionNode(each, set, base)),
  };
}

function distributionNode(
  { path, title, format, mediaType }: Distribution,
  { licences, isCredited }: Pick<DataSet, 'licences' | 'isCredited'>,
  base: string,
): CatalogNode {
  return {
    '@id': `${base}${path}`,
    '@type': 'dcat:Distribution',
    'dct:title': inBoth(title),
    'dcat:accessURL': { '@id': `${base}${path}` },
    'dct:format': { '@id': `${FILE_TYPE}${format}` },
    'dcat:mediaType': { '@id': `https://www.iana.org/assignments/media-types/${mediaType}` },
    // Of several the strictest is the licence; all of them are the rights to be kept.
    'dct:license': licenceNode(licences[0]!),
    ...((licences.length > 1 || isCredited) && { 'dct:rights': rightsNode(licences, isCredited) }),
  };
}

/** Everything that applies beside the one licence, in words. */
function rightsNode(licences: readonly string[], isCredited: boolean): CatalogNode {
  const { name, url, licence, contentsLicence, contentsLicenceUrl } = SENSOR_COMMUNITY;
  const all = licences.length > 1 ? [`${licences.join(', ')}.`] : [];
  const database = `${licence}, ${contentsLicence} (${contentsLicenceUrl})`;
  const de = [...all, ...(isCredited ? [`Messwerte ganz oder zum Teil von ${name} (${url}): ${database}.`] : [])];
  const en = [...all, ...(isCredited ? [`Readings wholly or in part from ${name} (${url}): ${database}.`] : [])];
  return { '@type': 'dct:RightsStatement', 'rdfs:label': inBoth({ de: de.join(' '), en: en.join(' ') }) };
}

function licenceNode(licence: string): CatalogNode {
  const url = LICENCE_URLS[licence];
  return url === undefined ? { '@type': 'dct:LicenseDocument', 'dct:title': licence } : { '@id': url };
}

function inBoth({ de, en }: Names): CatalogValue {
  return [
    { '@value': de, '@language': 'de' },
    { '@value': en, '@language': 'en' },
  ];
}

function contactUrl(contact: string): CatalogNode {
  return { '@id': /^https?:/.test(contact) ? contact : `mailto:${contact}` };
}
