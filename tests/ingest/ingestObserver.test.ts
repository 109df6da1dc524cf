import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import type { OnboardingStep } from '../../server/domain/contract.ts';
import { type AcceptedMessage, reject } from '../../server/domain/reading.ts';
import { IngestObserver } from '../../server/ingest/ingestObserver.ts';
import { RejectionLog } from '../../server/ingest/rejectionLog.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { addStation, openIngestHost } from '../support/ingestHost.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const DEVICE = 'esp8266-1001';

/** An observer over a real registry with one station, and what it tells the host who watches that station. */
async function openObserver({ isWatched = true } = {}) {
  const { stations } = await openIngestHost();
  const { stationId } = await addStation(stations, DEVICE);
  const rejections = new RejectionLog();
  const metrics = createMetrics();
  const steps: OnboardingStep[] = [];
  const observer = new IngestObserver({
    registry: stations,
    rejections,
    metrics,
    onboarding: {
      isOnboarding: (id) => isWatched && id === stationId,
      onboardingStep: (_id, step) => void steps.push(step),
    },
    log: createLog('silent'),
    clock: () => NOW,
  });
  const told = () => steps.map(({ step }) => step);
  return { observer, rejections, metrics, stations, stationId, steps, told };
}

const TOPIC = { format: 'airrohr', deviceId: DEVICE } as const;
const ARRIVAL = { topic: TOPIC, deviceId: DEVICE, payload: Buffer.from(''), receivedAt: NOW, isStampedByBridge: false };

function messageOf(stationId: string): AcceptedMessage {
  const common = { stationId, measuredAt: NOW };
  return {
    ...common,
    receivedAt: NOW,
    health: {},
    readings: [
      { ...common, sensor: 'sds011', values: { pm25: 7, pm10: 1999.9 }, flags: flagBit('saturated', 'pm10') },
      { ...common, sensor: 'dht22', values: { humidity: 60 }, flags: 0 },
    ],
  };
}

describe('what a watching host hears', () => {
  it('of a sign-in, good and bad', async () => {
    const { observer, told, rejections } = await openObserver();
    observer.signInRefused(DEVICE, 'wrong name or token');
    observer.signedIn(DEVICE);
    expect(told()).toEqual(['connected', 'token-wrong', 'connected', 'token-ok']);
    expect(rejections.recentOf(DEVICE).map(({ reason }) => reason)).toEqual(['wrong-token']);
  });

  it('of a stored message: understood, plausible values without the invalid ones, on the map', async () => {
    const { observer, steps, stationId, stations } = await openObserver();
    observer.stored(ARRIVAL, messageOf(stationId), { result: 'stored', conflicts: [], stored: [] });
    expect(steps).toEqual([
      { at: '2026-03-01T12:00:00.000Z', step: 'understood', sensors: ['sds011', 'dht22'] },
      { at: '2026-03-01T12:00:00.000Z', step: 'plausible', values: { pm25: 7, humidity: 60 } },
      { at: '2026-03-01T12:00:00.000Z', step: 'on-map' },
    ]);
    expect(stations.device(DEVICE)?.lastSeenAt).toBe(NOW);
  });

  it('of a refused message, with the reason', async () => {
    const { observer, steps } = await openObserver();
    observer.refused(ARRIVAL, reject('unreadable', 'No JSON.'));
    expect(steps).toEqual([{ at: '2026-03-01T12:00:00.000Z', step: 'failed', reason: 'unreadable' }]);
  });

  it('nothing of what the device sends beside its readings, which is counted all the same', async () => {
    const { observer, steps, rejections } = await openObserver();
    observer.publishRefused(DEVICE, { ...reject('foreign-topic', 'A status message.'), isBeside: true });
    observer.refused(ARRIVAL, { ...reject('no-values', 'A position.'), isBeside: true });
    expect([steps, rejections.recentOf(DEVICE)]).toEqual([[], []]);
    expect([...rejections.countsByReason()]).toEqual([
      ['foreign-topic', 1],
      ['no-values', 1],
    ]);
  });

  it('nothing when nobody watches', async () => {
    const { observer, steps, stationId } = await openObserver({ isWatched: false });
    observer.signedIn(DEVICE);
    observer.stored(ARRIVAL, messageOf(stationId), { result: 'stored', conflicts: [], stored: [] });
    expect(steps).toEqual([]);
  });
});

describe('what is counted', () => {
  it('messages by format, repeats, conflicts as rejections of their field', async () => {
    const { observer, metrics, rejections, stationId } = await openObserver();
    observer.stored(ARRIVAL, messageOf(stationId), { result: 'stored', conflicts: ['sds011.pm25'], stored: [] });
    observer.repeated(ARRIVAL);
    observer.refused(ARRIVAL, reject('not-a-number', 'Field pm10.'), 'pm10');
    const text = await metrics.registry.metrics();
    expect(text).toContain('buergerluft_messages_received_total{format="airrohr"} 2');
    expect(text).toContain('buergerluft_duplicates_total 1');
    expect(text).toContain('buergerluft_conflicts_total 1');
    expect(Object.fromEntries(rejections.countsByReason())).toEqual({ conflict: 1, 'not-a-number': 1 });
  });

  it('a message that brings nothing but conflicts, as no repeat', async () => {
    const { observer, metrics, stationId } = await openObserver();
    observer.stored(ARRIVAL, messageOf(stationId), { result: 'duplicate', conflicts: ['sds011.pm25'], stored: [] });
    observer.stored(ARRIVAL, messageOf(stationId), { result: 'duplicate', conflicts: [], stored: [] });
    const text = await metrics.registry.metrics();
    expect(text).toContain('buergerluft_duplicates_total 1');
    expect(text).toContain('buergerluft_conflicts_total 1');
  });

  it('sign-ins under names that are no device, without keeping the name', async () => {
    const { observer, rejections } = await openObserver();
    observer.signInRefused('robert"); drop', 'wrong name or token');
    expect(rejections.devices()).toEqual([]);
    expect(rejections.countsByReason().get('wrong-token')).toBe(1);
  });
});
