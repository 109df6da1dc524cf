import { describe, expect, it } from '@jest/globals';
import { DEFAULT_ALERTS } from '../../server/domain/alerts/alertSettings.ts';
import { DAY_MS } from '../../server/domain/durations.ts';
import { publicPosition } from '../../server/domain/station.ts';
import { put } from '../../server/notices/noticeRecords.ts';
import { addContact, addStation, type NoticeHost, openNoticeHost } from './noticeHost.ts';

const EXACT = { lat: 51.4567891, lon: 7.0123456 };

const plain = (text: string | undefined) => text?.replace(/[\u202f\u00a0]/g, ' ') ?? '';

/** What the hourly maintenance does, and the mails that came of it. */
async function tidyUp({ notices }: NoticeHost): Promise<void> {
  await notices.tidyUp();
  await notices.outbox.sendDue();
}

describe('the monthly mail', () => {
  it('goes out once in the morning after the month, with its mean, its highest day and what they rest on', async () => {
    const host = await openNoticeHost({ now: Date.parse('2026-10-31T12:00:00Z') });
    const id = await addStation(host);
    await addContact(host, id);
    await host.notices.store.write(() => ({
      answer: undefined,
      changes: [put('alerts', { id, settings: { ...DEFAULT_ALERTS, isMonthly: true } })],
    }));
    // October by UTC+1, without the 3rd: 10 µg/m³, on the 12th 40.
    const [start, end] = [Date.parse('2026-09-30T23:00:00Z'), Date.parse('2026-10-31T23:00:00Z')];
    // Two values in turn: one alone would be a stuck sensor's, whose hours do not count.
    const around = (value: number, at: number) => value + ((at / 145_000) % 2 < 1 ? 0.1 : -0.1);
    const dayOf = (at: number) => Math.floor((at - start) / DAY_MS) + 1;
    await host.measure(id, start, start + 2 * DAY_MS, (at) => around(10, at));
    await host.measure(id, start + 3 * DAY_MS, end, (at) => around(dayOf(at) === 12 ? 40 : 10, at));
    host.time.now = Date.parse('2026-11-01T06:59:00Z');
    await tidyUp(host);
    expect(host.mail.mails).toEqual([]);
    for (const hour of ['07:01', '08:01', '09:01']) {
      host.time.now = Date.parse(`2026-11-01T${hour}:00Z`);
      await tidyUp(host);
    }
    const reopened = await (async () => {
      await host.close();
      return openNoticeHost({ now: host.time.now + 3_600_000, dataDir: host.dataDir, mail: host.mail });
    })();
    await tidyUp(reopened);
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual(['Ihre Station „Balkon“ im Oktober 2026']);
    expect(plain(host.mail.mails[0]?.text)).toContain(
      'PM2,5, Mittel der gültigen Tage im Oktober 2026: 11,0 µg/m³ (30 von 31 Tagen gültig).\nHöchstes Tagesmittel: 40,0 µg/m³ (12. Oktober).\n\nTage sind Kalendertage nach UTC+1,',
    );
  });
});

describe('the monthly mail of a station whose sensor was swapped in the month', () => {
  it('counts the days of both, and says of one valid day that it is one', async () => {
    const host = await openNoticeHost({ now: Date.parse('2026-10-31T12:00:00Z') });
    const [swapped, short] = [await addStation(host), await addStation(host, { name: 'Hof' })];
    const start = Date.parse('2026-09-30T23:00:00Z');
    for (const id of [swapped, short]) {
      await addContact(host, id);
      const settings = { ...DEFAULT_ALERTS, isMonthly: true };
      await host.notices.store.write(() => ({ answer: undefined, changes: [put('alerts', { id, settings })] }));
    }
    const level = (at: number) => (Math.floor(at / 145_000) % 2 ? 9.9 : 10.1);
    await host.measure(swapped, start, start + 15.5 * DAY_MS, level);
    await host.measure(short, start, start + DAY_MS, level);
    const others = Array.from({ length: 15.4 * 24 * 24 }, (_, at) => {
      const measuredAt = start + 15.55 * DAY_MS + at * 150_000;
      const reading = { stationId: swapped, sensor: 'sds011-2', measuredAt, values: { pm25: 20 + (at % 2) }, flags: 0 };
      return { stationId: swapped, measuredAt, receivedAt: measuredAt, health: {}, readings: [reading] };
    });
    await host.readings.append(others);
    host.time.now = Date.parse('2026-11-01T07:01:00Z');
    await tidyUp(host);
    const texts = host.mail.mails.map(({ text }) => plain(text));
    expect(texts.find((text) => text.includes('(31 von 31 Tagen gültig)'))).toContain('im Oktober 2026: 15,2 µg/m³');
    expect(texts.join()).toContain('gibt es kein Monatsmittel: Nur 1 von 31 Tagen hat genug Messungen.');
  });
});

