import type { StationFacts } from './evidence.ts';
import type { Choices } from './question.ts';
import type { StationCourse } from './stationCourse.ts';

/** One station's course with what is known of it. */
export interface CoursedStation {
  facts: StationFacts;
  course: StationCourse;
}

/** As much of a station as tells whether it counts. */
export interface RankedStation {
  facts: StationFacts;
  course: Pick<StationCourse, 'mean'>;
}

/** Outdoors (or asked for alone), not left out by the operator, and of the stations the choice allows. */
function allowedStations<Station extends RankedStation>(
  stations: readonly Station[],
  choices: Choices,
  isSingle: boolean,
): Station[] {
  return stations.filter(
    ({ facts }) =>
      (isSingle || !facts.isIndoor) &&
      (isSingle || facts.excludedFor === null) &&
      (choices.stations === 'all' || facts.validLastYear === true),
  );
}

/** The stations a figure is made of under its choices. */
export function countedStations<Station extends RankedStation>(
  stations: readonly Station[],
  choices: Choices,
  isSingle: boolean,
): Station[] {
  const valid = allowedStations(stations, choices, isSingle).filter(({ course }) => course.mean !== null);
  if (choices.highest === 'with' || isSingle || valid.length === 0) return valid;
  const highest = valid.reduce((top, each) => (each.course.mean! > top.course.mean! ? each : top));
  return valid.filter((station) => station !== highest);
}

/** Stations whose days enter the ledger: the highest, when left out, is left out of every day. */
export function eligibleStations(
  stations: readonly CoursedStation[],
  choices: Choices,
  isSingle: boolean,
  counted: readonly CoursedStation[],
): CoursedStation[] {
  const allowed = allowedStations(stations, choices, isSingle);
  if (choices.highest === 'with' || isSingle) return allowed;
  return allowed.filter((station) => station.course.mean === null || counted.includes(station));
}
