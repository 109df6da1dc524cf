import { type DerivedFlag, THRESHOLDS } from './assessment.ts';
import { agreementOfHour, judgeSpike, type StationHour } from './neighbourhood.ts';
import { type OwnPast, SpikeWindow } from './spikeWindow.ts';

/** One closed hour of a neighbourhood: the valid means of its stations. */
export interface DistrictHour {
  /** Epoch ms. */
  start: number;
  stations: readonly StationHour[];
}

/** Flags of one station's hour, with what they rest on. */
export interface HourFlags {
  stationId: string;
  flags: DerivedFlag[];
  /** How the hour stands to the station's own past; absent while that is too short. */
  past?: OwnPast;
  /** Robust z among the neighbours; absent below five stations. */
  z?: number;
}

/**
 * Judges hours of one quantity over a neighbourhood, in order of time: each station by its own past, and by the
 * others. One assessor serves one neighbourhood; a lone station is a neighbourhood of one.
 */
export class HourAssessor {
  readonly #windowByStation = new Map<string, SpikeWindow>();

  /** Flags of every station of the hour, in the order given. */
  assess({ start, stations }: DistrictHour): HourFlags[] {
    const pasts = stations.map(({ stationId, mean }) => this.#window(stationId).add(start, mean));
    const agreement = agreementOfHour(stations);
    return stations.map(({ stationId }, at) => {
      const past = pasts[at];
      const others = pasts.filter((each, other) => other !== at && each !== undefined) as OwnPast[];
      const spike = past && judgeSpike(past, others);
      const agreeing = agreement?.[at];
      const flags: DerivedFlag[] = spike === undefined ? [] : [spike];
      if (agreeing?.isAgreeing === false) flags.push('unlike-neighbours');
      return { stationId, flags, ...(past && { past }), ...(agreeing && { z: agreeing.z }) };
    });
  }

  #window(stationId: string): SpikeWindow {
    const window = this.#windowByStation.get(stationId) ?? new SpikeWindow();
    this.#windowByStation.set(stationId, window);
    return window;
  }
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
