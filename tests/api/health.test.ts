import { describe, expect, it } from '@jest/globals';
import { startTestServer } from '../support/testServer.ts';

describe('health', () => {
  it('is live as soon as it answers, and ready once nothing speaks against it', async () => {
    let reasons = ['the store does not answer'];
    const { send } = await startTestServer({ readiness: () => reasons });
    expect((await send('GET', '/healthz')).body).toEqual({ status: 'ok' });
    const before = await send('GET', '/readyz');
    expect([before.status, before.body]).toEqual([
      503,
      { status: 'not-ready', reasons: ['the store does not answer'] },
    ]);
    reasons = [];
    const after = await send('GET', '/readyz');
    expect([after.status, after.body]).toEqual([200, { status: 'ready', reasons: [] }]);
    expect(after.headers.get('cache-control')).toBe('no-store');
  });
});

describe('metrics', () => {
  it('are for the admin', async () => {
    const { send, adminToken } = await startTestServer();
    expect((await send('GET', '/metrics')).status).toBe(401);
    const answer = await send('GET', '/metrics', { key: adminToken });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  });

  it('are for anyone when METRICS_PUBLIC is set', async () => {
    const { send } = await startTestServer({ settings: { METRICS_PUBLIC: 'true' } });
    expect((await send('GET', '/metrics')).status).toBe(200);
  });

  it('tell counters, gauges read on demand, and totals kept elsewhere', async () => {
    const { send, deps } = await startTestServer({ settings: { METRICS_PUBLIC: 'true' } });
    const { metrics } = deps;
    let stations = 3;
    metrics.messagesReceived.inc('airrohr');
    metrics.messagesReceived.inc('airrohr');
    metrics.readingsStored.inc(4);
    metrics.commitSeconds.observe(0.002);
    metrics.gauge('stations', 'Stations in the registry', () => stations);
    metrics.totals('rejections_total', 'Messages and fields refused', 'reason', () => [['unreadable', 7]]);
    await send('GET', '/metrics');
    stations = 5;
    const { text } = await send('GET', '/metrics');
    expect(text).toContain('buergerluft_messages_received_total{format="airrohr"} 2');
    expect(text).toContain('buergerluft_readings_stored_total 4');
    expect(text).toContain('buergerluft_rejections_total{reason="unreadable"} 7');
    expect(text).toContain('buergerluft_stations 5');
    expect(text).toContain('buergerluft_commit_seconds_count 1');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});
