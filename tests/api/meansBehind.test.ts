import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { IDS, QUESTION, startCitingHouse } from './citationsHouse.ts';
import { NOON, regular, serverWith } from './series/seriesHouse.ts';

describe('while means are being made anew', () => {
  it('nothing is cited and nothing counted against who tried, and afterwards it goes with the right figure', async () => {
    const { cite, send, change } = await startCitingHouse();
    change.isUpToDate = false;
    for (let times = 0; times < 30; times++) {
      const refused = await cite();
      expect([refused.status, refused.body.code]).toEqual([503, 'means-behind']);
    }
    expect((await send('GET', '/api/v1/citations')).body.citations).toEqual([]);
    // What was read meanwhile is not what the next one gets.
    change.extra = 600;
    change.isUpToDate = true;
    const made = await cite();
    expect(made.status).toBe(201);
    const { body } = await send('GET', `/api/v1/citations/${made.body.id}`);
    const { figure } = (body.head as { answer: { figure: { days: { value: number }[] } } }).answer;
    expect(figure.days[0]!.value).toBe(55);
    expect(figure.days[1]!.value).toBe(45);
  });

  it.each([
    ['de', 'noch nicht auf dem neuesten Stand', 'action="/cite"'],
    ['en', 'not up to date yet', 'action="/cite"'],
  ])('the report says so instead of offering to take it away (%s)', async (lang, says, offer) => {
    const { send, change } = await startCitingHouse();
    const address = `/report?${new URLSearchParams({ ...QUESTION, lang })}`;
    change.isUpToDate = false;
    const behind = (await send('GET', address)).text;
    expect(behind).toContain(says);
    expect(behind).not.toContain(offer);
    change.isUpToDate = true;
    const after = (await send('GET', address)).text;
    expect(after).not.toContain(says);
    expect(after).toContain(offer);
  });

  it.each(['/area', '/area/ehrenfeld', `/station/${IDS[0]}`, `/compare?stations=${IDS[0]}`])(
    '%s says so in words',
    async (path) => {
      const { url, change } = await startCitingHouse();
      const pageIn = async (language: string) =>
        (await fetch(url + path, { headers: { 'accept-language': language } })).text();
      change.isUpToDate = false;
      expect(await pageIn('de')).toContain('noch nicht auf dem neuesten Stand');
      expect(await pageIn('en')).toContain('not up to date yet');
      change.isUpToDate = true;
      expect(await pageIn('de')).not.toContain('noch nicht auf dem neuesten Stand');
    },
  );

  it('no picture is made of them that a network or a reader would keep', async () => {
    const { url, change } = await startCitingHouse();
    const question = new URLSearchParams({ ...QUESTION, lang: 'en' });
    const at = async (path: string) => {
      const answer = await fetch(`${url}${path}?${question}`);
      return [answer.status, answer.headers.get('retry-after'), answer.headers.get('content-type')];
    };
    for (const path of ['/report/chart.png', '/report/preview.png', '/area/ehrenfeld/preview.png']) {
      change.isUpToDate = false;
      expect([path, await at(path)]).toEqual([path, [503, '10', 'text/plain; charset=utf-8']]);
      change.isUpToDate = true;
      expect([path, await at(path)]).toEqual([path, [200, null, 'image/png']]);
    }
  });

  it('files of a report, the form that cites, and days above as CSV are refused; as JSON these say so', async () => {
    const { send, url, change } = await startCitingHouse();
    change.isUpToDate = false;
    const file = await fetch(`${url}/report/days.csv?${new URLSearchParams(QUESTION)}`);
    expect([file.status, file.headers.get('retry-after')]).toEqual([503, '10']);
    const form = await fetch(`${url}/cite`, {
      method: 'POST',
      body: new URLSearchParams(QUESTION),
      redirect: 'manual',
    });
    expect([form.status, await form.text()]).toEqual([
      503,
      expect.stringContaining('noch nicht auf dem neuesten Stand'),
    ]);
    const ledger = '/api/v1/days-above?area=ehrenfeld&quantity=pm10&year=2025';
    expect((await send('GET', ledger)).body).toMatchObject({ isUpToDate: false });
    expect((await send('GET', `${ledger}&format=csv`)).status).toBe(503);
    change.isUpToDate = true;
    expect((await send('GET', ledger)).body).toMatchObject({ isUpToDate: true });
    expect((await send('GET', `${ledger}&format=csv`)).status).toBe(200);
  });

  it('a citation does not call a half-made answer another one', async () => {
    const { cite, send, change } = await startCitingHouse();
    const { id } = (await cite()).body;
    Object.assign(change, { isUpToDate: false, extra: 600 });
    const page = async () => (await send('GET', `/cite/${id}?lang=en&wait=1`)).text;
    expect(await page()).toContain('answer is being computed');
    change.isUpToDate = true;
    expect(await page()).toContain('What has changed');
  });

  it('a series of means says so and is kept by no cache; as CSV it is refused; single readings are as ever', async () => {
    const state = { isUpToDate: false };
    const { append, get, url, id } = await serverWith({ isUpToDate: () => state.isUpToDate });
    await append(regular(NOON - 2 * HOUR_MS, NOON, () => 10));
    const { body } = await get('quantity=pm25&window=1h');
    expect(body.isUpToDate).toBe(false);
    const series = `${url}/api/v1/stations/${id}/series?quantity=pm25&window=1h`;
    expect((await fetch(series)).headers.get('cache-control')).toContain('no-store');
    expect((await get('quantity=pm25&window=1h&format=csv')).status).toBe(503);
    expect((await get('quantity=pm25&window=raw')).body).not.toHaveProperty('isUpToDate');
    state.isUpToDate = true;
    expect((await get('quantity=pm25&window=1h')).body).not.toHaveProperty('isUpToDate');
    expect((await get('quantity=pm25&window=1h&format=csv')).status).toBe(200);
  });
});
