import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { closeAfterTest } from '../support/closing.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const document = (path: string) => readFileSync(join(packageRoot(), 'docs', path), 'utf8');

let program: Program;
let station: OwnStation;
let folder: string;

beforeEach(async () => {
  const clock = { now: Date.now() - 2 * 3_600_000 };
  program = await startProgram({ clock: () => clock.now, settings: { RATE_LIMIT: '100000,1000' } });
  station = await program.addStation('esp8266-15303512', { name: 'Hinterhof', sensorModels: ['sds011', 'dht22'] });
  for (; clock.now < Date.now(); clock.now += 149_000) {
    const body = airrohrBody(station.deviceId, { samples: clock.now });
    await fetch(`${program.url}/push/${station.token}`, { method: 'POST', body });
  }
  const hours = `/api/v1/stations/${station.id}/series?quantity=pm25&window=1h`;
  await until('an hour has its mean', async () => {
    const { points } = JSON.parse((await program.get(hours)).text) as { points: { mean: number | null }[] };
    return points.some(({ mean }) => mean !== null);
  });
  folder = mkdtempSync(join(tmpdir(), 'oneLiners-'));
  closeAfterTest(() => rmSync(folder, { recursive: true, force: true }));
});

/** What a shell prints that runs `script` for our instance and station. */
async function shell(script: string): Promise<string> {
  const ours = script.replaceAll('a1b2c3d4e5', station.id);
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', `HOST=${program.url}\n${ours}`], { cwd: folder });
  return stdout;
}

describe('the one-liners of docs/api.md', () => {
  const blocks = [...document('api.md').matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.split('\n').filter((line) => line.startsWith('curl ')));

  it('each run as they stand, and say something', async () => {
    expect(lines.length).toBe(7);
    for (const line of lines) {
      const printed = await shell(line);
      const [, file] = /(?:>|-o) (\S+)$/.exec(line) ?? [];
      const said = file === undefined ? printed : readFileSync(join(folder, file), 'utf8');
      // Nothing at all, a problem, or an empty list would be a line that no longer says what it promises.
      expect([line, said.trim() !== '' && !said.includes('urn:buergerluft:problem')]).toEqual([line, true]);
      if (!line.includes('gt 50')) expect([line, said.includes('"value":[]')]).toEqual([line, false]);
    }
  });

  it('give the figures they promise', async () => {
    const [table = '', hours = ''] = [await shell(lines[0]!), await shell(lines[1]!)];
    expect(table.trim().split('\t').slice(0, 2)).toEqual([station.id, 'Hinterhof']);
    expect(hours).toMatch(/^"\d{4}-\d\d-\d\dT\d\d:00:00.000Z",[\d.]+$/m);
    await shell(lines[3]!);
    await shell(lines[3]!);
    // Unchanged: the file keeps what it had.
    expect(readFileSync(join(folder, 'stations.json'), 'utf8')).toContain(station.id);
  });
});

describe('the notebook', () => {
  it('runs from its first cell to its last', async () => {
    const { cells } = JSON.parse(document('examples/reading.ipynb')) as {
      cells: { cell_type: string; source: string[] }[];
    };
    const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
    expect(code.length).toBeGreaterThan(6);
    const script = code.join('\n').replace('http://localhost:8080', program.url);
    const { stdout } = await run('python3', ['-W', 'error', '-c', script], { cwd: folder });
    expect(stdout).toContain(`${station.id} Hinterhof (`);
    expect(stdout).toMatch(/µg\/m³ \S+ [1-9]\d* hours/);
    expect(stdout).toMatch(/1 sensors, median \d/);
    expect(stdout).toContain("Hinterhof: PM2.5 (sds011) [{'phenomenonTime'");
  });
});
