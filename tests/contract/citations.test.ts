import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { startServer } from '../../server/start/startServer.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** The whole program on free ports, in a folder of its own. */
async function start(dataDir: string) {
  const settings = { DATA_DIR: dataDir, HTTP_PORT: '0', MQTT_PORT: '0', HTTP_HOST: '127.0.0.1' };
  const server = await startServer(loadConfig(settings), { log: createLog('silent') });
  return { url: `http://127.0.0.1:${server.httpPort}`, close: () => server.close() };
}

describe('citations of a running instance', () => {
  it('are signed with a key of its own, made at the first start, private, and kept over a restart', async () => {
    const dataDir = temporaryFolder();
    const first = await start(dataDir);
    const keyOf = async (url: string) => (await fetch(`${url}/api/v1/citations/key`)).json();
    const key = (await keyOf(first.url)) as { publicKey: string };
    expect(key).toMatchObject({
      schemaVersion: 1,
      algorithm: 'Ed25519',
      publicKey: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(statSync(join(dataDir, 'citation-key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDir, 'citation-key'), 'utf8')).toContain('PRIVATE KEY');
    for (const path of ['/report', '/catalog.jsonld', '/catalog.rdf', '/api/v1/citations', '/api/v1/citations/feed']) {
      expect([path, (await fetch(`${first.url}${path}`)).status]).toEqual([path, 200]);
    }
    expect((await fetch(`${first.url}/cite/${'0'.repeat(64)}`)).status).toBe(404);
    await first.close();
    const second = await start(dataDir);
    expect(await keyOf(second.url)).toEqual(key);
    await second.close();
  });
});
