import { describe, expect, it } from '@jest/globals';
import { stationOf } from '../../support/stations.ts';
import { NOW, page, startPages } from './pagesHouse.ts';

const idOf = (at: number) => `number${String(at).padStart(4, '0')}`;
const many = Array.from({ length: 250 }, (_, at) => stationOf(idOf(at), { name: `Haus ${at}` }));
const linksOf = (html: string) => [...html.matchAll(/href="\/station\/(\w+)/g)].map(([, id]) => id);

describe('/stations', () => {
  it('leads from the map to every public station, page by page, without scripts', async () => {
    const hidden = [stationOf('hidden0000', { status: 'hidden' }), stationOf('indoor0000', { isIndoor: true })];
    const { url } = await startPages({ stations: [...[...many].reverse(), ...hidden] });
    const noscript = /<noscript>.*<\/noscript>/s.exec(await page(`${url}/?lang=de`))?.[0] ?? '';
    let [, next] = /href="(\/stations[^"]*)">Alle Stationen/.exec(noscript) ?? [];
    const seen: (string | undefined)[] = [];
    for (let pages = 0; next !== undefined && pages < 9; pages++) {
      const html = await page(url + next.replaceAll('&amp;', '&'));
      seen.push(...linksOf(html));
      next = /rel="next" href="([^"]*)"/.exec(html)?.[1];
    }
    expect(seen).toEqual(many.map(({ id }) => id));
  });

  it('says of each what the map shows now, a number only where it counts, and no place', async () => {
    const official = stationOf('official00', {
      name: 'Amt',
      reference: { network: 'LANUV', code: 'X', type: 'traffic' },
    });
    const { url } = await startPages({ stations: [stationOf('abcde12345', { name: 'Hof' }), official] });
    const html = await page(`${url}/stations?lang=de`);
    expect(html).toMatch(/Hof<\/a><\/th><td class="number">12,4<\/td>/);
    expect(html).toMatch(/Amt<\/a> \(Amtliche Station\)<\/th><td class="number"><span class="why">kein Wert</);
    expect(html).not.toMatch(/51[.,]4|7[.,]01/);
    const silent = await startPages({ aggregate: { lastMeasuredAt: NOW - 3_600_000 } });
    expect(await page(`${silent.url}/stations?lang=en`)).toMatch(/<td class="number"><span class="why">out of date</);
  });

  it('finds by parts of the name, keeps them from page to page and in the other language, and says what there is not', async () => {
    const { url } = await startPages({ stations: [...many, stationOf('abcde12345', { name: 'Grüner Hof <1>' })] });
    expect(linksOf(await page(`${url}/stations?find=gruner+hof`))).toEqual(['abcde12345']);
    const second = await page(`${url}/stations?lang=de&find=haus&page=2`);
    expect(linksOf(second)).toHaveLength(100);
    expect(second).toContain('101 bis 200 von 250');
    expect(second).toContain('rel="prev" href="/stations?lang=de&amp;find=haus"');
    expect(second).toContain('id="language-link" href="/stations?lang=en&amp;find=haus&amp;page=2"');
    const none = await page(`${url}/stations?lang=de&find=%3Cb%3E`);
    expect(none).toContain('Keine Station heißt „&lt;b&gt;“.');
    for (const odd of ['page=-1', 'page=x', 'find[]=a', 'page=0.5']) {
      expect(linksOf(await page(`${url}/stations?${odd}`))).toHaveLength(100);
    }
    expect(linksOf(await page(`${url}/stations?page=99`))).toHaveLength(51);
  });
});
