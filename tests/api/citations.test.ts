import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Bundle, BundleStation } from '../../server/citation/bundle.ts';
import { canonicalJson } from '../../server/citation/canonicalJson.ts';
import type { FeedDay } from '../../server/citation/feed.ts';
import { isSignedBy } from '../../server/citation/instanceKey.ts';
import { writeStaticCopy } from '../../server/citation/staticCopy.ts';
import { verifyBundle } from '../../server/citation/verifyBundle.ts';
import { DAY_MS } from '../../server/domain/durations.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { reportStation } from '../support/reportHouse.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { IDS, NOW, QUESTION, START, startCitingHouse } from './citationsHouse.ts';

describe('a citation', () => {
  it('is frozen with every hour, and its bundle holds', async () => {
    const { cite, send, bundleOf } = await startCitingHouse();
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
    expect(body.head).toMatchObject({ evaluator: 'report-3', answer: { figure: { value: 45, n: 4 } } });
  });

  it('holds public positions and no device, owner or exact place', async () => {
    const { cite, bundleOf, list } = await startCitingHouse();
    list.put(reportStation(IDS[0]!, { position: { lat: 51.4812345, lon: 7.2254321 } }));
    const text = await bundleOf(String((await cite()).body.id));
    expect(text).not.toMatch(/51\.48123|7\.22543|deviceId|ownerKey|consent/);
    expect(text).toContain('"position":{"lat":51.481,');
  });

  it('holds no free text of an operator: why a station is left out is a word from a list', async () => {
    const { cite, send, bundleOf, list } = await startCitingHouse();
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
    const { cite, time, change } = await startCitingHouse();
    const first = await cite();
    expect(await cite()).toMatchObject({ status: 200, body: { id: first.body.id, isNew: false } });
    change.extra = 1;
    time.now += 10 * 60_000;
    expect((await cite()).body.id).not.toBe(first.body.id);
  });

  it('stays as it is while the question’s answer changes, and the page says why', async () => {
    const { cite, send, change, time, list } = await startCitingHouse();
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

  it('names the operator where a station is left out of figures since, and where it counts again', async () => {
    const { cite, send, time, list } = await startCitingHouse();
    const told = async (id: string) => {
      time.now += 10 * 60_000;
      const { text } = await send('GET', `/cite/${id}?lang=en&wait=1`);
      return [text.includes('since left one station out'), text.includes('counts one station again')];
    };
    const whole = String((await cite()).body.id);
    const left = { status: 'excluded', exclusion: { since: START, reason: 'local-source' } } as const;
    list.put(reportStation(IDS[0]!, left));
    expect(await told(whole)).toEqual([true, false]);
    expect((await send('GET', `/cite/${whole}?lang=en&wait=1`)).text).not.toContain('facts about one station');
    const without = String((await cite()).body.id);
    list.put(reportStation(IDS[0]!));
    expect(await told(without)).toEqual([false, true]);
  });

  it('is not said to have another answer where the same sentences rest on other numbers', async () => {
    const { cite, send, change, time } = await startCitingHouse();
    const id = String((await cite()).body.id);
    // The first day's median is 45.02 instead of 45 then, the period's stays.
    change.extra = 10.04;
    time.now += 10 * 60_000;
    const { text } = await send('GET', `/cite/${id}?lang=de&wait=1`);
    expect(text).toContain('Dieselbe Frage ergibt heute dieselbe Aussage; einzelne Zahlen');
    expect(text).toContain('Stundenwerte einer Station wurden geändert');
    expect(text).not.toContain('andere Antwort');
    expect((await send('GET', `/cite/${id}?lang=en&wait=1`)).text).toContain('gives the same statement today');
  });

  it('loses a station whose owner deletes it, says so, and the rest stays provable', async () => {
    const { cite, send, bundleOf, citations, citationStore, list } = await startCitingHouse();
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
    expect(text).toContain('Dem Bündel fehlen die Stundenwerte, die gelöscht sind');
    expect(text).not.toContain('Das Bündel enthält jeden Stundenwert');
    expect(text).toContain('45,0\u202fµg/m³');
    expect((await send('GET', `/cite/${id}?lang=en`)).text).toContain('1 of 4 stations was withdrawn by its host');
    expect((await send('GET', `/api/v1/citations/${id}`)).body).toMatchObject({ withdrawn: 1 });
  });

  it('loses the place of a station whose owner makes it coarser, and stays provable', async () => {
    const { cite, send, bundleOf, citations, list } = await startCitingHouse();
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
    const { cite, send, citations, list, bundleOf } = await startCitingHouse();
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
    const { url, send } = await startCitingHouse();
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
    const { cite, citations } = await startCitingHouse();
    expect((await cite(body)).status).toBe(status);
    expect(citations.list()).toEqual([]);
  });

  it.each([
    ['no place', { area: undefined }, { field: 'area', code: 'no-place', message: /^is missing: / }],
    ['two places', { station: IDS[0] }, { field: 'area', code: 'bad-place', message: /not both$/ }],
    ['a day that is none', { from: '2025-02-31' }, { field: 'from', code: 'bad-period', message: /2010-01-01/ }],
    [
      'more than three years',
      { from: '2021-02-01' },
      { field: 'to', code: 'too-long', message: /1096 days after from/ },
    ],
    ['days to come', { to: '2025-12-31' }, { field: 'to', code: 'not-begun', message: /a day that is over/ }],
    ['a gas', { quantity: 'no2' }, { field: 'quantity', code: 'bad-quantity', message: /one of pm25, pm10/ }],
    ['a rule of nobody', { rule: 'mine' }, { field: 'rule', code: 'bad-rule', message: /with a value for this/ }],
  ])('of %s is refused in words, beside the code', async (_, change, refused) => {
    const { cite } = await startCitingHouse();
    const { body } = await cite({ ...QUESTION, ...change });
    const message = expect.stringMatching(refused.message);
    expect(body).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ ...refused, message }] });
  });

  it('rests on what the registry and the hours say now, not on what was answered a moment ago', async () => {
    const { cite, send, change, list, raw, reports } = await startCitingHouse();
    raw.days = 28;
    const official = reportStation('official01', { name: 'Mitte', reference: { network: 'UBA', type: 'background' } });
    list.put(official);
    const id = String((await cite()).body.id);
    const officialNow = async () => {
      const { text } = await send('GET', `/report?lang=en&${new URLSearchParams(QUESTION)}`);
      return text.includes('with values: Mitte');
    };
    expect(await officialNow()).toBe(true);
    // Left out of figures by the operator: nothing is compared with it any more.
    list.put({ ...official, status: 'excluded', statusReason: 'wrong' });
    expect(await officialNow()).toBe(false);
    const page = async () => (await send('GET', `/cite/${id}?lang=en&wait=1`)).text;
    change.extra = 28;
    reports.forgetHoursOf(['e'.repeat(10)]);
    expect(await page()).toContain('The same question has the same answer today.');
    reports.forgetHoursOf([IDS[0]!]);
    expect(await page()).toContain('The same question has another answer today');
  });

  it('is limited by address', async () => {
    const { cite, change, reports } = await startCitingHouse();
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
    const { send } = await startCitingHouse();
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
    const { cite, send } = await startCitingHouse();
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
    const { cite, send, url } = await startCitingHouse();
    const id = String((await cite()).body.id);
    const folder = temporaryFolder();
    const get = async (path: string) => {
      const response = await fetch(`${url}${path}`);
      if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
      return Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    };
    expect(await writeStaticCopy(get, folder, join(packageRoot(), 'docs'))).toEqual({ citations: 1, stations: 0 });
    // A web server is to hand it out, and runs as somebody else.
    expect(statSync(join(folder, 'cite')).mode & 0o777).toBe(0o777 & ~process.umask());
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

describe('the feed of citations', () => {
  it('is signed, chained day by day, and closed days do not change', async () => {
    const { cite, send, time, change, url } = await startCitingHouse();
    const first = String((await cite()).body.id);
    time.now += 2 * DAY_MS;
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
    for (const path of ['key', 'feed', 'feed/2025-03-10']) {
      const { headers } = await fetch(`${url}/api/v1/citations/${path}`);
      expect([path, headers.get('cache-control')]).toEqual([path, 'public, max-age=60']);
    }
    expect((await send('GET', '/api/v1/citations')).body).toMatchObject({ citations: [{ id: second }, { id: first }] });
  });
});
