import type { LimitChoice } from '../../../domain/limits/limitChoice.ts';
import type { Language } from '../../../domain/names.ts';

/** Texts of the choice of a value to compare with. Never a word of law about residents' sensors. */
export interface LimitChoiceTexts {
  label: string;
  none: string;
  choice: Record<LimitChoice, string>;
  /** At the line; short, with averaging time. */
  line(choice: LimitChoice, value: string): string;
  drawn: string;
  notForHours: string;
  noDay: string;
  caution: string;
}

/** Both languages. */
export const LIMIT_CHOICE_TEXTS: Readonly<Record<Language, LimitChoiceTexts>> = {
  de: {
    label: 'Vergleichswert',
    none: 'ohne',
    choice: { who2021: 'WHO 2021', eu2030: 'EU ab 2030', 'eu-now': 'EU geltend' },
    line: (choice, value) => `${LIMIT_CHOICE_TEXTS.de.choice[choice]}, Tagesmittel ${value}`,
    drawn: 'Die gestrichelte Linie ist der Wert für das Tagesmittel.',
    notForHours:
      'Für Stundenmittel gilt keiner davon, deshalb fehlt hier eine Linie. Über 30 Tage und 12 Monate zeigt der Verlauf Tagesmittel.',
    noDay: 'Für das Tagesmittel gibt es darin keinen Wert, deshalb fehlt eine Linie.',
    caution:
      'Nur zum Vergleich: Ob ein Grenzwert eingehalten ist, stellen amtliche Messungen über ein ganzes Jahr fest. Sensoren von Bürgerinnen und Bürgern können das nicht.',
  },
  en: {
    label: 'Value to compare with',
    none: 'none',
    choice: { who2021: 'WHO 2021', eu2030: 'EU from 2030', 'eu-now': 'EU in force' },
    line: (choice, value) => `${LIMIT_CHOICE_TEXTS.en.choice[choice]}, daily mean ${value}`,
    drawn: 'The dashed line is the value for the daily mean.',
    notForHours:
      'None of them is meant for hourly means, so there is no line here. Over 30 days and 12 months the course shows daily means.',
    noDay: 'It sets no value for the daily mean, so there is no line.',
    caution:
      'For comparison only: whether a limit value is met is for official measurements over a whole year to say. Citizens’ sensors cannot.',
  },
};
