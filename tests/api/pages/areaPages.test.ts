import { describe, expect, it } from '@jest/globals';
import { inEhrenfeld, startAreaHouse } from '../../support/areaHouse.ts';

const FIVE = [...'abcde'].map((letter, place) => ({ letter, pm25: [8, 10, 12, 14, 90][place]! }));
const courses = FIVE.map(({ letter, pm25 }) => ({ stationId: letter.repeat(10), pm25, hours: 26 }));

/** The words of a page as a reader without scripts has them. */
function wordsOf(page: string): string {
  return page
    .replace(/<(script|style|head)[\s>].*?<\/\1>/gs, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, '’')
    .replace(/[\s\u202f\u00a0]+/g, ' ');
}

async function house(extra: Parameters<typeof inEhrenfeld>[1][] = []) {
  const more = extra.map((change, at) => inEhrenfeld('fgh'[at]!, change));
  return startAreaHouse(
    [...FIVE.map(({ letter }) => inEhrenfeld(letter, { name: `Haus ${letter}` })), ...more],
    courses,
  );
}

describe('/area/<id>', () => {
  it('says whose median it is, over which hours, and what it rests on, without scripts', async () => {
    const { send } = await house([{ status: 'excluded', statusReason: 'am Grill' }]);
    const { status, text } = await send('GET', '/area/ehrenfeld?lang=de');
    expect(status).toBe(200);
    const words = wordsOf(text);
    expect(words).toContain('PM2,5, Median der 5 Stationen in Ehrenfeld 12,0 µg/m³ Klasse über 10 bis 20 µg/m³');
    expect(words).toContain('Aus dem Mittel jeder Station über die 24 Stunden bis 6.1., 02:00.');
    expect(words).toContain('Die mittlere Hälfte der Stationen liegt zwischen 10,0 und 14,0 µg/m³.');
    expect(words).toContain('5 von 6 Stationen zählen. 1 von Auswertungen ausgenommen');
    expect(words).toContain('Unsicherheit ± 8,8 µg/m³');
    expect(words).toContain('2 der 5 Stationen könnten beliebig falsch messen');
    expect(words).toContain('5 Nova SDS011');
    expect(words).toContain('Haus e 90,0 24 / 24 Nova SDS011 Umgebung nicht angegeben');
    expect(words).toContain('zählt nicht: ausgenommen');
    expect(words).toContain('Bürgermessung, kein amtlicher Messwert');
    // Every hour's line of the table, a picture with words, and links that work.
    expect(words.match(/12,0 10,0 14,0 5/g)).toHaveLength(24);
    expect(text).toMatch(
      /<svg class="course"[^>]*role="img" aria-label="PM2,5, Median der Stationen in Ehrenfeld über/,
    );
    expect(text).toContain('href="/station/aaaaaaaaaa?lang=de"');
    expect(text).not.toContain('style=');
  });

  it('holds days against the text chosen, each value with its averaging time, and hours against none', async () => {
    const { send } = await house();
    const ask = async (query: string) => {
      const { text } = await send('GET', `/area/ehrenfeld?lang=de&${query}`);
      return { text, words: wordsOf(text), line: /course-limit-text[^>]*>([^<]*)</.exec(text)?.[1] };
    };
    const days = await ask('period=30d&limit=who2021');
    expect(days.line?.replace('\u202f', ' ')).toBe('WHO 2021, Tagesmittel 15 µg/m³');
    expect(days.words).toContain(
      'PM2,5, Tagesmittel: 15 µg/m³, höchstens 3-mal im Jahr (Leitlinienwert, WHO-Leitlinien',
    );
    expect(days.words).toContain('PM2,5, Jahresmittel: 5 µg/m³ (Leitlinienwert');
    expect(days.text).toContain('href="/area/ehrenfeld?lang=de&amp;quantity=pm10&amp;period=30d&amp;limit=who2021"');
    expect(days.text).toContain('aria-current="true">WHO 2021');
    expect(days.words).not.toMatch(/Überschreitung|überschritten/i);
    const hours = await ask('period=24h&limit=who2021');
    expect(hours.line).toBeUndefined();
    expect(hours.words).toContain('Für Stundenmittel gilt keiner davon');
    const eu = await ask('period=30d&limit=eu-now');
    expect(eu.line).toBeUndefined();
    expect(eu.words).toContain('Für das Tagesmittel gibt es darin keinen Wert');
    expect(eu.words).toContain('PM2,5, Jahresmittel: 25 µg/m³ (Grenzwert, Richtlinie 2008/50/EG');
    const none = await ask('period=30d&limit=mine');
    expect(none.words).not.toContain('Nur zum Vergleich');
  });

  it('speaks English, and of other periods and quantities where the link does', async () => {
    const { send } = await house();
    const { text } = await send('GET', '/area/ehrenfeld?lang=en&quantity=pm10&period=30d');
    const words = wordsOf(text);
    expect(words).toContain('None of 5 stations has a valid mean of this period.');
    expect(words).toContain('Most sensors (SDS011, PMS) extrapolate PM10');
    expect(text).toContain('aria-current="true">30 days');
    expect(text).toContain('href="/area/ehrenfeld?lang=en&amp;quantity=pm25&amp;period=30d"');
    const english = wordsOf((await send('GET', '/area/ehrenfeld?lang=en')).text);
    expect(english).toContain('PM2.5, median of the 5 stations in Ehrenfeld');
  });

  it('leads to the report of the days it shows, those that are over', async () => {
    const { send } = await house();
    const reportOf = async (period: string) =>
      /href="(\/report\?[^"]*area=[^"]*)"/.exec(
        (await send('GET', `/area/ehrenfeld?lang=de&period=${period}`)).text,
      )?.[1];
    expect(await reportOf('7d')).toBe(
      '/report?lang=de&amp;area=ehrenfeld&amp;quantity=pm25&amp;from=2025-12-30&amp;to=2026-01-05',
    );
    expect(await reportOf('24h')).toContain('from=2026-01-05&amp;to=2026-01-05');
    expect(await reportOf('30d')).toContain('from=2025-12-07&amp;to=2026-01-05');
  });

  it('has no number of two stations, and says so; none without any', async () => {
    const { send } = await startAreaHouse(
      ['a', 'b', 'c'].map((letter) => inEhrenfeld(letter)),
      courses.slice(0, 2),
    );
    const words = wordsOf((await send('GET', '/area/ehrenfeld?lang=de')).text);
    expect(words).toContain('Nur 2 von 3 Stationen haben in diesem Zeitraum ein gültiges Mittel.');
    expect(words).not.toContain('Median der 2');
    expect(wordsOf((await send('GET', '/area/porz?lang=de')).text)).toContain('noch keine öffentliche Station');
  });

  it('does not call the one station it has only one of them', async () => {
    const { send } = await startAreaHouse([inEhrenfeld('a')], courses.slice(0, 1));
    const words = wordsOf((await send('GET', '/area/ehrenfeld?lang=de')).text);
    expect(words).toContain('1 von 1 Station hat in diesem Zeitraum ein gültiges Mittel.');
    expect(words).not.toContain('Nur 1');
    const silent = await startAreaHouse([inEhrenfeld('a')], []);
    const ask = async (lang: string) => wordsOf((await silent.send('GET', `/area/ehrenfeld?lang=${lang}`)).text);
    expect(await ask('de')).toMatch(
      /Die einzige Station hat in diesem Zeitraum kein gültiges Mittel.*Die einzige Station zählt nicht\./,
    );
    expect(await ask('en')).toMatch(
      /The only station has no valid mean of this period.*The only station does not count\./,
    );
  });

  it('is missing where there is no such area', async () => {
    const { send } = await house();
    const { status, text } = await send('GET', '/area/bonn?lang=de');
    expect([status, wordsOf(text).includes('Gebiet nicht gefunden')]).toEqual([404, true]);
  });

  it('is linked from its stations and from the list of all areas', async () => {
    const { send } = await house();
    expect((await send('GET', '/station/aaaaaaaaaa?lang=de')).text).toContain('href="/area/ehrenfeld?lang=de"');
    const { text } = await send('GET', '/area?lang=de');
    expect(wordsOf(text)).toMatch(/Ehrenfeld 12,0 5 \/ 5 Porz – 0 \/ 0/);
    expect(text).toMatch(/<a href="\/area\?lang=de"[^>]*>Gebiete<\/a>/);
  });
});

