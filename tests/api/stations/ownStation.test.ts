import { describe, expect, it } from '@jest/globals';
import type { Finding, FindingId, FindingOf } from '../../../server/domain/device/deviceHealth.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import type { OwnStation } from '../../../server/domain/ownStation.ts';
import { type OwnStation as Keys, type Program, startProgram } from '../../support/program.ts';
import { pushOnce, pushUntil } from '../../support/steadyDevice.ts';

const TEN = Date.parse('2026-01-05T10:00:00Z');

async function runningFor(hours: number) {
  const clock = { now: TEN };
  const program = await startProgram({ clock: () => clock.now });
  const station = await program.addStation('esp8266-15303512');
  await pushUntil({ program, station, clock }, TEN + hours * HOUR_MS, (at) => ({
    SDS_P1: '20.00',
    SDS_P2: String(8 + ((at / 1000) % 7)),
    interval: '146000',
    signal: '-82',
  }));
  return { program, station, clock };
}

async function ownView(program: Program, { id, ownerKey: key }: Keys): Promise<OwnStation> {
  const answer = await program.send('GET', `/api/v1/stations/${id}/owner`, { key });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return JSON.parse(answer.text);
}

function finding<Id extends FindingId>({ health }: OwnStation, id: Id): FindingOf<Id> {
  return health.findings.find((found: Finding) => found.id === id) as FindingOf<Id>;
}

describe('GET /stations/{id}/owner', () => {
  it('shows the owner the exact place, the device, its values and what is found about it', async () => {
    const { program, station } = await runningFor(2);
    const view = await ownView(program, station);
    expect(view.station.position).toEqual({ lat: 51.4563719, lon: 7.0123456 });
    expect(view.devices).toEqual([
      { deviceId: station.deviceId, boundAt: new Date(TEN).toISOString(), lastSeenAt: '2026-01-05T11:57:30.000Z' },
    ]);
    expect(view.latest.pm10?.value).toBe(20);
    expect(view.health.state).toBe('notice');
    expect(finding(view, 'push')).toMatchObject({ state: 'good', cadenceMs: 150_000 });
    expect(finding(view, 'gaps')).toMatchObject({ state: 'good', count: 48, expected: 48 });
    expect(finding(view, 'wifi')).toMatchObject({ state: 'notice', median: -82, count: 48 });
    expect(finding(view, 'firmware')).toMatchObject({ state: 'good', version: 'NRZ-2024-135' });
  });

  it('tells of silence by the clock alone, and of refusals of the own device', async () => {
    const { program, station, clock } = await runningFor(1);
    clock.now += 3 * HOUR_MS;
    expect(await pushOnce(program, { ...station, token: 'X'.repeat(26) }, { SDS_P2: '1.00' })).toBe(401);
    const view = await ownView(program, station);
    expect(finding(view, 'push').state).toBe('problem');
    expect(finding(view, 'rejections')).toMatchObject({
      state: 'notice',
      byReason: [{ reason: 'wrong-token', count: 1 }],
    });
  });

  it('compares with the neighbours', async () => {
    const { program, station, clock } = await runningFor(1);
    await program.addStation('esp8266-999', { position: { lat: 51.457, lon: 7.013 } });
    clock.now += HOUR_MS;
    expect(finding(await ownView(program, station), 'drift')).toMatchObject({ state: 'unknown', neighbours: 1 });
  });

  it('is for owner and admin only', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-1111');
    const other = await program.addStation('esp8266-2222');
    const path = `/api/v1/stations/${station.id}/owner`;
    const statuses = [undefined, other.ownerKey, 'nonsense'].map(async (key) => {
      return (await program.send('GET', path, key === undefined ? {} : { key })).status;
    });
    expect(await Promise.all(statuses)).toEqual([401, 403, 401]);
    expect((await program.send('GET', '/api/v1/stations/nothere000/owner', { key: other.ownerKey })).status).toBe(403);
  });
});
