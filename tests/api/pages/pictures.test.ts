import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import { PictureError, PngPress } from '../../../server/pictures/pngPress.ts';
import { closeAfterTest } from '../../support/closing.ts';
import { hourlyRow, reportStation, startReportHouse } from '../../support/reportHouse.ts';

const START = Date.parse('2025-02-01T00:00:00+01:00');
const IDS = ['a', 'b', 'c'].map((letter) => letter.repeat(10));
const QUESTION = 'area=ehrenfeld&quantity=pm10&from=2025-02-01&to=2025-02-28&rule=eu';

function house() {
  return startReportHouse({
    stations: [...IDS.map((id) => reportStation(id)), reportStation('hidden0000', { isIndoor: true })],
    rollups: () => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        quantity === 'humidity' || window === 'day'
          ? []
          : stationIds.flatMap((id) =>
              Array.from({ length: 28 * 24 }, (_, hour) =>
                hourlyRow(id, START + hour * HOUR_MS, 20 + (hour % 50)),
              ).filter(({ start }) => start >= from && start < to),
            ),
      upToDate: async () => true,
      markDirty: async () => undefined,
    }),
    now: Date.UTC(2025, 2, 10, 12),
  });
}

/** Type and size of what an address gives. */
async function pictureAt(url: string): Promise<unknown> {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  const kind = bytes.toString('latin1', 1, 4);
  return [response.status, kind === 'PNG' ? [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] : kind];
}

/** A picture like no other of its width. */
function bar(width: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="${width}" height="5"/></svg>`;
}

describe('pictures', () => {
  it('of reports, citations, stations and areas are previews of the size networks ask for, and charts sharp in print', async () => {
    const { url, send } = await house();
    const { body } = await send('POST', '/api/v1/citations', {
      body: Object.fromEntries(new URLSearchParams(QUESTION)),
    });
    for (const page of [
      `/report/preview.png?${QUESTION}`,
      `/cite/${body.id}/preview.png`,
      `/station/${IDS[0]}/preview.png`,
      '/area/ehrenfeld/preview.png',
    ]) {
      expect([page, await pictureAt(url + page)]).toEqual([page, [200, [1200, 630]]]);
    }
    for (const chart of [`/report/chart.png?${QUESTION}`, `/cite/${body.id}/chart.png`]) {
      expect([chart, await pictureAt(url + chart)]).toEqual([chart, [200, [1520, 700]]]);
      const { headers } = await fetch(url + chart);
      expect(headers.get('content-disposition')).toMatch(
        /^attachment; filename="?ehrenfeld-pm\d+-[\d-]+-chart\.png"?$/,
      );
    }
  });

  it('are there for nothing that is not public', async () => {
    const { url } = await house();
    const none = [
      '/report/preview.png?area=mars',
      '/cite/0000000000000000/chart.png',
      '/station/hidden0000/preview.png',
      '/area/mars/preview.png',
    ];
    for (const path of none) expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
  });

  it('are named in the head of each page, in its language', async () => {
    const { send, url } = await house();
    const { body } = await send('POST', '/api/v1/citations', {
      body: Object.fromEntries(new URLSearchParams(QUESTION)),
    });
    for (const page of [`/report?${QUESTION}&`, `/cite/${body.id}?`, `/station/${IDS[0]}?`, '/area/ehrenfeld?']) {
      const { text } = await send('GET', `${page}lang=de`);
      const image = /property="og:image" content="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect([page, image.startsWith(url), new URL(image).searchParams.get('lang')]).toEqual([page, true, 'de']);
      expect(await pictureAt(image)).toEqual([200, [1200, 630]]);
    }
  });

  it('say so when too many are wanted at once, and when one cannot be drawn', async () => {
    const told: unknown[] = [];
    const press = new PngPress({ log: { warn: (_: object, text?: string) => void told.push(text) } });
    closeAfterTest(() => press.close());
    await expect(press.draw('<svg', 100)).rejects.toThrow(PictureError);
    expect(told).toEqual(['a picture is not drawn']);
    const outcomes = await Promise.allSettled(Array.from({ length: 41 }, (_, at) => press.draw(bar(at), 10)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  it('are drawn whenever they are wanted, also just when the thread ends for want of work', async () => {
    const press = new PngPress({ idleMs: 0 });
    closeAfterTest(() => press.close());
    for (let at = 0; at < 6; at++) {
      expect((await press.draw(bar(at), 10)).toString('latin1', 1, 4)).toBe('PNG');
      // Long enough for the thread to be told, too short for it to have ended.
      await new Promise((then) => setTimeout(then, at));
    }
  });
});
