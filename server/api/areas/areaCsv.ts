import type { AreaFigure } from '../../areas/areaFigures.ts';
import type { AreaWindow } from '../../areas/areaWindows.ts';
import type { Area } from '../../domain/area.ts';
import { AREA_VERSION } from '../../domain/areaStatistics.ts';
import { UNCERTAINTY_VERSION } from '../../domain/correction/uncertainty.ts';
import { CLOCK_MEAN_VERSION } from '../../domain/means/clockMean.ts';
import { type Quantity, UNITS } from '../../domain/quantity.ts';
import { csvNote } from '../http/csvFile.ts';

/** What the file is of. */
export interface AreaCsvHead {
  area: Area;
  quantity: Quantity;
  window: AreaWindow;
  dayOffset: string;
  licence: string;
}

const COLUMNS =
  'start,median,lowerQuartile,upperQuartile,min,max,stations,state,uncertainty,indoor,unknownIndoor,excluded,withoutValidMean,uncertaintyFrom';

/** A course of area figures as a file that says what it is. */
export function areaCsv(head: AreaCsvHead, figures: readonly AreaFigure[]): string {
  const { area, quantity, window, dayOffset, licence } = head;
  const lines = [
    'Bürgermessung, kein amtlicher Messwert. / Citizen measurement, not an official value.',
    `Area: ${area.name} (${area.id}): median of the stations in it, not the air of the whole area`,
    `Quantity: ${quantity}; unit: ${UNITS[quantity]}; windows: ${window}; days: UTC${dayOffset}`,
    `Method: ${AREA_VERSION} of ${CLOCK_MEAN_VERSION}, ${UNCERTAINTY_VERSION}: each station's own mean over the whole window, then their median;`,
    'a number from 3 stations, quartiles from 5; four columns count the stations left out.',
    'Times: ISO 8601 UTC, start of the half-open window; weeks begin on Monday',
    `Licence: ${licence}`,
  ];
  return `${lines.map(csvNote).join('')}${COLUMNS}\n${figures.map(lineOf).join('')}`;
}

function lineOf({
  start,
  median,
  lowerQuartile,
  upperQuartile,
  min,
  max,
  count,
  state,
  uncertainty,
  uncertaintyFrom,
  leftOut,
}: AreaFigure) {
  const { indoor, unknownIndoor, excluded, withoutValidMean } = leftOut;
  const cells = [
    ...[new Date(start).toISOString(), median, lowerQuartile, upperQuartile, min, max, count, state, uncertainty],
    ...[indoor, unknownIndoor, excluded, withoutValidMean, uncertaintyFrom],
  ];
  return `${cells.map((cell) => cell ?? '').join(',')}\n`;
}
