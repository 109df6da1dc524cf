import { LAW_STATE, type LimitFilter, limitsComing, limitsInForce } from './limits.ts';
import type { IsoDate, Limit, LimitPollutant } from './limitTable.ts';

/** Texts a reader can hold a chart of daily means against: WHO 2021, the EU from 2030 on, the EU now. */
export const LIMIT_CHOICES = ['who2021', 'eu2030', 'eu-now'] as const;
/** One of `LIMIT_CHOICES`. */
export type LimitChoice = (typeof LIMIT_CHOICES)[number];

/** Values of one text for the daily and the annual mean, µg/m³; absent where the text sets none. */
export interface ChosenLimits {
  day?: Limit;
  year?: Limit;
}

/** The choice a link names; undefined for none and for unknown ones. */
export function limitChoiceOf(text: string | undefined): LimitChoice | undefined {
  return LIMIT_CHOICES.find((choice) => choice === text);
}

/** What a text says of a pollutant on a date. Of the EU the limit values alone: no targets, no thresholds. */
export function chosenLimits(choice: LimitChoice, pollutant: LimitPollutant, on: IsoDate): ChosenLimits {
  const limits = limitsOf(choice, { pollutants: [pollutant] }, on);
  const day = limits.find(({ averaging }) => averaging === 'day');
  const year = limits.find(({ averaging }) => averaging === 'year');
  return { ...(day && { day }), ...(year && { year }) };
}

function limitsOf(choice: LimitChoice, filter: LimitFilter, on: IsoDate): Limit[] {
  if (choice === 'who2021') {
    return limitsInForce(on, { ...filter, jurisdictions: ['WHO'] }).filter(({ kind }) => kind === 'guideline');
  }
  const ofEu = { ...filter, jurisdictions: ['EU'] } as const;
  // Asked from the day the tables were checked, so that 2030 itself changes nothing.
  const found =
    choice === 'eu-now' ? limitsInForce(on, ofEu) : limitsComing(LAW_STATE.checkedOn, ofEu).filter(from2030);
  return found.filter(({ kind }) => kind === 'limit');
}

function from2030({ validFrom }: Limit): boolean {
  return validFrom === '2030-01-01';
}
