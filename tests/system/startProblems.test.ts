import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { closeAfterTest } from '../support/closing.ts';
import { runServerToItsEnd, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Takes a free port on all addresses, as another program would. */
async function takePort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  closeAfterTest(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function expectOneLine(settings: Record<string, string>, words: string[]): Promise<void> {
  const { code, stderr, stdout } = await runServerToItsEnd({ settings: { DATA_DIR: temporaryFolder(), ...settings } });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toHaveLength(1);
  for (const word of words) expect(stderr).toContain(word);
}

describe('what keeps the server from starting is said in one line, with a non-zero exit', () => {
  it('a taken HTTP port', async () => {
    const port = await takePort();
    await expectOneLine({ HTTP_PORT: String(port), HTTP_HOST: '' }, [`Port ${port} is taken`, 'HTTP_PORT']);
  });

  it('a taken MQTT port', async () => {
    const port = await takePort();
    await expectOneLine({ MQTT_PORT: String(port) }, [`Port ${port} is taken`, 'MQTT_PORT']);
  });

  it('a data folder that cannot be written', async () => {
    // Root may write anywhere, but not make a folder where a file is, nor in /proc.
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const DATA_DIR of [file, join(file, 'data'), '/proc/data']) {
      await expectOneLine({ DATA_DIR }, [DATA_DIR, 'DATA_DIR', 'cannot be']);
    }
  });

  it.each(['registry', 'readings', 'citations', 'notices'])('a damaged file, and what helps: %s', async (name) => {
    const DATA_DIR = temporaryFolder();
    writeFileSync(join(DATA_DIR, `${name}.duckdb`), 'what a failing disk left');
    await expectOneLine({ DATA_DIR }, [`${name}.duckdb`, 'is damaged: npx buergerluft restore <backup> --replace']);
  });

  it('a second process on the same data folder, and the first goes on', async () => {
    const first = await startServerProcess();
    await expectOneLine({ DATA_DIR: first.dataDir }, [first.dataDir, String(first.pid)]);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  });

  it('an unknown argument', async () => {
    const { code, stderr } = await runServerToItsEnd({ args: ['--dmeo'] });
    expect(code).toBe(1);
    expect(stderr).toMatch(/'--dmeo'\. Known: --demo, --speed N\.$/m);
  });

  it('wrong settings, all of them together', async () => {
    const settings = {
      ...{ HTTP_PORT: 'eighty', MQTT_URL: 'http://broker', STORE: 'sqlite', ADMIN_TOKEN: 'short' },
      ...{ DISTRICTS: '/nowhere.geojson', MAP_FILE: '/nowhere.pmtiles', TLS_CERT: '/nowhere.pem' },
    };
    const { code, stderr } = await runServerToItsEnd({ settings });
    expect(code).toBe(1);
    for (const name of Object.keys(settings)) expect(stderr).toContain(name);
    expect(stderr).not.toContain('    at ');
  });
});

describe('a data folder whose last server was killed', () => {
  it('is taken over', async () => {
    const first = await startServerProcess();
    await first.kill();
    const second = await startServerProcess({ settings: { DATA_DIR: first.dataDir } });
    expect((await fetch(`${second.url}/healthz`)).status).toBe(200);
  });
});
