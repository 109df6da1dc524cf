import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { loadAdminToken } from '../../server/process/adminToken.ts';
import { runCliUnread } from '../support/cliProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { run } from './cliHouse.ts';

describe('npx buergerluft', () => {
  it('lists the verbs', async () => {
    const help = await run(['--help'], {});
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/start.*\n.*init.*\n.*station.*\n.*token/);
    const verbs = [...help.out.matchAll(/^ {2}([a-z-]+) +\S/gm)].map(([, verb]) => verb ?? '');
    const promised = ['import', 'export', 'backup', 'restore', 'verify', 'archive', 'doctor', 'broker-config'];
    expect(verbs).toEqual(expect.arrayContaining(promised));
    for (const verb of verbs) {
      expect(await run([verb, '--help'], {})).toMatchObject({
        code: 0,
        out: expect.stringContaining(`npx buergerluft ${verb}`),
      });
    }
    expect(await run(['-h'], {})).toEqual(help);
    expect(await run(['station', '-h'], {})).toEqual(await run(['station', '--help'], {}));
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await run(['--version'], {})).toMatchObject({ code: 0, out: `${version}\n` });
  });

  it('refuses command lines it does not understand with exit code 2', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    const wrong = [
      [],
      ['dance'],
      ['constructor'],
      ['station'],
      ['station', 'paint'],
      ['station', 'add', '--name', 'x'],
      ['station', 'add', '--name', 'x', '--lat', 'north', '--lon', '7'],
      ['station', 'add', '--colour', 'red'],
      ['station', 'add', '--name', 'Am', 'Park', '--lat', '51', '--lon', '7'],
      ['station', 'show'],
      ['station', 'remove', 'abcdefghij'],
      ['token', 'rotate'],
      ['token', 'rotate', 'what#'],
      ['token', 'rotate', 'aaaaaaaaaa', 'bbbbbbbbbb'],
    ];
    for (const args of wrong) {
      const { code, out, err } = await run(args, env);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(err).not.toContain('    at ');
    }
    expect(existsSync(join(env.DATA_DIR, 'registry.duckdb'))).toBe(false);
  });

  it('backs up and prunes nothing where nothing ever ran: it is hardly the folder that was meant', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    const to = temporaryFolder();
    for (const args of [
      ['backup', '--to', to],
      ['prune', '--before', '2024-01-01'],
    ]) {
      const { code, err } = await run(args, env);
      expect([code, err]).toEqual([1, expect.stringContaining(`There is no registry.duckdb in ${env.DATA_DIR}.`)]);
    }
    expect([...readdirSync(env.DATA_DIR), ...readdirSync(to)]).toEqual([]);
  });

  it('says where a server is needed and none runs, and that there are no stations yet', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    for (const args of [['letters'], ['station', 'include', 'aaaaaaaaaa']]) {
      const { code, err } = await run(args, env);
      expect([code, err]).toEqual([1, expect.stringContaining('Only a running server does this')]);
    }
    expect(await run(['station', 'list'], env)).toEqual({ code: 0, out: 'There are no stations yet.\n', err: '' });
    expect((await run(['station', 'list', '--json'], env)).out).toBe('[]\n');
  });

  it('says all wrong settings and a foreign lock in one message each', async () => {
    const settings = await run(['station', 'list'], { HTTP_PORT: 'x', STORE: 'influxdb' });
    expect(settings.code).toBe(1);
    expect(settings.err).toContain('HTTP_PORT');
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const nowhere = await run(['station', 'list'], { DATA_DIR: join(file, 'data') });
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('cannot be written')]);
  });
});

describe('verify', () => {
  it('says in words which file it cannot read, with an exit code of its own', async () => {
    const at = temporaryFolder();
    const [cut, damaged] = [join(at, 'cut.gz'), join(at, 'damaged.gz')];
    const packed = gzipSync('{"schemaVersion": 1}');
    writeFileSync(cut, packed.subarray(0, -9));
    writeFileSync(damaged, packed.fill(0xff, 10, 20));
    const files: [string, string][] = [
      [join(at, 'none.json'), 'there is no such file'],
      [at, 'it is a folder'],
      [cut, 'it is cut off'],
      [damaged, 'its compression is damaged'],
    ];
    for (const [file, why] of files) {
      expect(await run(['verify', file], {})).toEqual({ code: 2, out: '', err: `${file} cannot be read: ${why}.\n` });
    }
  });

  it.each([
    ['de', 'Hält nicht: Die Datei hat nicht die Form eines Zitats. Erste Abweichung: schemaVersion.\n'],
    ['en', 'Does not hold: the file has not the form of a citation. First difference: schemaVersion.\n'],
  ])('says in one language that a file is no citation (%s)', async (lang, out) => {
    const file = join(temporaryFolder(), 'other.json');
    writeFileSync(file, '{}');
    expect(await run(['verify', file, '--lang', lang], {})).toEqual({ code: 1, out, err: '' });
  });
});

describe('import', () => {
  it('says in words which file it cannot read', async () => {
    const missing = join(temporaryFolder(), 'none.csv');
    const { code, out } = await run(['import', missing], { DATA_DIR: temporaryFolder() });
    expect([code, out]).toEqual([1, expect.stringContaining(`${missing}  there is no such file\n`)]);
  });
});

describe('token rotate', () => {
  it('says when there is no such station or device', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    expect(await run(['token', 'rotate', 'aaaaaaaaaa'], env)).toMatchObject({
      code: 1,
      err: 'There is no station aaaaaaaaaa; `station list` shows them.\n',
    });
    expect((await run(['token', 'rotate', 'esp8266-123456'], env)).err).toBe(
      'No station has the device esp8266-123456.\n',
    );
  });
});

describe('token show-admin-path', () => {
  it('says where the admin key is, once there is one', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    expect(await run(['token', 'show-admin-path'], env)).toMatchObject({ code: 1 });
    const { path } = loadAdminToken({ ADMIN_TOKEN: undefined, DATA_DIR: env.DATA_DIR }, randomBytes);
    expect((await run(['token', 'show-admin-path'], env)).out).toBe(`${path}\n`);
    const set = await run(['token', 'show-admin-path'], { ...env, ADMIN_TOKEN: '0'.repeat(26) });
    expect([set.code, set.err]).toEqual([1, expect.stringContaining('ADMIN_TOKEN')]);
  });
});

describe('a command whose reader has seen enough', () => {
  it('ends without a word', async () => {
    expect(await runCliUnread(['--help'])).toBe('');
  });
});
