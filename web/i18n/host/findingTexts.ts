import type { Finding, FindingId } from '../../../server/domain/device/deviceHealth.ts';
import { HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';
import type { Format } from '../../../server/domain/format.ts';
import type { Language } from '../../../server/domain/names.ts';
import { findingDe } from './findingDe.ts';
import { findingEn } from './findingEn.ts';

/** What a text about a finding may format with. */
export interface FindingFormat extends Format {
  /** A length of time in words, ms. */
  duration(ms: number): string;
}

/** A finding in words: what it rests on, and what to do. */
export interface FindingTexts {
  title: Record<FindingId, string>;
  /** What was seen, with its numbers. */
  evidence(finding: Finding, format: FindingFormat): string;
  /** What to do about it; undefined when there is nothing to do. */
  cure(finding: Finding): string | undefined;
  /** A refusal's reason in words. */
  reason(word: string): string;
  minutes(count: number): string;
  hours(text: string): string;
  days(text: string): string;
}

/** Words about findings. */
export function findingTextsOf(language: Language): FindingTexts {
  return { de: findingDe, en: findingEn }[language];
}

/** The formats of a page with lengths of time. */
export function findingFormat(format: Format, texts: FindingTexts): FindingFormat {
  const duration = (ms: number) => {
    const minutes = Math.round(ms / MINUTE_MS);
    if (minutes < 120) return texts.minutes(minutes);
    const hours = ms / HOUR_MS;
    return hours < 48
      ? texts.hours(format.number(hours, hours < 10 ? 1 : 0))
      : texts.days(format.number(hours / 24, 0));
  };
  return { ...format, duration };
}
