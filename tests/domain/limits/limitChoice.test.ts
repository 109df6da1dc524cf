import { describe, expect, it } from '@jest/globals';
import {
  chosenLimits,
  LIMIT_CHOICES,
  type LimitChoice,
  limitChoiceOf,
} from '../../../server/domain/limits/limitChoice.ts';

/** `id value` of both means. */
function found(choice: LimitChoice, pollutant: 'pm25' | 'pm10', on: string) {
  const { day, year } = chosenLimits(choice, pollutant, on);
  return [day, year].map((limit) => limit && `${limit.id} ${limit.value}`);
}

describe('the values a chart can be held against', () => {
  it.each([
    ['who2021', 'pm25', '2026-11-26', 'who2021.pm25.day.aqg 15', 'who2021.pm25.year.aqg 5'],
    ['who2021', 'pm10', '2026-11-26', 'who2021.pm10.day.aqg 45', 'who2021.pm10.year.aqg 15'],
    ['eu2030', 'pm25', '2026-11-26', 'eu2024.t1.pm25.day 25', 'eu2024.t1.pm25.year 10'],
    ['eu2030', 'pm10', '2031-01-01', 'eu2024.t1.pm10.day 45', 'eu2024.t1.pm10.year 20'],
    ['eu-now', 'pm10', '2026-11-26', 'eu2008.pm10.day 50', 'eu2008.pm10.year 40'],
    ['eu-now', 'pm10', '2027-01-01', 'eu2024.t2.pm10.day 50', 'eu2024.t2.pm10.year 40'],
    ['eu-now', 'pm10', '2030-01-01', 'eu2024.t1.pm10.day 45', 'eu2024.t1.pm10.year 20'],
  ] as const)('are of %s for %s on %s: %s and %s', (choice, pollutant, on, day, year) => {
    expect(found(choice, pollutant, on)).toEqual([day, year]);
  });

  it('lack the daily mean of PM2.5 in the EU now: nothing is put in its place', () => {
    expect(found('eu-now', 'pm25', '2026-11-26')).toEqual([undefined, 'eu2008.pm25.year 25']);
  });

  it('are known by what a link says, and only by that', () => {
    expect(LIMIT_CHOICES.map(limitChoiceOf)).toEqual([...LIMIT_CHOICES]);
    expect(['who', '', undefined].map(limitChoiceOf)).toEqual([undefined, undefined, undefined]);
  });
});
