import { describe, expect, it } from '@jest/globals';
import { CITE_TEXTS } from '../../../server/api/pages/report/citeTexts.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import type { Limit } from '../../../server/domain/limits/limitTable.ts';
import { LIMITS } from '../../../server/domain/limits/limitTables.ts';
import { StoreUnavailableError } from '../../../server/store/readingStore.ts';
import { hourlyRollups, hourlyRow, reportStation, startReportHouse } from '../../support/reportHouse.ts';

const START = Date.parse('2025-01-01T00:00:00+01:00');
const IDS = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(10));
const QUESTION = 'area=ehrenfeld&quantity=pm10&from=2025-01-01&to=2025-12-31&rule=eu';

/** Five stations over 2025 at 10 to 50, and one of another licence; on the first 40 days each is 40 higher. */
const house = () =>
  startReportHouse({
    stations: IDS.map((id, at) => reportStation(id, { ...(at === 4 && { licence: 'CC-BY-4.0' }) })),
    rollups: () => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        quantity === 'humidity' || window === 'day'
          ? []
          : stationIds.flatMap((id) =>
              Array.from({ length: 365 * 24 }, (_, hour) =>
                hourlyRow(id, START + hour * HOUR_MS, 10 + 10 * IDS.indexOf(id) + (hour < 960 ? 40 : 0)),
              ).filter(({ start }) => start >= from && start < to),
            ),
      upToDate: async () => true,
      markDirty: async () => undefined,
    }),
    now: Date.UTC(2026, 1, 1),
  });

/** Values a report can be asked to compare with: all that nobody confirmed, and one that somebody did. */
function isReportable({ id, pollutant, averaging, isUnconfirmed }: Limit): boolean {
  const isFit = pollutant !== 'no2' && (averaging === 'day' || averaging === 'year');
  return isFit && (isUnconfirmed || id === 'eu2008.pm10.day');
}