describe('on paper', () => {
  it.each([
    [
      '/area',
      'lang=de',
      /<p class="printed-note">Stand 6\.1\.2026, \d\d:\d\d; der neueste: http:\/\/[\w.:]+\/area\?lang=de<\/p>/,
    ],
    [
      '/area/ehrenfeld',
      'lang=en&period=7d',
      /As of 06\/01\/2026, \d\d:\d\d; the latest: http:[\w.:/]+\/area\/ehrenfeld\?lang=en&amp;period=7d</,
    ],
    [
      '/station/aaaaaaaaaa',
      'lang=de',
      /Stand 6\.1\.2026, \d\d:\d\d; der neueste: http:[\w.:/]+\/station\/aaaaaaaaaa\?lang=de</,
    ],
  ])('%s says of when it is, and where it is to be seen anew', async (path, query, says) => {
    const { send } = await house();
    expect((await send('GET', `${path}?${query}`)).text).toMatch(says);
  });
});

describe('/compare', () => {
  it('shows up to six public stations in one picture and a table, and says all in its address', async () => {
    const { send } = await house([{ status: 'hidden' }]);
    const ids = [...'abcdef'].map((letter) => letter.repeat(10)).join(',');
    const { status, text } = await send('GET', `/compare?lang=de&stations=${ids},nonsense`);
    expect(status).toBe(200);
    const words = wordsOf(text);
    expect(words).toContain('PM2,5, Stundenmittel von 5 Stationen');
    expect(words).toContain('E Haus e 90,0 90,0 90,0 24 / 24');
    // On paper the axis alone would not say of which year.
    expect(words).toMatch(/PM2,5 in µg\/m³ vom \d+\.\d+\.\d{4} bis \d+\.\d+\.\d{4};/);
    expect(text.match(/class="course-line line-[a-f]" d="M\d+\.\d/g)).toHaveLength(5);
    expect(text.includes('f'.repeat(10))).toBe(false);
    const [, next = ''] = /href="(\/compare\?[^"]*period=7d)"/.exec(text) ?? [];
    expect(next.replaceAll('&amp;', '&')).toContain('stations=aaaaaaaaaa%2Cbbbbbbbbbb');
    const [, other = ''] = /id="language-link" href="([^"]*)"/.exec(text) ?? [];
    expect(other.replaceAll('&amp;', '&')).toContain('lang=en&stations=aaaaaaaaaa%2Cbbbbbbbbbb');
  });

  it('calls official stations official, and no official value a citizen measurement', async () => {
    const reference = { network: 'LANUV', type: 'background' } as const;
    const { send } = await house([
      { name: 'Amt f', reference },
      { name: 'Amt g', reference },
    ]);
    const both = wordsOf((await send('GET', '/compare?lang=de&stations=aaaaaaaaaa,ffffffffff')).text);
    expect(both).toContain('Amt f (Amtliche Station)');
    expect(both).not.toContain('Haus a (Amtliche Station)');
    expect(both).toContain('Bürgermessung, kein amtlicher Messwert.');
    const { text } = await send('GET', '/compare?lang=de&stations=ffffffffff,gggggggggg');
    expect(wordsOf(text)).toContain('Amt g (Amtliche Station)');
    expect(wordsOf(text)).not.toContain('Bürgermessung');
  });

  it('says so when nothing is to be shown', async () => {
    const { send } = await house();
    const none = await send('GET', '/compare?lang=en&stations=zzzzzzzzzz');
    expect(wordsOf(none.text)).toContain('None of these stations is public');
    expect((await send('GET', '/area/ehrenfeld?lang=de')).text.includes('Stationen im Vergleich</a>')).toBe(true);
  });
});
