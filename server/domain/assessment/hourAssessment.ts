import { type DerivedFlag, THRESHOLDS } from './assessment.ts';
import { agreementOfHour, judgeSpike, type StationHour } from './neighbourhood.ts';
import type { OwnPast } from './spikeWindow.ts';

/** A closed hour of one station beside those of its neighbours. */
export interface NeighbouringHours {
  /** Valid means of the hour, the station's own first. */
  hours: readonly StationHour[];
  /** How its hour stands to its own past; absent while that is too short or was not looked at. */
  past?: OwnPast | undefined;
  /** The same of its neighbours, as far as they have it. */
  pastsOfOthers: readonly OwnPast[];
}

/** Flags of a station's hour, by its own past and by its neighbours; `z`: robust, absent below five stations. */
export function judgeHour({ hours, past, pastsOfOthers }: NeighbouringHours): { flags: DerivedFlag[]; z?: number } {
  const spike = past && judgeSpike(past, pastsOfOthers);
  const own = agreementOfHour(hours)?.[0];
  const flags: DerivedFlag[] = spike === undefined ? [] : [spike];
  if (own?.isAgreeing === false) flags.push('unlike-neighbours');
  return { flags, ...(own && { z: own.z }) };
}

/**
 * True when at least half of an hour's readings are humid. `humidShare`: share of its readings with the flag, 0 to 1.
 */
export function isHumidHour(humidShare: number): boolean {
  return humidShare >= 0.5;
}

/**
 * True when a day has six humid hours or more. Humidity never takes a value out of a mean: it marks, and widens the
 * uncertainty.
 */
export function isHumidDay(humidShares: readonly number[]): boolean {
  return humidShares.filter(isHumidHour).length >= THRESHOLDS.humidDayHours;
}