describe('/report', () => {
  it('answers in plain sentences, without scripts, in both languages', async () => {
    const { send } = await house();
    const { status, text } = await send('GET', `/report?${QUESTION}&lang=de`);
    expect(status).toBe(200);
    // Medians: 30, on 40 days 70; the mean of the median station is 30 + 40 * 40 / 365.
    expect(text).toContain('Median der 5 Stationen in Ehrenfeld: 34,4\u202fµg/m³ PM10, 1.1.2025 bis 31.12.2025.');
    expect(text).toContain('An 40 Tagen lag das Sensormittel über 50\u202fµg/m³');
    expect(text).toContain('Das ist mehr, als die Vorgabe vorsieht.');
    expect(text).toContain('Bürgermessung, kein amtlicher Messwert');
    expect(text).toContain('gilt die strengste: ODbL-1.0. Alle: ODbL-1.0, CC-BY-4.0.');
    expect(text).toContain('<svg class="report-chart"');
    expect(text).toContain('Punkt: feuchter Tag, soweit ein intakter Feuchtesensor mitmaß.');
    const english = (await send('GET', `/report?${QUESTION}&lang=en`)).text;
    expect(english).toContain('Median of the 5 stations in Ehrenfeld: 34.4\u202fµg/m³ PM10, 01/01/2025 to 31/12/2025.');
    expect(english).toContain('On 40 days the mean of the sensors lay above 50\u202fµg/m³');
  });

  it('speaks of a single station as of one', async () => {
    const { send } = await house();
    const ask = async (lang: string) =>
      (await send('GET', `/report?${QUESTION.replace('area=ehrenfeld', `station=${IDS[0]}`)}&lang=${lang}`)).text;
    expect(await ask('de')).toContain(
      '1 von 1 Station zählt. Von ihren 8.760 möglichen Stunden sind 8.760 gültig (100\u202f%).',
    );
    expect(await ask('en')).toContain(
      '1 of 1 station counts. Of its 8,760 possible hours 8,760 are valid (100\u202f%).',
    );
    expect(CITE_TEXTS.de.withdrawn({ withdrawn: 1, of: 1 })).toMatch(
      /^Die Station wurde von ihrem Betreiber zurückgezogen.*nachrechnen lässt sie sich nicht mehr\.$/,
    );
    expect(CITE_TEXTS.en.withheld({ withheld: 1, of: 1 })).toMatch(/^The place of the station is no longer/);
  });

  it('counts no day where none can be counted: two of an area’s stations are no zero', async () => {
    const { send } = await house();
    const question = QUESTION.replace('area=ehrenfeld', `station=${IDS[0]},${IDS[1]}`);
    const { text } = await send('GET', `/report?${question}&lang=de`);
    expect(text).toContain('365 von 365 Tagen sind nicht gezählt: Es fehlen gültige Messwerte oder Stationen.');
    const rows = [
      ...text.matchAll(/<tr[^>]*><th scope="row"><a [^>]*>[^<]*<\/a><\/th>((?:<td class="number">[^<]*<\/td>){3})/g),
    ];
    expect(rows.length).toBeGreaterThan(3);
    for (const [, cells] of rows) {
      expect(cells).toMatch(/^<td class="number">–<\/td><td class="number">\d<\/td><td class="number">–<\/td>$/);
    }
    // No station of this year counts: of no possible hours there is no share.
    const none = await send('GET', `/report?${question.replace('2025-01-01', '2023-01-01')}&lang=en`);
    expect(none.text).toContain('0 of 2 stations count. An hour is valid');
    expect(none.text).toContain('It rests on 2 citizen sensors with 33\u202f% of the possible hours.');
  });

  it.each(LIMITS.filter(isReportable))(
    'says of $id, on page and in files, exactly if nobody has confirmed it',
    async (limit) => {
      const { send } = await house();
      const question = `area=ehrenfeld&quantity=${limit.pollutant}&from=2025-01-01&to=2025-12-31&rule=${limit.id}`;
      const shown = [`/report?${question}&lang=de`, `/report/days.csv?${question}&lang=de`];
      if (limit.averaging === 'day')
        shown.push(
          `/api/v1/days-above?area=ehrenfeld&quantity=${limit.pollutant}&year=2025&rule=${limit.id}&format=csv`,
        );
      for (const path of shown) {
        const { status, text } = await send('GET', path);
        expect([path, status]).toEqual([path, 200]);
        expect([path, /unbestätigt|unconfirmed/.test(text)]).toEqual([path, limit.isUnconfirmed]);
      }
    },
  );

  it('answers for a period by its name, at an address that stays the same tomorrow', async () => {
    const { send, url } = await house();
    const form = (await send('GET', '/report?lang=de')).text;
    const offered = [...form.matchAll(/name="period" value="([^"]*)"[^>]*>([^<]*)</g)].map(([, ...each]) => each);
    // 1 February 2026, so that of this year January is over.
    expect(offered).toEqual([
      ['last-7-days', 'Letzte 7 Tage'],
      ['last-month', 'Januar 2026'],
      ['this-year', '2026 bisher'],
      ['last-year', '2025'],
      ['last-winter', 'Winter 2024/25'],
    ]);
    const question = 'lang=de&area=ehrenfeld&quantity=pm10&from=2026-01-01&to=2026-01-31&rule=eu';
    const ask = (period: string) => fetch(`${url}/report?${question}&period=${period}`, { redirect: 'manual' });
    const { status, headers } = await ask('last-year');
    expect(status).toBe(302);
    expect(headers.get('location')).toBe(
      `/report?${question.replace(/2026-01/g, '2025-01').replace('2025-01-31', '2025-12-31')}`,
    );
    const { text } = await send('GET', headers.get('location') ?? '');
    expect(text).toContain('Median der 5 Stationen in Ehrenfeld: 34,4\u202fµg/m³ PM10, 1.1.2025 bis 31.12.2025.');
    expect(text).toContain('value="last-year" aria-current="true">2025<');
    expect(text.match(/aria-current="true">[^<]*</g)).toHaveLength(1);
    expect((await ask('tomorrow')).status).toBe(200);
  });

  it('says what is missing when a form came without a place, and nothing on a first visit', async () => {
    const { send } = await house();
    const first = await send('GET', '/report?lang=de');
    expect([first.status, first.text.includes('role="alert"')]).toEqual([200, false]);
    const sent = await send('GET', '/report?lang=de&area=&station=&quantity=pm25&from=2025-01-01&to=2025-12-31');
    expect(sent.status).toBe(400);
    expect(sent.text).toContain('role="alert">Bitte ein Gebiet oder eine Station wählen.');
  });

  it('speaks of one day as of one', async () => {
    const { send } = await house();
    const question = '/report?area=ehrenfeld&quantity=pm10&from=2025-05-01&to=2025-05-01';
    const { text } = await send('GET', `${question}&lang=de`);
    expect(text).toContain('Median der 5 Stationen in Ehrenfeld: 30,0\u202fµg/m³ PM10, 1.5.2025.');
    expect(text).toContain('ein gültiger Tag');
    expect((await send('GET', `${question}&lang=en`)).text).toContain('one valid day.');
  });

  it('names the month of a calendar that holds only its last days', async () => {
    const { send } = await house();
    const { text } = await send('GET', '/report?area=ehrenfeld&quantity=pm10&from=2025-05-19&to=2025-05-25&lang=de');
    expect(text).toMatch(/<svg class="calendar"[^>]*>\s*<text[^>]*>Mai<\/text>/);
  });

  it('holds days against what a calendar year may have, year by year', async () => {
    const highFrom = { 'both years': '2024-12-12', 'one year': '2025-01-01' };
    const said = async (from: string) => {
      const [first, high] = [Date.parse('2024-12-01T00:00:00+01:00'), Date.parse(`${from}T00:00:00+01:00`)];
      const level = (hour: number) =>
        hour * HOUR_MS >= high - first && hour * HOUR_MS < high - first + 960 * HOUR_MS ? 70 : 20;
      const { send } = await startReportHouse({
        stations: [reportStation(IDS[0]!)],
        rollups: () => hourlyRollups(IDS[0]!, first, 120, level),
        now: Date.UTC(2026, 1, 1),
      });
      const question = `station=${IDS[0]}&quantity=pm10&from=2024-12-01&to=2025-03-30&rule=eu`;
      const texts = ['de', 'en'].map(async (lang) => (await send('GET', `/report?${question}&lang=${lang}`)).text);
      return Promise.all(texts);
    };
    // Twenty days in each year are forty altogether, and 35 permitted in neither.
    const [both, bothEnglish] = await said(highFrom['both years']);
    expect(both).toContain('An 40 Tagen lag das Sensormittel über 50\u202fµg/m³');
    expect(both).toContain(
      'Ob jedes dieser Kalenderjahre innerhalb der Vorgabe bleibt, lässt sich aus diesen Tagen nicht',
    );
    expect(both).not.toContain('mehr, als die Vorgabe vorsieht');
    expect(bothEnglish).toContain('Whether each of these calendar years stays within the rule cannot be told');
    const [one, oneEnglish] = await said(highFrom['one year']);
    expect(one).toContain('2025 waren es 40 Tage: Das ist mehr, als die Vorgabe vorsieht.');
    expect(oneEnglish).toContain('In 2025 it was 40 days: that is more than the rule provides for.');
    expect(one).toContain('1 von 1 Station zählt. Von ihren');
  });

  it('says neither “Überschreitung” nor “certain” of citizen sensors', async () => {
    const { send } = await house();
    for (const lang of ['de', 'en']) {
      expect((await send('GET', `/report?${QUESTION}&lang=${lang}`)).text).not.toMatch(
        /überschreit|\bcertain\b|exceed/i,
      );
    }
  });

  it('shows the Gegenprobe: each other choice with its report, and in how many the statement holds', async () => {
    const { send } = await house();
    const { text } = await send('GET', `/report?${QUESTION}&lang=de`);
    expect(text).toContain('ohne die höchste Station');
    // Without humidity the formula has no values: those 16 combinations come to no statement.
    expect(text).toMatch(
      /Von 16 Kombinationen dieser Rechenweisen, die zu einer Aussage kommen, kommen 16 zu derselben/,
    );
    expect(text).toMatch(/Die Zahl liegt je nach Rechenweise zwischen 29,4 und 34,4\u202fµg\/m³\./);
    const link = /href="(\/report\?[^"]*highest=without[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    const other = await send('GET', link!);
    expect(other.text).toContain('Median der 4 Stationen in Ehrenfeld: 29,4\u202fµg/m³');
  });

  it.each([
    ['nothing asked', '', 200, 'Bericht zeigen'],
    ['an unknown area', 'area=mars', 404, 'Dieses Gebiet gibt es hier nicht'],
    ['an empty area', 'area=porz&from=2025-01-01&to=2025-02-01', 200, 'keine gültigen Stundenwerte'],
    ['a deleted station', 'station=zzzzzzzzzz', 404, 'keine öffentliche Station'],
    [
      'one station left of two',
      `station=${IDS[0]},zzzzzzzzzz&from=2025-01-01&to=2025-02-01`,
      200,
      'eine ausgewählte Station: Eine einzige Station',
    ],
    ['a period without data', 'area=ehrenfeld&from=2019-01-01&to=2019-12-31', 200, 'keine gültigen Stundenwerte'],
    [
      'a humidity formula without humidity',
      'area=ehrenfeld&from=2025-01-01&to=2025-02-01&values=gamma-de',
      200,
      'keine Stunde von PM2,5 mit der Feuchteformel umrechnen',
    ],
    ['the future', 'area=ehrenfeld&from=2027-01-01&to=2027-12-31', 400, 'Über die Zukunft gibt es keine Messwerte'],
    ['an absurd length', 'area=ehrenfeld&from=2010-01-01&to=2025-12-31', 400, 'länger als drei Jahre'],
    [
      'a day that is none',
      'area=ehrenfeld&from=2025-02-30&to=2025-03-01',
      400,
      'braucht einen ersten und einen letzten Tag',
    ],
    ['the wrong order', 'area=ehrenfeld&from=2025-03-01&to=2025-02-01', 400, 'in dieser Reihenfolge'],
    ['two places', 'area=ehrenfeld&station=aaaaaaaaaa', 400, 'Der Ort in dieser Adresse ist keiner'],
    ['a rule that is none', 'area=ehrenfeld&rule=mine', 400, 'kennt die gewählte Regel keinen Wert'],
    ['a choice that is none', 'area=ehrenfeld&statistic=mode', 400, 'Eine der Rechenweisen'],
    ['markup', `area=${encodeURIComponent('<script>alert(1)</script>')}`, 400, 'Der Ort in dieser Adresse ist keiner'],
    [
      'too many stations',
      `station=${Array.from({ length: 61 }, (_, at) => `s${String(at).padStart(9, '0')}`)}`,
      400,
      'mehr als 60',
    ],
    ['a very long list', `station=${'x,'.repeat(4000)}`, 400, 'Der Ort in dieser Adresse'],
    ['a list of areas', 'area=a&area=b', 200, 'Bericht zeigen'],
  ])('%s: an honest page', async (_, query, status, words) => {
    const { send } = await house();
    const answer = await send('GET', `/report?lang=de&${query}`);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
    expect(answer.text).not.toMatch(/NaN|undefined|<script>alert/);
  });

  it('says while the store is away that it is, to whoever asks, takes it away or cites', async () => {
    const away = async () => {
      throw new StoreUnavailableError('away');
    };
    const { send, url } = await startReportHouse({
      stations: [reportStation(IDS[0]!)],
      rollups: () => ({ rows: away, upToDate: async () => true, markDirty: async () => undefined }),
      now: Date.UTC(2026, 1, 1),
    });
    const question = `station=${IDS[0]}&quantity=pm10&from=2025-01-01&to=2025-12-31&lang=en`;
    const cited = await fetch(`${url}/cite`, { method: 'POST', body: new URLSearchParams(question) });
    const answers = [await send('GET', `/report?${question}`), await send('GET', `/report/days.csv?${question}`)];
    expect([cited.status, ...answers.map(({ status }) => status)]).toEqual([503, 503, 503]);
    for (const text of [await cited.text(), ...answers.map((answer) => answer.text)]) {
      expect(text).toContain('The measurements cannot be reached just now. Please try again later.');
    }
  });

  it('offers a citation only where there is something to cite, and says why not', async () => {
    const { send } = await house();
    expect((await send('GET', `/report?${QUESTION}`)).text).toContain('action="/cite"');
    const { text } = await send('GET', '/report?area=ehrenfeld&from=2019-01-01&to=2019-12-31&lang=en');
    expect(text).not.toContain('action="/cite"');
    expect(text).toContain('id="cite-note">There are no valid measurements for this question');
  });

  it('says when a value was not in force in the period, or not on all of its days', async () => {
    const { send, time } = await house();
    const asked = async (rule: string, from: string, to: string) =>
      (await send('GET', `/report?area=ehrenfeld&quantity=pm10&from=${from}&to=${to}&rule=${rule}&lang=de`)).text;
    const said = (text: string) => /Dieser Wert (gilt|galt).*?\d{4}/.exec(text)?.[0];
    expect(said(await asked('eu', '2025-01-01', '2025-12-31'))).toBeUndefined();
    expect(said(await asked('eu2030', '2025-01-01', '2025-12-31'))).toBe('Dieser Wert gilt erst ab 1.1.2030');
    // A period across the change of the law in 2026.
    time.now = Date.UTC(2027, 1, 1);
    const across = await asked('eu', '2025-01-01', '2026-12-31');
    expect(said(across)).toBe('Dieser Wert gilt ab 11.12.2026');
    expect(across).toContain('die Tage davor sind nur zum Vergleich mit ihm gezählt');
  });

  it('counts up to yesterday when the period goes on, and says so', async () => {
    const { send } = await house();
    const { text } = await send(
      'GET',
      '/report?lang=de&area=ehrenfeld&quantity=pm10&from=2026-01-01&to=2026-12-31&rule=eu',
    );
    expect(text).toContain('bis zum letzten abgeschlossenen Tag');
    expect(text).toContain('1.1.2026 bis 31.1.2026');
  });

  it('names a station that is not public any more, and goes on with the others', async () => {
    const { send } = await house();
    const { text } = await send(
      'GET',
      `/report?lang=de&station=${IDS.slice(0, 3)},zzzzzzzzzz&quantity=pm10&from=2025-01-01&to=2025-12-31&rule=who`,
    );
    expect(text).toContain('Nicht (mehr) öffentlich und deshalb nicht dabei: zzzzzzzzzz.');
    expect(text).toContain('Median der 3 Stationen: 24,4\u202fµg/m³');
  });

  it('can be taken away: picture, days and numbers each say what they are', async () => {
    const { send } = await house();
    const svg = await send('GET', `/report/chart.svg?${QUESTION}`);
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    expect(svg.text).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*Bürgermessung, kein amtlicher Messwert/,
    );
    // No line is broken by SVG itself: what is credited must end inside the picture.
    const foot = [...svg.text.matchAll(/<text [^>]*font-size="11"[^>]*>([^<]*)<\/text>/g)].map(([, line]) => line!);
    expect(foot.join(' ')).toMatch(/^Bürgermessung, kein amtlicher Messwert\..*ODbL-1\.0, CC-BY-4\.0$/);
    expect(Math.max(...foot.map((line) => line.length))).toBeLessThanOrEqual(115);
    const csv = (await send('GET', `/report/days.csv?${QUESTION}`)).text;
    expect(csv).toMatch(/^# Bürgermessung, kein amtlicher Messwert/);
    expect(csv).toContain('\n2025-01-01,70,35,60,80,5,above,,directive\n');
    // How many stations a day has may differ from how many make the figure: the file says which coverage is whose.
    expect(csv).toMatch(/\n# Figure of the period: 5 of \d+ stations, valid hours: (\d+) of \d+; a day rests on/);
    const excel = (await send('GET', `/report/days-excel.csv?${QUESTION}`)).text;
    expect(excel).toContain('\r\n2025-01-01;70;35;60;80;5;above;;directive\r\n');
    const { body } = await send('GET', `/report/report.json?${QUESTION}`);
    expect(body).toMatchObject({ figure: { n: 5, ledger: { above: 40 } }, licences: ['ODbL-1.0', 'CC-BY-4.0'] });
    expect((await send('GET', '/report/report.json?area=mars')).status).toBe(404);
  });
});
