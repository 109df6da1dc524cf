import type { paintRules } from 'protomaps-leaflet';

/** Colours of a Protomaps basemap, by what they paint. */
export type Flavor = Parameters<typeof paintRules>[0];

/** The few tones a map needs that stays behind its stations. */
interface Tones {
  land: string;
  water: string;
  green: string;
  /** Industry, schools, airfields: ground that is neither green nor street. */
  built: string;
  building: string;
  path: string;
  street: string;
  main: string;
  casing: string;
  rail: string;
  border: string;
  label: string;
  quietLabel: string;
  halo: string;
}

/** Land, water and border as in `base.css`. Labels have 4.5 : 1 against the land in both. */
const LIGHT: Tones = {
  land: '#eceeea',
  water: '#cbdce6',
  green: '#dde7d8',
  built: '#e4e5e1',
  building: '#dadcd8',
  path: '#f4f5f2',
  street: '#ffffff',
  main: '#ffffff',
  casing: '#d3d8d6',
  rail: '#b4bbbb',
  border: '#a3adb3',
  label: '#3c4952',
  quietLabel: '#55636d',
  halo: '#f4f5f2',
};
const DARK: Tones = {
  land: '#1f282e',
  water: '#10171c',
  green: '#22302d',
  built: '#232c32',
  building: '#2a343b',
  path: '#2b353c',
  street: '#36424a',
  main: '#435059',
  casing: '#1a2228',
  rail: '#3a454d',
  border: '#4d5a64',
  label: '#c3ced6',
  quietLabel: '#a9b7c1',
  halo: '#161d23',
};

/** Muted colours for the operator's map in light or dark: the stations are what is to be seen. */
export function fileFlavor(isDark: boolean): Flavor {
  const tones = isDark ? DARK : LIGHT;
  return { background: tones.land, ...ground(tones), ...roads(tones), ...labels(tones) };
}

function ground({ land, water, green, built, building, border }: Tones) {
  return {
    ...{ earth: land, water, boundaries: border, buildings: building, glacier: land, sand: land, beach: land },
    ...{ park_a: green, park_b: green, wood_a: green, wood_b: green, scrub_a: green, scrub_b: green, zoo: green },
    ...{ hospital: built, industrial: built, school: built, aerodrome: built, military: built, pedestrian: built },
    ...{ runway: building, pier: built },
  };
}

function roads({ path, street, main, casing, rail }: Tones) {
  return {
    ...{ other: path, minor_service: path, minor_a: street, minor_b: street, link: main, major: main, highway: main },
    ...{ tunnel_other: path, tunnel_minor: path, tunnel_link: path, tunnel_major: path, tunnel_highway: path },
    ...{ bridges_other: path, bridges_minor: street, bridges_link: main, bridges_major: main, bridges_highway: main },
    ...{ minor_service_casing: casing, minor_casing: casing, link_casing: casing, major_casing_late: casing },
    ...{ highway_casing_late: casing, major_casing_early: casing, highway_casing_early: casing },
    ...{ tunnel_other_casing: casing, tunnel_minor_casing: casing, tunnel_link_casing: casing },
    ...{ tunnel_major_casing: casing, tunnel_highway_casing: casing, bridges_other_casing: casing },
    ...{ bridges_minor_casing: casing, bridges_link_casing: casing, bridges_major_casing: casing },
    ...{ bridges_highway_casing: casing, railway: rail },
  };
}

function labels({ label, quietLabel, halo }: Tones) {
  return {
    ...{ roads_label_minor: quietLabel, roads_label_minor_halo: halo, roads_label_major: quietLabel },
    ...{ roads_label_major_halo: halo, ocean_label: quietLabel, subplace_label: quietLabel, subplace_label_halo: halo },
    ...{ city_label: label, city_label_halo: halo, state_label: quietLabel, state_label_halo: halo },
    ...{ country_label: label, address_label: quietLabel, address_label_halo: halo },
  };
}