describe('a station silent for 12 months', () => {
  async function silentHost(now: string) {
    const host = await openNoticeHost({ now: Date.parse(now) });
    const id = await addStation(host, { position: EXACT });
    await addContact(host, id, { createdAt: host.time.now });
    await host.measure(id, host.time.now, host.time.now + 600_000, () => 5);
    return { host, id, since: host.time.now };
  }

  it('is told, and 30 days later its address and exact positions are deleted for good; its readings stay', async () => {
    const { host, id, since } = await silentHost('2025-01-10T12:00:00Z');
    await host.stations.updateStation(id, {
      formerPlaces: [{ position: { lat: 51.4511111, lon: 7.0155555 }, until: since }],
    });
    host.time.now = since + 364 * DAY_MS;
    await tidyUp(host);
    expect([host.mail.mails.length, host.stations.station(id)?.position]).toEqual([0, EXACT]);
    host.time.now = since + 366 * DAY_MS;
    for (let day = 0; day < 29; day++, host.time.now += DAY_MS) await tidyUp(host);
    expect(host.mail.mails.map(({ subject }) => subject)).toEqual([
      '„Balkon“ schweigt seit einem Jahr: Daten werden gelöscht',
    ]);
    expect(plain(host.mail.mails[0]?.text)).toContain(
      'Am 10. Februar 2026 löschen wir deshalb diese Adresse und den genauen Ort',
    );
    expect([host.notices.store.count('contact'), host.stations.station(id)?.position]).toEqual([1, EXACT]);
    const shown = publicPosition(host.stations.station(id)!);
    host.time.now += 2 * DAY_MS;
    await tidyUp(host);
    const station = host.stations.station(id)!;
    expect([host.notices.store.count('contact'), station.position, publicPosition(station)]).toEqual([0, shown, shown]);
    expect(station.formerPlaces?.[0]?.position).toEqual({ lat: 51.451, lon: 7.016 });
    expect(station.marks ?? []).toEqual([]);
    expect(await host.readings.seriesOf(id)).not.toEqual([]);
    host.time.now += 400 * DAY_MS;
    await tidyUp(host);
    expect(host.mail.mails).toHaveLength(1);
  });

  it('keeps everything when it is heard again in between', async () => {
    const { host, id, since } = await silentHost('2025-01-10T12:00:00Z');
    host.time.now = since + 370 * DAY_MS;
    await tidyUp(host);
    await host.measure(id, host.time.now, host.time.now + 600_000, () => 5);
    host.time.now += 40 * DAY_MS;
    await tidyUp(host);
    expect([host.mail.mails.length, host.notices.store.count('contact'), host.stations.station(id)?.position]).toEqual([
      1,
      1,
      EXACT,
    ]);
    expect(host.notices.store.get('diary', id)).toBeUndefined();
  });

  it('is not an imported or mirrored one', async () => {
    const host = await openNoticeHost({ now: Date.parse('2025-01-10T12:00:00Z') });
    const id = await addStation(host, { source: 'import', position: EXACT });
    for (const days of [370, 410]) {
      host.time.now = Date.parse('2025-01-10T12:00:00Z') + days * DAY_MS;
      await tidyUp(host);
    }
    expect(host.stations.station(id)?.position).toEqual(EXACT);
  });
});

describe('what nobody confirmed', () => {
  it('is gone after a few days', async () => {
    const host = await openNoticeHost({ now: Date.parse('2026-11-05T11:00:00Z') });
    const id = await addStation(host);
    await host.notices.contacts.add(id, { channel: 'mail', address: 'anna@example.org', language: 'de' });
    await host.notices.areaWatches.request({
      ...{ address: 'viewer@example.org', language: 'en', areaName: 'x', quietHours: null },
      ...{ area: { stationIds: [id] }, threshold: { quantity: 'pm25', average: '1h', value: 25 } },
    });
    const counts = () =>
      (['contact', 'watch', 'ticket', 'message'] as const).map((kind) => host.notices.store.count(kind));
    expect(counts()).toEqual([1, 1, 2, 2]);
    await tidyUp(host);
    host.time.now += 5 * DAY_MS;
    await tidyUp(host);
    expect(counts()).toEqual([0, 0, 0, 0]);
  });
});
