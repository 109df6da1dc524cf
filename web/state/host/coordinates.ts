import type { Position } from '../../../server/domain/station.ts';

/** Degrees, and minutes and seconds if they are given: `50°56'52.8"`. */
const DMS = String.raw`(\d{1,3})\s*°\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:["″”]|'')\s*)?`;
const WITH_LETTERS = new RegExp(`^${DMS}([NS])[\\s,;]*${DMS}([EOW])$`, 'i');
const DECIMAL_POINTS = /^([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?:[,;\s])\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?$/;
const DECIMAL_COMMAS = /^([+-]?\d{1,3},\d+)\s*°?\s*[;\s]\s*([+-]?\d{1,3},\d+)\s*°?$/;

/**
 * Reads coordinates as maps and phones write them, latitude first: `50.948, 6.919`, `50,948 6,919`,
 * `50°56'52"N 6°55'8"E` (also German `O`). Undefined for anything else and for places that are not on Earth.
 */
export function parseCoordinates(text: string): Position | undefined {
  const trimmed = text.trim();
  const plain = DECIMAL_POINTS.exec(trimmed) ?? DECIMAL_COMMAS.exec(trimmed);
  if (plain) return onEarth(numberOf(plain[1]), numberOf(plain[2]));
  const lettered = WITH_LETTERS.exec(trimmed);
  if (!lettered) return undefined;
  const [, latD, latM, latS, ns = 'N', lonD, lonM, lonS, ew = 'E'] = lettered;
  const lat = degrees(latD, latM, latS) * (/s/i.test(ns) ? -1 : 1);
  const lon = degrees(lonD, lonM, lonS) * (/w/i.test(ew) ? -1 : 1);
  return onEarth(lat, lon);
}

/** `50.94812, 6.91934`: five decimals are a metre. */
export function formatCoordinates({ lat, lon }: Position): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

function degrees(whole: string | undefined, minutes: string | undefined, seconds: string | undefined): number {
  return numberOf(whole) + numberOf(minutes ?? '0') / 60 + numberOf(seconds ?? '0') / 3600;
}

function numberOf(text: string | undefined): number {
  return Number((text ?? '').replace(',', '.'));
}

function onEarth(lat: number, lon: number): Position | undefined {
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}
