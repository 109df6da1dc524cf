import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { createLongFileTurns } from '../../../server/api/http/longFileTurns.ts';
import { createLog } from '../../../server/log.ts';
import { closeAfterTest } from '../../support/closing.ts';
import { startTestServer } from '../../support/testServer.ts';
import { until } from '../../support/until.ts';

const STALL_MS = 3_000;
/** For a client that reads all the while: a busy machine itself pauses now and then. */
const LONG_STALL_MS = 8_000;
/** More than the buffers of two sockets hold. */
const PIECES = 400;
const PIECE = Buffer.alloc(64 * 1024, 'x');

/** A server with one long file, of which pieces may be slow to make. */
async function serverOf(pieces: () => AsyncIterable<Buffer>, stallMs = STALL_MS) {
  const logged: string[] = [];
  const log = createLog('info', { write: (line) => void logged.push(line) });
  const inTurn = createLongFileTurns({ log, stallMs });
  const ends: string[] = [];
  const router = Router().get('/long/:id', (request, response) =>
    inTurn(request, response, async () => {
      const end = await pipeline(Readable.from(pieces()), response).then(
        () => 'whole',
        ({ code }) => code,
      );
      ends.push(end);
    }),
  );
  const settings = { TRUST_PROXY: 'loopback' };
  const { url } = await startTestServer({ settings, routers: [{ path: '/api/v1', router }] });
  const ask = async (address = '203.0.113.7') => {
    const request = get(`${url}/api/v1/long/a`, { headers: { 'X-Forwarded-For': address } });
    closeAfterTest(() => request.destroy());
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response.on('error', () => undefined);
  };
  return { ask, ends, logged };
}

async function* quick() {
  for (let n = 0; n < PIECES; n++) yield PIECE;
}

/** How many bytes come, read as fast as they do or with a rest after each chunk. */
async function bytesOf(response: IncomingMessage, restMs = 0): Promise<number> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (restMs > 0) await wait(restMs);
  }
  return bytes;
}

describe('a long file', () => {
  it('whose client stops reading is ended, said in the log, and its turn is the next one’s', async () => {
    const { ask, ends, logged } = await serverOf(quick, LONG_STALL_MS);
    await Promise.all([ask(), ask()]);
    expect(await bytesOf(await ask())).toBe(PIECES * PIECE.length);
    await until('all ended', () => ends.length === 3);
    expect(ends.filter((end) => end === 'ERR_STREAM_PREMATURE_CLOSE')).toHaveLength(2);
    const lines = logged.filter((line) => line.includes('a long download was ended'));
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('203.0.113');
  });

  it('comes whole when its client is slow, and when its pieces are', async () => {
    async function* slow() {
      for (let n = 0; n < 2; n++) {
        await wait(2 * STALL_MS);
        yield PIECE;
      }
    }
    async function* oneLargePiece() {
      yield Buffer.alloc(PIECES * PIECE.length, 'x');
    }
    const [slowlyMade, slowlyRead] = [await serverOf(slow), await serverOf(oneLargePiece, LONG_STALL_MS)];
    const begun = performance.now();
    const reading = bytesOf(await slowlyRead.ask(), (2 * LONG_STALL_MS) / PIECES);
    expect(await bytesOf(await slowlyMade.ask())).toBe(2 * PIECE.length);
    expect(await reading).toBe(PIECES * PIECE.length);
    expect(performance.now() - begun).toBeGreaterThan(LONG_STALL_MS);
    expect([...slowlyMade.ends, ...slowlyRead.ends]).toEqual(['whole', 'whole']);
  });
});
