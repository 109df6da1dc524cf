import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig, readDotEnv } from '../server/config.ts';
import { runCliProcess } from './support/cliProcess.ts';
import { startServerProcess, temporaryFolder } from './support/serverProcess.ts';

const ANSWERS = [
  ...['--name', 'Luft in Münster', '--center', '51.96,7.63', '--contact', 'luft@example.org'],
  ...['--operator', 'Umweltamt "Mitte"', '--address', 'Albersloher Weg 33, 48155 Münster', '--registration', 'open'],
];

describe('npx buergerluft init', () => {
  it('writes settings the server takes and pages with the operator in the imprint', async () => {
    const folder = temporaryFolder();
    const { code, out } = await runCliProcess(['init', '--yes', ...ANSWERS], {}, folder);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Written: .env') });
    const settings = readDotEnv(join(folder, '.env'));
    expect(loadConfig(settings)).toMatchObject({
      INSTANCE_NAME: 'Luft in Münster',
      MAP_CENTER: { lat: 51.96, lon: 7.63 },
      CONTACT: 'luft@example.org',
      REGISTRATION: 'open',
    });
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    const pages = join(folder, 'data/pages');
    expect(readdirSync(pages).sort()).toEqual(
      ['about', 'accessibility', 'imprint', 'privacy'].flatMap((page) => [`${page}.de.md`, `${page}.en.md`]),
    );
    const server = await startServerProcess({ settings: { ...settings, DATA_DIR: join(folder, 'data') } });
    const imprint = await (await fetch(`${server.url}/imprint?lang=de`)).text();
    expect(imprint).toContain('Luft in Münster');
    expect(imprint).toMatch(/Umweltamt (&quot;|")Mitte(&quot;|")<br>Albersloher Weg 33<br>48155 Münster/);
    expect(imprint).not.toContain('ist das noch nicht geschehen');
  }, 120_000);

  it('changes nothing that is there, and takes no settings the server would refuse', async () => {
    const folder = temporaryFolder();
    const wrong = await runCliProcess(['init', '--yes', '--center', 'Münster'], {}, folder);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('MAP_CENTER: must look like 51.45,7.01') });
    expect(readdirSync(folder)).toEqual([]);
    expect(await runCliProcess(['init'], {}, folder)).toMatchObject({ code: 2 });
    expect((await runCliProcess(['init', '--yes'], {}, folder)).code).toBe(0);
    const before = readFileSync(join(folder, '.env'), 'utf8');
    const again = await runCliProcess(['init', '--yes', ...ANSWERS], {}, folder);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('.env exists already') });
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(before);
  }, 120_000);
});
