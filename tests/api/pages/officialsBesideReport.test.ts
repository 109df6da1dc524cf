import { describe, expect, it } from '@jest/globals';
import { verifyBundle } from '../../../server/citation/verifyBundle.ts';
import { OFFICIAL_SENSORS } from '../../../server/domain/correction/referenceMeans.ts';
import { reportStation } from '../../support/reportHouse.ts';
import { IDS, QUESTION, startCitingHouse } from '../citationsHouse.ts';

describe('official values beside a report', () => {
  const OFFICIAL = reportStation('official01', {
    name: 'Mitte',
    licence: 'DL-DE-BY-2.0',
    reference: { network: 'UBA', type: 'background' },
  });

  it('are those of the nearest station, over the hours both have, with the n of each', async () => {
    const { send, list, raw } = await startCitingHouse();
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

  it('pass by a nearer station with values on a stray day', async () => {
    const { send, list, raw } = await startCitingHouse();
    raw.days = 28;
    const nearer = { ...OFFICIAL, id: 'official02', name: 'Kampagne' };
    list.put({ ...OFFICIAL, position: { lat: 51.5, lon: 7.22 } });
    list.put(nearer);
    raw.daysOf.set(nearer.id, 1);
    const { text } = await send('GET', `/report?lang=de&${new URLSearchParams(QUESTION)}`);
    expect(text).toContain('Nächste amtliche Station mit Werten: Mitte');
  });

  it('over days where the station publishes no hours', async () => {
    const { send, list, raw } = await startCitingHouse();
    Object.assign(raw, { days: 10, sensor: OFFICIAL_SENSORS['24h'] });
    list.put(OFFICIAL);
    const { text } = await send('GET', `/report?lang=de&${new URLSearchParams(QUESTION)}`);
    expect(text).toContain(
      'Über die 10 Tage, die beide haben (hier 28, amtlich 10): amtlich 20,0\u202fµg/m³, Bürgersensoren 45,0',
    );
    expect(text).not.toContain('abgeglichen mit Mitte');
  });

  it('adjust the question in one more line of the Gegenprobe, which a citation states and nobody recomputes', async () => {
    const { send, list, raw, cite, bundleOf } = await startCitingHouse();
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

  it('adjust by the nearest station that measures the quantity, and say by which version', async () => {
    const { send, list, raw, cite, bundleOf } = await startCitingHouse();
    raw.days = 28;
    const nearer = { ...OFFICIAL, id: 'official02', name: 'Nur NO2', position: reportStation('x').position };
    const farther = { ...OFFICIAL, position: { lat: 51.5, lon: 7.22 } };
    raw.isMeasuring = (stationId) => stationId === farther.id;
    list.put(nearer);
    list.put(farther);
    const asked = `/report?lang=en&values=reference-ratio&${new URLSearchParams(QUESTION)}`;
    const { text } = await send('GET', asked);
    expect(text).toContain('Median of the 4 stations in Ehrenfeld: 20.1\u202fµg/m³');
    const id = String((await cite()).body.id);
    const { reference } = JSON.parse(await bundleOf(id)).head.value;
    expect(reference).toMatchObject({ method: 'reference-ratio-3', references: [{ name: 'Mitte' }] });
    expect((await send('GET', `/cite/${id}?lang=en`)).text).toContain('(method reference-ratio-3)');
  });

  it('that are too few or too far adjust nothing, and a report that asks for it says so', async () => {
    const { send, list, raw } = await startCitingHouse();
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
