import { medianOfStations } from '../../server/api/pages/station/figures.ts';
import { type Band, bandFor, classInWords } from '../../server/domain/airQuality.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { Language } from '../../server/domain/names.ts';
import { UNITS } from '../../server/domain/quantity.ts';
import { countsInFigures } from '../map/hexagons.ts';
import type { MapModel } from './mapModel.ts';
import { type Appearance, appearanceOf, type MapStation } from './station.ts';

/** A station's value as every view says it: marker, sheet, table and screen reader use the same words. */
export interface StationWords {
  appearance: Appearance;
  /** Number and unit; `–` without one. */
  value: string;
  /** Only for a valid value: an uncertain one has no class. */
  band?: Band;
  bandName: string;
  coverage: string;
  age: string;
  state: string;
}

/** Describes a station under the model's layer at its clock. */
export function wordsOf(model: MapModel, station: MapStation): StationWords {
  const { t, format, language } = model.context;
  const quantity = model.quantity.value;
  const now = model.valueNow.value;
  const appearance = appearanceOf(station, now, model.average.value);
  const band = appearance === 'ok' ? bandFor(model.scale.value, quantity, station.value) : undefined;
  return {
    appearance,
    value: station.value === null ? '–' : format.value(quantity, station.value),
    ...(band && { band }),
    bandName: band ? className(band, language, model.scale.value === 'neutral' ? UNITS[quantity] : '') : '–',
    coverage: format.percent(station.coverage),
    age: ageOf(model, station, now),
    state: t.state[appearance],
  };
}

/** How old a live value is; a past hour is named instead. */
function ageOf(model: MapModel, station: MapStation, now: number): string {
  const { t, format, nameOf } = model.context;
  if (model.hour.value !== undefined) return t.hourFrom(format.time(model.hour.value - HOUR_MS));
  return station.lastSeenAt === null
    ? t.neverSeen(nameOf(model.quantity.value))
    : t.ago(Math.max(0, (now - station.lastSeenAt) / 1000));
}

/** `über 5 bis 10 µg/m³` or `mäßig`. */
export function bandName(band: Band, language: Language, unit: string): string {
  return unit ? `${band.names[language]}\u202f${unit}` : band.names[language];
}

/** The same beside a value, where a range says that it is a class. */
function className(band: Band, language: Language, unit: string): string {
  return unit ? classInWords(band, language, unit) : band.names[language];
}

/** One line for a screen reader or a tooltip: name, value, what is wrong with it, age. */
export function spokenLine(model: MapModel, station: MapStation): string {
  const words = wordsOf(model, station);
  const parts = [station.name, words.value, words.appearance === 'ok' ? words.bandName : words.state, words.age];
  return parts.join(', ');
}

/** Count and median of the valid stations among `stations`; no median below three. */
export function figureInWords(
  model: MapModel,
  stations: readonly MapStation[],
): { stations: number; valid: number; median?: string } {
  const now = model.valueNow.value;
  const average = model.average.value;
  const values = stations.filter((station) => countsInFigures(station, now, average)).map(({ value }) => value ?? 0);
  const middle = medianOfStations(values);
  const counts = { stations: stations.length, valid: values.length };
  if (middle === undefined) return counts;
  return { ...counts, median: model.context.format.value(model.quantity.value, middle) };
}
