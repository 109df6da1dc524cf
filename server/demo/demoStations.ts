/** A station of the recording. */
export interface DemoStation {
  /** Sensor id in the first column of the recording. */
  sensor: string;
  name: string;
  lat: number;
  lon: number;
  /** ISO 3166-1, two letters. */
  country: string;
  /** How exactly the source states the place, metres. */
  positionGridMetres: number;
  sensorModels: string[];
  licence: string;
  externalIds: string[];
  /** First of the recorded days, epoch ms of its start (UTC). */
  firstDay: number;
}

/** Days the recording covers, from each station's `firstDay` on. */
export const RECORDED_DAYS = 10;
/** Day of the recording that plays as yesterday: 5 November in Bristol. Seven days of history lie before it. */
export const YESTERDAY = 7;

/** Where the map opens: Bristol. The one station elsewhere would otherwise stretch it over half the globe. */
export const DEMO_MAP = { center: { lat: 51.4645, lon: -2.5715 }, zoom: 13 } as const;

/** Positions as the source rounds them, three decimals. */
const BRISTOL: readonly (readonly [sensor: string, lat: number, lon: number])[] = [
  ['7675', 51.475, -2.577],
  ['17314', 51.463, -2.555],
  ['17316', 51.461, -2.588],
  ['17318', 51.453, -2.575],
  ['17459', 51.464, -2.582],
  ['17502', 51.468, -2.572],
  ['17506', 51.462, -2.563],
];

/** All stations of the recording. */
export const DEMO_STATIONS: readonly DemoStation[] = [
  ...BRISTOL.map(([sensor, lat, lon]) => ({
    sensor,
    name: `Bristol, Sensor ${sensor}`,
    lat,
    lon,
    country: 'GB',
    positionGridMetres: 100,
    sensorModels: ['sds011'],
    licence: 'ODbL-1.0',
    externalIds: [`sensor.community:${sensor}`],
    firstDay: Date.UTC(2018, 9, 29),
  })),
  {
    sensor: '12779556',
    name: 'Nhà Bè (Ho Chi Minh City), Sensor 12779556',
    // The source names the district, not the spot.
    lat: 10.67,
    lon: 106.73,
    country: 'VN',
    positionGridMetres: 2000,
    sensorModels: ['sds011', 'dht22'],
    licence: 'MIT',
    externalIds: [],
    firstDay: Date.UTC(2018, 9, 15),
  },
];
