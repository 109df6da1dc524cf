import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Bundle, BundleStation } from '../../server/citation/bundle.ts';
import { canonicalJson } from '../../server/citation/canonicalJson.ts';
import type { FeedDay } from '../../server/citation/feed.ts';
import { isSignedBy } from '../../server/citation/instanceKey.ts';
import { writeStaticCopy } from '../../server/citation/staticCopy.ts';
import { verifyBundle } from '../../server/citation/verifyBundle.ts';
import { OFFICIAL_SENSORS } from '../../server/domain/referenceMeans.ts';
import { packageRoot } from '../../server/packageRoot.ts';
import { closeAfterTest } from '../support/closing.ts';
import { hourlyRow, reportStation, startReportHouse } from '../support/reportHouse.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2025-02-01T00:00:00+01:00');
const IDS = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(10));
const QUESTION = { area: 'ehrenfeld', quantity: 'pm10', from: '2025-02-01', to: '2025-02-28', rule: 'eu' };
const NOW = Date.UTC(2025, 2, 10, 12);

/** Four stations over February at 30 to 60; `extra` is added to the first one's first day. */
async function house() {
  const change = { extra: 0 };
  const raw = { days: 0, sensor: OFFICIAL_SENSORS['1h'] as string };
  const made = await startReportHouse({
    stations: IDS.map((id) => reportStation(id)),
    rollups: (list) => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        quantity === 'humidity' || window === 'day'
          ? []
          : stationIds.flatMap((id) =>
              list.station(id) === undefined
                ? []
                : Array.from({ length: 28 * 24 }, (_, hour) =>
                    hourlyRow(
                      id,
                      START + hour * HOUR,
                      30 + 10 * IDS.indexOf(id) + (hour < 24 && id === IDS[0] ? change.extra : 0),
                    ),
                  ).filter(({ start }) => start >= from && start < to),
            ),
      markDirty: async () => undefined,
    }),
    raw: async ({ sensor }) =>
      sensor !== raw.sensor
        ? []
        : Array.from({ length: raw.days * (sensor === OFFICIAL_SENSORS['1h'] ? 24 : 1) }, (_, at) => ({
            measuredAt: START + at * (sensor === OFFICIAL_SENSORS['1h'] ? HOUR : DAY),
            value: 20,
            flags: 0,
          })),
    now: NOW,
  });
  const cite = async (body: object = QUESTION) => made.send('POST', '/api/v1/citations', { body });
  const bundleOf = async (id: string) => (await made.send('GET', `/api/v1/citations/${id}/bundle.json`)).text;
  return { ...made, cite, bundleOf, change, raw };
}

