import type { TimeWindow } from '../means/calendarWindows.ts';
import type { Names } from '../names.ts';

/** What an operator tells everybody about some days: what was in the air, and how to read the values of that time. */
export interface PublicNotice {
  /** 10 characters as a station's id. */
  id: string;
  kind: NoticeKind;
  /** `[from, to)`, epoch ms. */
  from: number;
  to: number;
  /** One or two sentences, in each language we write. */
  text: Names;
  changedAt: number;
}

/** Longest time one notice is about, days of 24 hours. */
export const NOTICE_DAYS = 92;
/** Most characters of its text in one language. */
export const NOTICE_CHARACTERS = 400;

/** Kinds of notices: name, and words to begin with. */
export const NOTICE_KINDS = {
  fog: {
    name: { de: 'Nebel', en: 'Fog' },
    text: {
      de: 'Im Nebel zählen Sensoren dieser Bauart Wassertröpfchen mit. Die Werte dieser Zeit sind wahrscheinlich zu hoch.',
      en: 'In fog, sensors of this kind count water droplets too. Values of this time are probably too high.',
    },
  },
  'sahara-dust': {
    name: { de: 'Saharastaub', en: 'Sahara dust' },
    text: {
      de: 'Staub aus der Sahara zog über die Gegend. Sensoren dieser Bauart erfassen groben Staub nur zum Teil.',
      en: 'Dust from the Sahara passed over the area. Sensors of this kind capture coarse dust only in part.',
    },
  },
  fireworks: {
    name: { de: 'Feuerwerk', en: 'Fireworks' },
    text: {
      de: 'Hohe Werte in dieser Zeit rühren wahrscheinlich vom Feuerwerk her und sind kein Messfehler.',
      en: 'High values at this time probably come from fireworks and are no measuring error.',
    },
  },
  other: { name: { de: 'Hinweis', en: 'Note' }, text: { de: '', en: '' } },
} as const satisfies Record<string, { name: Names; text: Names }>;
/** A word of `NOTICE_KINDS`. */
export type NoticeKind = keyof typeof NOTICE_KINDS;

/** The words of `NOTICE_KINDS`, for schemas. */
export const NOTICE_WORDS = Object.keys(NOTICE_KINDS) as [NoticeKind, ...NoticeKind[]];

/** Notices kept; the oldest are to be removed before more are taken. */
export const MAX_NOTICES = 500;

const ALWAYS: TimeWindow = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/** Notices that touch a window, all without one; the earliest first. */
export function noticesIn(notices: readonly PublicNotice[], { start, end }: TimeWindow = ALWAYS): PublicNotice[] {
  return notices.filter(({ from, to }) => from < end && to > start).sort((a, b) => a.from - b.from);
}
