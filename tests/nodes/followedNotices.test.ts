import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../server/domain/durations.ts';
import { MAX_NOTICES } from '../../server/domain/operator/publicNotice.ts';
import { FollowedNotices } from '../../server/nodes/followedNotices.ts';
import { NodeBus } from '../../server/nodes/nodeBus.ts';
import { noticePublisher } from '../../server/nodes/noticeShards.ts';
import { NoticeStore } from '../../server/notices/noticeStore.ts';
import { type NoticeDraft, PublicNotices } from '../../server/notices/publicNotices.ts';
import { closeAfterTest } from '../support/closing.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const T0 = Date.UTC(2026, 10, 1);

const fog = (day: number, de = 'Nebel in den Tälern.'): NoticeDraft => ({
  ...{ kind: 'fog', from: T0 + day * DAY_MS, to: T0 + (day + 1) * DAY_MS, text: { de, en: 'Fog in the valleys.' } },
});

function openBus(mosquitto: Mosquitto, nodeId: string): NodeBus {
  const bus = new NodeBus({ url: mosquitto.url, nodeId, run: nodeId, onError: () => undefined });
  closeAfterTest(() => bus.close());
  return bus;
}

/** An operator's notices that are published; `longest` is the length of the longest message. */
async function openOperator(mosquitto: Mosquitto) {
  const store = new NoticeStore({ path: join(temporaryFolder(), 'notices.duckdb'), randomBytes });
  await store.open();
  closeAfterTest(() => store.close());
  const notices = new PublicNotices({ store, randomBytes, clock: () => T0 });
  const bus = openBus(mosquitto, 'center');
  const sent = { longest: 0 };
  const publish = (topic: string, payload: string) => {
    sent.longest = Math.max(sent.longest, Buffer.byteLength(payload));
    bus.retain(topic, payload);
  };
  const publisher = noticePublisher(notices, { publish, clock: Date.now });
  bus.onConnected(() => publisher.connected());
  bus.start();
  await bus.ready(60_000);
  closeAfterTest(publisher.start());
  return { notices, sent };
}

async function follow(mosquitto: Mosquitto, path = join(temporaryFolder(), 'notices')): Promise<FollowedNotices> {
  const bus = openBus(mosquitto, 'web');
  const followed = new FollowedNotices({ bus, path, onError: () => undefined });
  closeAfterTest(() => followed.close());
  await followed.open();
  bus.start();
  return followed;
}

describe('dated notices followed over the broker', () => {
  it('are those of the operator: written, changed and taken away', async () => {
    const mosquitto = await startMosquitto();
    const { notices } = await openOperator(mosquitto);
    const first = await notices.add(fog(2));
    const followed = await follow(mosquitto);
    await until('what was written before is there', () => followed.in().length === 1);
    const second = await notices.add(fog(0));
    await until('the new one is there', () => followed.in().length === 2);
    expect(followed.in()).toEqual([second, first]);
    expect(followed.in({ start: T0, end: T0 + DAY_MS })).toEqual([second]);
    await notices.change(first!.id, fog(2, 'Dichter Nebel.'));
    await until('the words change', () => followed.in()[1]?.text.de === 'Dichter Nebel.');
    await notices.remove(second!.id);
    await until('it is taken away', () => followed.in().length === 1);
    expect(followed.in()).toEqual(notices.in());
  });

  it('are known from the copy on disk when the broker has forgotten them', async () => {
    const mosquitto = await startMosquitto();
    const { notices } = await openOperator(mosquitto);
    const written = await notices.add(fog(0));
    const path = join(temporaryFolder(), 'notices');
    const first = await follow(mosquitto, path);
    // All parts have to come before there is a copy, also when the one with the notice was the first of them.
    const isCopied = () => existsSync(path) && readFileSync(path, 'utf8').includes(written!.id);
    await until('it is on disk', isCopied);
    await first.close();
    const second = await follow(await startMosquitto(), path);
    expect(second.in()).toEqual([written]);
  });

  it('go in messages that a broker takes, also when there are as many and as long ones as there may be', async () => {
    const mosquitto = await startMosquitto();
    const { notices, sent } = await openOperator(mosquitto);
    const text = { de: '→'.repeat(400), en: '→'.repeat(400) };
    for (let day = 0; day < MAX_NOTICES; day++) await notices.add({ ...fog(day), text });
    const followed = await follow(mosquitto);
    await until('all are there', () => followed.in().length === MAX_NOTICES);
    expect(sent.longest).toBeLessThan(64 * 1024);
  });
});