describe('a citation', () => {
  it('is frozen with every hour, and its bundle holds', async () => {
    const { cite, send, bundleOf } = await house();
    const made = await cite();
    expect(made.status).toBe(201);
    const id = String(made.body.id);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    const text = await bundleOf(id);
    expect(verifyBundle(text)).toMatchObject({ outcome: 'holds', stations: 4, rows: 4 * 28 * 24 });
    const bundle = JSON.parse(text) as Bundle;
    expect(canonicalJson(bundle)).toBe(text);
    expect(bundle.id).toBe(id);
    const { body } = await send('GET', `/api/v1/citations/${id.slice(0, 16)}`);
    expect(body).toMatchObject({ id, withdrawn: 0, stationCount: 4, citedAt: new Date(NOW).toISOString() });
    expect(body.head).toMatchObject({ evaluator: 'report-2', answer: { figure: { value: 45, n: 4 } } });
  });

  it('holds public positions and no device, owner or exact place', async () => {
    const { cite, bundleOf, list } = await house();
    list.put(reportStation(IDS[0]!, { position: { lat: 51.4812345, lon: 7.2254321 } }));
    const text = await bundleOf(String((await cite()).body.id));
    expect(text).not.toMatch(/51\.48123|7\.22543|deviceId|ownerKey|consent/);
    expect(text).toContain('"position":{"lat":51.481,');
  });

  it('holds no free text of an operator: why a station is left out is a word from a list', async () => {
    const { cite, send, bundleOf, list } = await house();
    const left = { status: 'excluded', statusReason: 'Frau Meyer grillt' } as const;
    list.put(reportStation(IDS[0]!, { ...left, exclusion: { since: START } }));
    const id = String((await cite()).body.id);
    expect(await bundleOf(id)).not.toContain('Meyer');
    expect((await send('GET', `/cite/${id}?lang=en`)).text).not.toContain('Meyer');
    list.put(reportStation(IDS[0]!, { ...left, exclusion: { since: START, reason: 'local-source' } }));
    const { text } = await send('GET', `/report?lang=en&${new URLSearchParams(QUESTION)}`);
    expect(text).toContain('left out: stands right beside a source');
  });

  it('is the same when the same is asked twice a day, and another when something changed', async () => {
    const { cite, time, change } = await house();
    const first = await cite();
    expect(await cite()).toMatchObject({ status: 200, body: { id: first.body.id, isNew: false } });
    change.extra = 1;
    time.now += 10 * 60_000;
    expect((await cite()).body.id).not.toBe(first.body.id);
  });

  it('stays as it is while the question’s answer changes, and the page says why', async () => {
    const { cite, send, change, time, list } = await house();
    const id = String((await cite()).body.id);
    const before = (await send('GET', `/cite/${id}?lang=de&wait=1`)).text;
    expect(before).toContain('Median der 4 Stationen in Ehrenfeld: 45,0\u202fµg/m³');
    expect(before).toContain('Dieselbe Frage ergibt heute dieselbe Antwort.');
    change.extra = 28;
    list.put(reportStation('e'.repeat(10)));
    time.now += 10 * 60_000;
    const { text } = await send('GET', `/cite/${id}?lang=de&wait=1`);
    expect(text).toContain('Median der 4 Stationen in Ehrenfeld: 45,0\u202fµg/m³');
    expect(text).toContain('Dieselbe Frage ergibt heute eine andere Antwort');
    expect(text).toContain('eine Station kam dazu');
    expect(text).toContain('Stundenwerte einer Station wurden geändert');
  });

  it('loses a station whose owner deletes it, says so, and the rest stays provable', async () => {
    const { cite, send, bundleOf, citations, citationStore, list } = await house();
    const id = String((await cite()).body.id);
    const whole = await bundleOf(id);
    list.byId.delete(IDS[1]!);
    await citations.withdraw(IDS[1]!);
    const left = await bundleOf(id);
    expect(verifyBundle(left)).toMatchObject({ outcome: 'partly', stations: 4, withdrawn: 1 });
    expect((JSON.parse(left) as Bundle).id).toBe((JSON.parse(whole) as Bundle).id);
    expect(left).not.toContain(IDS[1]);
    expect(left).not.toContain(`Ort ${IDS[1]}`);
    const kept = await citationStore.read(id);
    expect(kept?.stations[1]).toMatchObject({ stationId: null, secret: null, leaves: null, evidence: null });
    const { text } = await send('GET', `/cite/${id}?lang=de&wait=1`);
    expect(text).toContain('1 von 4 Stationen wurde von ihrem Betreiber zurückgezogen');
    expect(text).toContain('45,0\u202fµg/m³');
    expect((await send('GET', `/cite/${id}?lang=en`)).text).toContain('1 of 4 stations was withdrawn by its host');
    expect((await send('GET', `/api/v1/citations/${id}`)).body).toMatchObject({ withdrawn: 1 });
  });

  it('loses the place of a station whose owner makes it coarser, and stays provable', async () => {
    const { cite, send, bundleOf, citations, list } = await house();
    const id = String((await cite()).body.id);
    list.put(reportStation(IDS[1]!, { positionGridMetres: 500 }));
    const whole = JSON.parse(await bundleOf(id)) as Bundle;
    await citations.withholdPlaces(IDS[1]!);
    await citations.withholdPlaces(IDS[1]!);
    const left = await bundleOf(id);
    expect(verifyBundle(left)).toMatchObject({ outcome: 'partly', stations: 4, withdrawn: 0, withheldPlaces: 1 });
    const [before, after] = [whole, JSON.parse(left) as Bundle].map(({ stations }) => stations as BundleStation[]);
    expect(after![1]).toEqual({ ...before![1], place: { withheld: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(after![0]).toEqual(before![0]);
    expect((await send('GET', `/cite/${id}?lang=de&wait=1`)).text).toContain(`Ort ${IDS[1]}`);
  });

  it('of one station alone keeps its figure when that station is withdrawn', async () => {
    const { cite, send, citations, list, bundleOf } = await house();
    const id = String(
      (await cite({ station: IDS[0], quantity: 'pm10', from: '2025-02-01', to: '2025-02-28' })).body.id,
    );
    list.byId.delete(IDS[0]!);
    await citations.withdraw(IDS[0]!);
    const { status, text } = await send('GET', `/cite/${id}?lang=de&wait=1`);
    expect(status).toBe(200);
    expect(text).toContain('zurückgezogene Station: im Mittel 30,0');
    expect(text).not.toContain(`Ort ${IDS[0]}`);
    expect(verifyBundle(await bundleOf(id))).toMatchObject({ outcome: 'partly', withdrawn: 1 });
  });

  it('is made by a form without scripts, which leads to its page', async () => {
    const { url, send } = await house();
    const body = new URLSearchParams({ ...QUESTION, lang: 'en' });
    const answer = await fetch(`${url}/cite`, { method: 'POST', body, redirect: 'manual' });
    expect(answer.status).toBe(303);
    const to = answer.headers.get('location')!;
    expect(to).toMatch(/^\/cite\/[0-9a-f]{64}\?lang=en$/);
    expect((await send('GET', to)).text).toContain('Citation: citizen measurement, not an official value');
    const short = await fetch(`${url}${to.slice(0, 30)}`, { redirect: 'manual' });
    expect([short.status, short.headers.get('location')]).toEqual([302, to.split('?')[0]]);
  });

  it.each([
    ['an area that is none', { ...QUESTION, area: 'mars' }, 404],
    ['an empty area', { ...QUESTION, area: 'porz' }, 404],
    ['a period without data', { ...QUESTION, from: '2019-01-01', to: '2019-02-01' }, 404],
    ['days that are not over', { ...QUESTION, to: '2025-12-31' }, 400],
    ['no place', { from: '2025-02-01', to: '2025-02-02' }, 400],
    ['free text', { ...QUESTION, note: 'see!' }, 400],
    ['a choice that is none', { ...QUESTION, highest: 'maybe' }, 400],
    ['a day that is none', { ...QUESTION, from: '2025-02-31' }, 400],
    ['an absurd length', { ...QUESTION, station: 'x'.repeat(900) }, 400],
  ])('of %s is refused', async (_, body, status) => {
    const { cite, citations } = await house();
    expect((await cite(body)).status).toBe(status);
    expect(citations.list()).toEqual([]);
  });

  it('is limited by address', async () => {
    const { cite, change, reports } = await house();
    const statuses: number[] = [];
    for (let made = 0; made < 22; made++) {
      change.extra = made;
      reports.forget();
      statuses.push((await cite()).status);
    }
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(201));
    expect(statuses.at(-1)).toBe(429);
  });

  it('that is none is an honest page', async () => {
    const { send } = await house();
    for (const path of [
      '/cite/abc',
      `/cite/${'0'.repeat(64)}`,
      `/cite/${'x'.repeat(3000)}`,
      `/cite/${'0'.repeat(64)}/chart.svg`,
    ]) {
      const { status, text } = await send('GET', `${path}?lang=de`);
      expect([path, status]).toEqual([path, 404]);
      expect(text).toContain('Zitat nicht gefunden');
    }
    expect((await send('GET', `/api/v1/citations/${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('can be taken away in every form, each says what it is', async () => {
    const { cite, send } = await house();
    const id = String((await cite()).body.id);
    for (const file of [
      'chart.svg',
      'days.csv',
      'days-excel.csv',
      'report.json',
      'citation.bib',
      'citation.csl.json',
      'qr.svg',
    ]) {
      const { status, text } = await send('GET', `/cite/${id}/${file}?lang=de`);
      expect([file, status]).toEqual([file, 200]);
      expect([file, /Bürgermessung, kein amtlicher Messwert/.test(text)]).toEqual([file, true]);
    }
    const bib = (await send('GET', `/cite/${id}/citation.bib?lang=de`)).text;
    expect(bib).toMatch(
      /^@misc\{buergerluft-[0-9a-f]{12},\n {2}title = \{PM10: Ehrenfeld, 1\.2\.2025 bis 28\.2\.2025\},/,
    );
    const [csl] = JSON.parse((await send('GET', `/cite/${id}/citation.csl.json`)).text);
    expect(csl).toMatchObject({ type: 'dataset', issued: { 'date-parts': [[2025, 3, 10]] } });
    expect(csl.URL).toContain(`/cite/${id}`);
    expect((await send('GET', `/cite/${id}/other.txt`)).status).toBe(404);
  });
});

describe('a static copy', () => {
  it('holds every citation with its page, bundle, days and chart, and a checker that works there', async () => {
    const { cite, send, url } = await house();
    const id = String((await cite()).body.id);
    const folder = mkdtempSync(join(tmpdir(), 'buergerluft-copy-'));
    closeAfterTest(() => rmSync(folder, { recursive: true }));
    const get = async (path: string) => {
      const response = await fetch(`${url}${path}`);
      if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
      return Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    };
    expect(await writeStaticCopy(get, folder, join(packageRoot(), 'docs'))).toEqual({ citations: 1, stations: 0 });
    const index = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(index).toContain(`<a href="cite/${id}.html">PM10: Ehrenfeld, 1.2.2025 bis 28.2.2025</a>`);
    const page = readFileSync(join(folder, 'cite', `${id}.html`), 'utf8');
    expect(page).toContain('Median der 4 Stationen in Ehrenfeld: 45,0');
    expect(page).toContain('Median of the 4 stations in Ehrenfeld: 45.0');
    expect(page).toContain('Bürgermessung, kein amtlicher Messwert');
    const bundle = join(folder, 'cite', `${id}.json`);
    expect(verifyBundle(readFileSync(bundle, 'utf8'))).toMatchObject({ outcome: 'holds' });
    const said = execFileSync(process.execPath, [join(folder, 'check-citation.mjs'), bundle], { encoding: 'utf8' });
    expect(said).toMatch(/^HOLDS/);
    expect(JSON.parse(readFileSync(join(folder, 'feed', '2025-03-10.json'), 'utf8'))).toMatchObject({ ids: [id] });
    expect((await send('GET', '/api/v1/citations')).status).toBe(200);
  });
});

describe('official values beside a report', () => {
  const OFFICIAL = reportStation('official01', {
    name: 'Mitte',
    licence: 'DL-DE-BY-2.0',
    reference: { network: 'UBA', type: 'background' },
  });

  it('are those of the nearest station, over the hours both have, with the n of each', async () => {
    const { send, list, raw } = await house();
    raw.days = 10;
    list.put(OFFICIAL);
    const { text } = await send('GET', `/report?lang=de&${new URLSearchParams(QUESTION)}`);
    expect(text).toContain('Nächste amtliche Station mit Werten: Mitte (UBA, Hintergrund)');
    expect(text).toContain(
      'Über die 240 Stunden, die beide haben (hier 672, amtlich 240): amtlich 20,0\u202fµg/m³, Bürgersensoren 45,0',
    );
    expect(text).toContain('gilt die strengste: ODbL-1.0. Alle: ODbL-1.0, DL-DE-BY-2.0.');
    expect((await send('GET', `/report?lang=en&values=gamma-de&${new URLSearchParams(QUESTION)}`)).text).toContain(
      'no official station',
    );
  });

  it('over days where the station publishes no hours', async () => {
    const { send, list, raw } = await house();
    Object.assign(raw, { days: 10, sensor: OFFICIAL_SENSORS['24h'] });
    list.put(OFFICIAL);
    const { text } = await send('GET', `/report?lang=de&${new URLSearchParams(QUESTION)}`);
    expect(text).toContain(
      'Über die 10 Tage, die beide haben (hier 28, amtlich 10): amtlich 20,0\u202fµg/m³, Bürgersensoren 45,0',
    );
    expect(text).not.toContain('abgeglichen mit Mitte');
  });

  it('adjust the question in one more line of the Gegenprobe, which a citation states and nobody recomputes', async () => {
    const { send, list, raw, cite, bundleOf } = await house();
    raw.days = 28;
    list.put(OFFICIAL);
    const { text } = await send('GET', `/report?lang=en&${new URLSearchParams(QUESTION)}`);
    // Stations at 30, 40, 50, 60, each by 20 / mean of the others: 12, 17.1, 23.1, 30.
    expect(text).toMatch(
      /values=reference-ratio[^>]*>adjusted to Mitte \(UBA\)<\/a><\/th><td class="number">20\.1<\/td><td class="number">4</,
    );
    expect(text).toMatch(/5\d\s%\u202f?of this value|5\d\u202f% of this value/);
    const own = await send('GET', `/report?lang=en&values=reference-ratio&${new URLSearchParams(QUESTION)}`);
    expect(own.text).toContain('Median of the 4 stations in Ehrenfeld: 20.1\u202fµg/m³');
    expect(own.text).toContain('cannot be cited');
    expect(own.text).not.toContain('action="/cite"');
    expect((await cite({ ...QUESTION, values: 'reference-ratio' })).status).toBe(400);
    const id = String((await cite()).body.id);
    const bundle = await bundleOf(id);
    expect(verifyBundle(bundle)).toMatchObject({ outcome: 'holds' });
    expect(JSON.parse(bundle).head.value.reference).toMatchObject({
      outcome: { n: 4, choices: { values: 'reference-ratio' } },
      references: [{ name: 'Mitte', operator: 'UBA', licence: 'DL-DE-BY-2.0' }],
    });
    expect((await send('GET', `/cite/${id}?lang=en`)).text).toContain('adjusted to Mitte (UBA)');
  });

  it('that are too few or too far adjust nothing, and a report that asks for it says so', async () => {
    const { send, list, raw } = await house();
    raw.days = 28;
    const asked = `/report?lang=de&values=reference-ratio&${new URLSearchParams(QUESTION)}`;
    expect(await send('GET', asked)).toMatchObject({
      status: 404,
      text: expect.stringContaining('Abgleichen lässt sich das nicht'),
    });
    list.put({ ...OFFICIAL, position: { lat: 51.7, lon: 7.22 } });
    expect((await send('GET', asked)).status).toBe(404);
    list.put(OFFICIAL);
    // Two other sensors are no group.
    list.byId.delete(IDS[3]!);
    expect((await send('GET', asked)).status).toBe(404);
  });
});

describe('the feed of citations', () => {
  it('is signed, chained day by day, and closed days do not change', async () => {
    const { cite, send, time, change } = await house();
    const first = String((await cite()).body.id);
    time.now += 2 * DAY;
    change.extra = 5;
    const second = String((await cite()).body.id);
    expect((await send('GET', '/api/v1/citations/feed')).body).toEqual({
      schemaVersion: 1,
      dates: ['2025-03-10', '2025-03-12'],
    });
    const dayOf = async (date: string) =>
      (await send('GET', `/api/v1/citations/feed/${date}`)).body as unknown as FeedDay;
    const [one, two] = [await dayOf('2025-03-10'), await dayOf('2025-03-12')];
    expect([one.ids, one.previous, two.ids]).toEqual([[first], null, [second]]);
    expect(two.previous).toBe(createHash('sha256').update(canonicalJson(one)).digest('hex'));
    for (const { signature, publicKey, ...said } of [one, two]) {
      expect(isSignedBy(publicKey, canonicalJson(said), signature)).toBe(true);
    }
    const { body } = await send('GET', '/api/v1/citations/key');
    expect(body).toEqual({ schemaVersion: 1, algorithm: 'Ed25519', publicKey: one.publicKey });
    expect((await send('GET', '/api/v1/citations/feed/2025-03-11')).status).toBe(404);
    expect((await send('GET', '/api/v1/citations')).body).toMatchObject({ citations: [{ id: second }, { id: first }] });
  });
});
