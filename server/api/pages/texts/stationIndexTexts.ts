import type { Language } from '../../../domain/names.ts';

type Span = { from: string; to: string };

/** Texts of a station's index classes. */
export interface StationIndexTexts {
  heading: string;
  none(parts: Span): string;
  basis: Record<'hour' | 'nowcast', (parts: Span & { value: string }) => string>;
  note: string;
  methods: string;
}

/** Both languages. */
export const STATION_INDEX_TEXTS: Readonly<Record<Language, StationIndexTexts>> = {
  de: {
    heading: 'Indexklassen',
    none: ({ from, to }) => `Die Stunde von ${from} bis ${to} hat kein gültiges Mittel, also auch keine Klasse.`,
    basis: {
      hour: ({ from, to, value }) => `Stunde von ${from} bis ${to}: ${value}`,
      nowcast: ({ to, value }) => `NowCast der 12 Stunden bis ${to}: ${value}`,
    },
    note: 'Aus vollen Stunden nach der Uhr. Amtliche Indizes werten auch Gase aus, die dieses Netz nicht misst.',
    methods: 'Einteilung und Quellen',
  },
  en: {
    heading: 'Index classes',
    none: ({ from, to }) => `The hour from ${from} to ${to} has no valid mean, and so no class.`,
    basis: {
      hour: ({ from, to, value }) => `hour from ${from} to ${to}: ${value}`,
      nowcast: ({ to, value }) => `NowCast of the 12 hours to ${to}: ${value}`,
    },
    note: 'From whole hours by the clock. Official indices judge gases too, which this network does not measure.',
    methods: 'Classes and sources',
  },
};
