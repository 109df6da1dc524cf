import { describe, expect, it } from '@jest/globals';
import { reject } from '../../server/domain/reading.ts';
import { RejectionLog } from '../../server/ingest/rejectionLog.ts';

describe('rejection log', () => {
  it('counts by reason for ever and keeps the last 20 of a device', () => {
    const log = new RejectionLog();
    for (let n = 0; n < 30; n++) log.record('esp8266-1', reject('unreadable', `number ${n}`), n);
    log.count('wrong-token');
    expect([...log.countsByReason()]).toEqual([
      ['unreadable', 30],
      ['wrong-token', 1],
    ]);
    const recent = log.recentOf('esp8266-1');
    expect(recent).toHaveLength(20);
    expect(recent.at(-1)).toEqual({ at: 29, reason: 'unreadable', detail: 'number 29' });
    expect(log.recentOf('esp8266-2')).toEqual([]);
  });

  it('forgets the device silent longest when there are too many', () => {
    const log = new RejectionLog();
    const refuse = (id: number) => log.record(`esp8266-${id}`, reject('unknown-device', 'who?'), id);
    for (let id = 0; id < 5_000; id++) refuse(id);
    refuse(0);
    refuse(5_000);
    expect(log.devices()).toHaveLength(5_000);
    expect(log.recentOf('esp8266-0')).toHaveLength(2);
    expect(log.recentOf('esp8266-1')).toEqual([]);
  });
});
