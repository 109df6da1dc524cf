import { describe, expect, it } from '@jest/globals';
import { de } from '../../web/i18n/de.ts';
import { en } from '../../web/i18n/en.ts';
import { findingDe } from '../../web/i18n/host/findingDe.ts';
import { findingEn } from '../../web/i18n/host/findingEn.ts';
import { hostDe } from '../../web/i18n/host/hostDe.ts';
import { hostEn } from '../../web/i18n/host/hostEn.ts';
import { myStationDe } from '../../web/i18n/host/myStationDe.ts';
import { myStationEn } from '../../web/i18n/host/myStationEn.ts';

type Tree = { [key: string]: unknown };

/** Every path to a text, with what kind of text it is. */
function pathsOf(texts: object, before = ''): string[] {
  return Object.entries(texts as Tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? pathsOf(value, `${before}${key}.`)
      : [`${before}${key}: ${typeof value === 'function' ? `function(${value.length})` : typeof value}`],
  );
}

/** Every plain text. */
function textsOf(texts: object): string[] {
  return Object.values(texts as Tree).flatMap((value) =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? textsOf(value) : [],
  );
}

/** Each part of the browser's texts, German and English. */
const PAIRS: [string, object, object][] = [
  ['every page', de, en],
  ['joining', hostDe, hostEn],
  ['my station', myStationDe, myStationEn],
  ['findings', findingDe, findingEn],
];

describe('the dictionaries', () => {
  it.each(PAIRS)('have the same texts with the same parameters: %s', (_name, german, english) => {
    expect(pathsOf(english).sort()).toEqual(pathsOf(german).sort());
  });

  it('leave nothing empty but the sentence for a valid value', () => {
    expect(textsOf(de).filter((text) => text.trim() === '')).toEqual([de.stateSentence.ok]);
    expect(textsOf(en).filter((text) => text.trim() === '')).toEqual([en.stateSentence.ok]);
  });

  it.each(PAIRS)('write PM2,5 in German and PM2.5 in English: %s', (_name, german, english) => {
    expect(textsOf(german).filter((text) => text.includes('PM2.5'))).toEqual([]);
    expect(textsOf(english).filter((text) => text.includes('PM2,5'))).toEqual([]);
  });

  it('never speak of exceeding or of the limit: that is for official stations', () => {
    const all = [...textsOf(de), ...textsOf(en)].join(' ');
    expect(all).not.toMatch(/Überschreitung|überschritten|Grenzwert|exceed|the limit/i);
  });

  it.each([
    [30, 'vor weniger als einer Minute', 'less than a minute ago'],
    [60, 'vor einer Minute', 'a minute ago'],
    [125, 'vor 2 Minuten', '2 minutes ago'],
    [3_600, 'vor einer Stunde', 'an hour ago'],
    [26 * 3_600, 'vor 26 Stunden', '26 hours ago'],
    [3 * 86_400, 'vor 3 Tagen', '3 days ago'],
  ])('say an age of %d s', (seconds, german, english) => {
    expect([de.ago(seconds), en.ago(seconds)]).toEqual([german, english]);
  });
});
