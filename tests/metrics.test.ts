import { describe, expect, it } from '@jest/globals';
import { promtoolProblems } from './support/promtool.ts';
import { startServerProcess } from './support/serverProcess.ts';

describe('/metrics', () => {
  it('is clean to promtool: names, units, types and help as Prometheus wants them', async () => {
    const server = await startServerProcess();
    const headers = { Authorization: `Bearer ${server.adminToken()}` };
    const text = await (await fetch(`${server.url}/metrics`, { headers })).text();
    expect(text).toContain('# TYPE buergerluft_readings_stored_total counter');
    expect(promtoolProblems(text)).toBe('');
    const { buergerluft_disk_size_bytes: size = 0, buergerluft_disk_free_bytes: free = 0 } = Object.fromEntries(
      await server.metrics(),
    );
    expect(free).toBeGreaterThan(0);
    expect(size).toBeGreaterThan(free);
  });
});
