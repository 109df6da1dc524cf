import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { Assets } from '../../server/api/pages/assets.ts';
import { instanceOf } from '../../server/api/pages/instance.ts';
import { createNoticePages } from '../../server/api/pages/noticePages.ts';
import { PageWriter } from '../../server/api/pages/pageWriter.ts';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { loadConfig } from '../../server/config.ts';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import type { AcceptedMessage, Reading } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import type { Contact } from '../../server/notices/noticeRecords.ts';
import { put } from '../../server/notices/noticeRecords.ts';
import { Notices } from '../../server/notices/notices.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { isRefusal, type NewStation, StationStore } from '../../server/store/registry/stationStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { ComputedRollups } from '../support/computedRollups.ts';
import { type MailServer, startMailServer } from '../support/mailServer.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** What a test may choose. */
export interface NoticeHostOptions {
  /** Epoch ms of the beginning. */
  now: number;
  /** An earlier host's folder. */
  dataDir?: string;
  mail?: MailServer;
  settings?: Record<string, string>;
}

/** Registry, readings, aggregator and notices as the program puts them together, on a clock that only the test moves. */
export async function openNoticeHost({ now, settings, ...options }: NoticeHostOptions) {
  const time = { now };
  const clock = () => time.now;
  const dataDir = options.dataDir ?? temporaryFolder();
  const mail = options.mail ?? (await startMailServer());
  const config = loadConfig({
    ...{ DATA_DIR: dataDir, SMTP_URL: mail.url, MAIL_FROM: 'luft@example.org', PUBLIC_URL: 'https://luft.example.org' },
    ...settings,
  });
  const logged: string[] = [];
  const log = createLog('debug', { write: (line) => void logged.push(line) });
  const stations = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock, randomBytes });
  await stations.open();
  const readings = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await readings.open();
  const aggregator = new Aggregator({ clock, sensorModels: (id) => stations.station(id)?.sensorModels ?? [] });
  await (await aggregator.warm(readings, clock())).rest;
  const areas = new AreaDirectory([], () => stations.stations());
  const rollups = new ComputedRollups({
    store: readings,
    station: (id) => stations.station(id),
    dayOffsetMs: 3_600_000,
    clock,
  });
  const notices = new Notices({
    ...{
      rollups,
      config,
      stationStore: stations,
      store: readings,
      aggregator,
      areas,
      metrics: createMetrics(),
      log,
      clock,
    },
    isAddressAllowed: (ip) => ip === '127.0.0.1',
  });
  await notices.open();
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await notices.close();
    await readings.close();
    await stations.close();
  };
  closeAfterTest(close);

  /** Stores values of one instrument and folds them, as ingest does. */
  const measure = async (stationId: string, from: number, to: number, pm25: (at: number) => number) => {
    const batch: AcceptedMessage[] = [];
    for (let at = from; at < to; at += 145_000) batch.push(messageOf(stationId, at, pm25(at)));
    const outcomes = await readings.append(batch);
    for (const { stored } of outcomes) aggregator.fold(stored);
  };
  /** Lets minutes pass, looking once in each, with these stations measuring all the while. */
  const pass = async (minutes: number, values: Record<string, number> = {}) => {
    for (let minute = 0; minute < minutes; minute++) {
      time.now += MINUTE_MS;
      for (const [id, value] of Object.entries(values)) {
        const [outcome] = await readings.append([
          messageOf(id, time.now - 1_000 - (minute % 7), value + (minute % 5) / 10),
        ]);
        aggregator.fold(outcome?.stored ?? []);
      }
      await notices.lookAtAlerts();
    }
  };
  return { time, dataDir, mail, config, logged, stations, readings, aggregator, notices, close, measure, pass };
}

/** A running host. */
export type NoticeHost = Awaited<ReturnType<typeof openNoticeHost>>;

/** A public outdoor station. */
export async function addStation({ stations }: NoticeHost, fields: Partial<NewStation> = {}): Promise<string> {
  const made = await stations.addStation({
    ...{ name: 'Balkon', position: { lat: 51.4567891, lon: 7.0123456 }, isIndoor: false, sensorModels: ['sds011'] },
    ...{ status: 'active', source: 'direct', licence: 'ODbL-1.0', ...fields },
  } as NewStation);
  if (isRefusal(made)) throw new Error(made.refused);
  return made.station.id;
}

let contactCount = 0;

/** A confirmed contact, without the mail that confirms it. */
export async function addContact(
  { notices, time }: NoticeHost,
  stationId: string,
  fields: Partial<Contact> = {},
): Promise<Contact> {
  const contact: Contact = {
    ...{
      id: `contact${String(++contactCount).padStart(3, '0')}`,
      stationId,
      channel: 'mail',
      address: 'anna@example.org',
    },
    ...{ language: 'de', createdAt: time.now, confirmedAt: time.now, isMuted: false, ...fields },
  };
  await notices.store.write(() => ({ answer: undefined, changes: [put('contact', contact)] }));
  return contact;
}

/** Serves the pages that links in messages open; resolves to their address. */
export async function servePages({ notices, config }: NoticeHost): Promise<string> {
  const writer = new PageWriter(
    () => instanceOf({ config, version: '0' }, undefined),
    new Assets(join(packageRoot(), 'dist', 'web')),
  );
  const http = createServer(
    express().use(createNoticePages({ writer, notices, letters: { remove: async () => undefined } })),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => {
    http.closeAllConnections();
    return new Promise((resolve) => http.close(resolve));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

function messageOf(stationId: string, at: number, pm25: number): AcceptedMessage {
  const reading: Reading = { stationId, sensor: 'sds011', measuredAt: at, values: { pm25, pm10: pm25 + 3 }, flags: 0 };
  return { stationId, measuredAt: at, receivedAt: at, health: { interval: 145_000 }, readings: [reading] };
}
