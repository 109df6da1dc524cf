import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PMTiles, type RangeResponse, type Source } from 'pmtiles';
import { createMapFileRouter } from '../../server/api/mapFile.ts';
import { openMapFile } from '../../server/offline/mapFile.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { startTestServer } from '../support/testServer.ts';

const MAP = join(packageRoot(), 'tests/fixtures/maps/natural-earth.pmtiles');

/** A copy of the map, changed. */
function changed(change: (path: string) => void): string {
  const path = join(temporaryFolder(), 'town.pmtiles');
  copyFileSync(MAP, path);
  change(path);
  return path;
}

function withByte(at: number, value: number): string {
  return changed((path) => {
    const bytes = readFileSync(path);
    bytes[at] = value;
    writeFileSync(path, bytes);
  });
}

describe('MAP_FILE', () => {
  it('says its zooms and whose data it is, as plain text', async () => {
    expect(await openMapFile(MAP)).toEqual({ path: MAP, minZoom: 0, maxZoom: 4, credit: 'Natural Earth' });
  });

  it.each([
    ['a missing file', () => '/nowhere/town.pmtiles', 'MAP_FILE /nowhere/town.pmtiles cannot be read (ENOENT)'],
    ['a folder', () => temporaryFolder(), 'cannot be read'],
    ['an empty file', () => changed((path) => writeFileSync(path, '')), 'is no PMTiles file of version 3'],
    ['another format', () => changed((path) => writeFileSync(path, 'x'.repeat(500))), 'is no PMTiles file'],
    ['version 2', () => withByte(7, 2), 'is no PMTiles file of version 3'],
    ['images', () => withByte(99, 2), 'holds images, not vector tiles'],
    ['half a copy', () => changed((path) => truncateSync(path, 100_000)), 'is cut off'],
    ['metadata nobody can read', () => withByte(readFileSync(MAP).readUInt32LE(24), 0), 'is damaged'],
  ])('%s is told in one line', async (_name, makePath, says) => {
    const problem = await openMapFile(makePath()).catch((error: Error) => error);
    expect(problem).toMatchObject({ name: 'StartError', message: expect.stringContaining(says) });
    expect((problem as Error).message).not.toContain('\n');
  });
});

describe('/map.pmtiles', () => {
  async function start() {
    return startTestServer({ routers: [{ path: '/', router: createMapFileRouter(await openMapFile(MAP)) }] });
  }

  it('serves the ranges a browser asks for: a whole archive can be read through it', async () => {
    const { url } = await start();
    const statuses = new Set<number>();
    const source: Source = {
      getKey: () => url,
      getBytes: async (offset, length): Promise<RangeResponse> => {
        const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
        const response = await fetch(`${url}/map.pmtiles`, { headers });
        statuses.add(response.status);
        return { data: await response.arrayBuffer() };
      },
    };
    const archive = new PMTiles(source);
    expect(await archive.getHeader()).toMatchObject({ maxZoom: 4, tileType: 1 });
    const tile = await archive.getZxy(4, 8, 5);
    expect(Buffer.from(tile?.data ?? new ArrayBuffer(0)).includes('Berlin')).toBe(true);
    expect([...statuses]).toEqual([206]);
  });

  it('never the whole file, and nothing beyond its end', async () => {
    const { url } = await start();
    for (const range of [
      '',
      'bytes=0-',
      'bytes=-500',
      'bytes=0-1,5-9',
      'bytes=0-99999999',
      'tiles=1',
      'bytes=9999999-9999999',
    ]) {
      const response = await fetch(`${url}/map.pmtiles`, { headers: range === '' ? {} : { Range: range } });
      expect([range, response.status]).toEqual([range, 416]);
    }
    expect((await fetch(`${url}/map.pmtiles`, { method: 'HEAD' })).headers.get('content-length')).toBe(
      String(readFileSync(MAP).length),
    );
  });

  it('a part is as long as asked for, uncompressed, with a tag that tells a replaced file', async () => {
    const { url } = await start();
    const headers = { Range: 'bytes=0-6', 'Accept-Encoding': 'gzip, br' };
    const response = await fetch(`${url}/map.pmtiles`, { headers });
    expect(await response.text()).toBe('PMTiles');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('etag')).toMatch(/^"[a-z0-9]+-[a-z0-9]+"$/);
  });

  it('without a file there is none', async () => {
    const { url } = await startTestServer({ routers: [{ path: '/', router: createMapFileRouter(undefined) }] });
    expect((await fetch(`${url}/map.pmtiles`, { headers: { Range: 'bytes=0-6' } })).status).toBe(404);
  });
});
