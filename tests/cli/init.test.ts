import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig, readDotEnv } from '../../server/config.ts';
import { runCliAtTerminal, runCliProcess } from '../support/cliProcess.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const ANSWERS = [
  ...['--place', 'Münster', '--center', '51.96,7.63', '--contact', 'luft@example.org'],
  ...['--operator', 'Umweltamt "Mitte"', '--address', 'Albersloher Weg 33, 48155 Münster', '--registration', 'open'],
];

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>';

describe('npx buergerluft init', () => {
  it('writes settings the server takes and pages with the operator in the imprint', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'logo.svg'), LOGO);
    const given = ['--logo', './logo.svg', '--public-url', 'https://luft.example.org'];
    const { code, out } = await runCliProcess(['init', '--yes', ...ANSWERS, ...given], {}, folder);
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
      ['about', 'accessibility', 'imprint', 'leichte-sprache', 'privacy'].flatMap((page) => [
        `${page}.de.md`,
        `${page}.en.md`,
      ]),
    );
    const own = { DATA_DIR: join(folder, 'data'), LOGO: join(folder, 'logo.svg') };
    expect(settings.DOMAIN).toBe('luft.example.org');
    const server = await startServerProcess({ settings: { ...settings, ...own } });
    const imprint = await (await fetch(`${server.url}/imprint?lang=de`)).text();
    expect(imprint).toContain('Luft in Münster');
    expect(imprint).toMatch(/Umweltamt (&quot;|")Mitte(&quot;|")<br>Albersloher Weg 33<br>48155 Münster/);
    expect(imprint).not.toContain('ist das noch nicht geschehen');
    expect(imprint).toContain('Umweltbundesamt');
    expect(imprint).toContain('<img class="brand-logo" src="/logo"');
    const logo = await fetch(`${server.url}/logo`);
    expect([logo.headers.get('content-type'), await logo.text()]).toEqual(['image/svg+xml', LOGO]);
    const text = async (page: string) => (await fetch(`${server.url}/${page}?lang=de`)).text();
    expect(await text('privacy')).toMatch(
      /Verantwortlich für Luft in Münster: Umweltamt .*Mitte.*, Albersloher Weg 33/,
    );
    expect(await text('accessibility')).toContain('Verantwortlich: Umweltamt');
    expect(await text('about')).toContain('Hier geht es um Münster.');
    expect(await text('leichte-sprache')).toContain('Hier geht es um die Luft in Münster.');
  });

  it('lets days begin at midnight of the place, and names it in its language', async () => {
    const folder = temporaryFolder();
    const given = ['--place', 'Quito', '--language', 'en', '--time-zone', 'America/Guayaquil', '--country', 'EC'];
    expect((await runCliProcess(['init', '--yes', ...given], {}, folder)).code).toBe(0);
    expect(loadConfig(readDotEnv(join(folder, '.env')))).toMatchObject({
      INSTANCE_NAME: 'Air in Quito',
      TIME_ZONE: 'America/Guayaquil',
      DAY_OFFSET: '-05:00',
      COUNTRY: 'EC',
    });
    const imprint = (language: string) => readFileSync(join(folder, `data/pages/imprint.${language}.md`), 'utf8');
    expect(imprint('en')).toMatch(/Official values are published by the\s+environment agencies\.\n/);
    expect(imprint('de')).toMatch(/Amtliche Messwerte\s+veröffentlichen die Umweltämter\.\n/);
  });

  it.each([`Luft "von" uns`, 'Luft $HOME', 'C:\\new\\Luft', "L'air d'ici", 'Luft # 1', '`Luft`', '$&'])(
    'keeps a name letter by letter, for the server and for Compose: %s',
    async (name) => {
      const folder = temporaryFolder();
      expect((await runCliProcess(['init', '--yes', '--name', name, '--operator', name], {}, folder)).code).toBe(0);
      expect(readDotEnv(join(folder, '.env')).INSTANCE_NAME).toBe(name);
      // Compose changes nothing between single quotes, and between double ones only what follows these.
      const line = readFileSync(join(folder, '.env'), 'utf8')
        .split('\n')
        .find((one) => one.startsWith('INSTANCE_NAME='));
      expect(line).toMatch(/^INSTANCE_NAME=('[^']*'|"[^"$\\`]*")$/);
      expect(readFileSync(join(folder, 'data/pages/privacy.de.md'), 'utf8')).toContain(`: ${name}`);
    },
  );

  it('refuses a name that no quotes can hold', async () => {
    const folder = temporaryFolder();
    const { code, err } = await runCliProcess(['init', '--yes', '--name', `L'air "pur"`], {}, folder);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('--name: one line') });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('changes nothing that is there, and takes no settings the server would refuse', async () => {
    const folder = temporaryFolder();
    const wrong = await runCliProcess(['init', '--yes', '--center', 'Münster'], {}, folder);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('--center: must look like 51.45,7.01') });
    const unreachable = await runCliProcess(['init', '--yes', '--contact', 'Umweltamt'], {}, folder);
    expect(unreachable).toMatchObject({
      code: 1,
      err: expect.stringContaining('--contact: must be an e-mail address'),
    });
    expect(readdirSync(folder)).toEqual([]);
    const lost = await runCliProcess(['init', '--yes', '--districts', './nowhere.geojson'], {}, folder);
    expect(lost).toMatchObject({ code: 1, err: expect.stringContaining('there is no file ./nowhere.geojson') });
    expect(await runCliProcess(['init'], {}, folder)).toMatchObject({ code: 2 });
    const secrets = 'STACK_INFLUX_TOKEN=mine\n';
    writeFileSync(join(folder, '.env'), secrets);
    expect((await runCliProcess(['init', '--yes', '--name', 'Luft'], {}, folder)).code).toBe(0);
    const before = readFileSync(join(folder, '.env'), 'utf8');
    expect(before.startsWith(secrets)).toBe(true);
    const again = await runCliProcess(['init', '--yes', ...ANSWERS], {}, folder);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('.env has settings already') });
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(before);
  });

  it('asks a wrong answer again at the terminal', async () => {
    const folder = temporaryFolder();
    const unasked = ['logo', 'districts', 'public-url', 'language', 'time-zone', 'country', 'licence', 'data-dir'];
    const given = [...ANSWERS, ...unasked.flatMap((flag) => [`--${flag}`, ''])];
    const { code, screen } = await runCliAtTerminal(['init', ...given], folder, [
      { question: 'Name of the instance?', typed: 'Luft "in" L\'vov\r' },
      { question: '--name: one line', typed: 'Luft in Lindenau\r' },
      { question: 'Zoom of the map?', typed: '40\r' },
      { question: '--zoom:', typed: '13\r' },
    ]);
    expect({ code, screen }).toMatchObject({ code: 0, screen: expect.stringContaining('Written: .env') });
    expect(readDotEnv(join(folder, '.env'))).toMatchObject({ INSTANCE_NAME: 'Luft in Lindenau', MAP_ZOOM: '13' });
  });

  it.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('ends at %s in one line, with nothing written', async (_name, typed) => {
    const folder = temporaryFolder();
    const { code, screen } = await runCliAtTerminal(['init'], folder, [
      { question: 'Which town', typed: 'Lindenau\r' },
      { question: 'Name of the instance?', typed },
    ]);
    expect(code).toBe(1);
    expect(screen).toContain('\nStopped: nothing was written.');
    expect(screen).not.toContain('AbortError');
    expect(readdirSync(folder)).toEqual([]);
  });
});
