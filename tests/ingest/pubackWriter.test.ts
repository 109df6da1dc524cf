import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PubackWriter } from '../../server/ingest/pubackWriter.ts';

/** A stream that keeps what was written; with `isStuck` its reader never reads. */
function openStream(isStuck = false): { stream: Duplex; writes: Buffer[] } {
  const writes: Buffer[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      writes.push(chunk);
      if (!isStuck) done();
    },
  });
  return { stream, writes };
}

describe('acknowledgements', () => {
  it('of one connection go out in order, as one write a turn', async () => {
    const writer = new PubackWriter();
    const first = openStream();
    const second = openStream();
    const [a, b] = [{ pubacks: [] }, { pubacks: [] }];
    for (const id of [1, 258, 65_535]) {
      writer.add(a, first.stream, id);
      writer.add(b, second.stream, id + 1);
    }
    await turn();
    expect(first.writes).toEqual([Buffer.from([0x40, 2, 0, 1, 0x40, 2, 1, 2, 0x40, 2, 255, 255])]);
    expect(second.writes).toHaveLength(1);

    writer.add(a, first.stream, 7);
    await turn();
    expect(first.writes.slice(1)).toEqual([Buffer.from([0x40, 2, 0, 7])]);
  });

  it('to a connection that is gone are dropped, and the others get theirs', async () => {
    const writer = new PubackWriter();
    const gone = openStream();
    const here = openStream();
    writer.add({ pubacks: [] }, gone.stream, 1);
    writer.add({ pubacks: [] }, here.stream, 2);
    gone.stream.destroy();
    await turn();
    expect(gone.writes).toEqual([]);
    expect(here.writes).toHaveLength(1);
  });

  it('nobody reads close the connection before they fill the memory', async () => {
    const writer = new PubackWriter();
    const { stream } = openStream(true);
    const connection = { pubacks: [] };
    let sent = 0;
    for (; !stream.destroyed && sent < 1e6; sent++) {
      writer.add(connection, stream, 1);
      if (sent % 100 === 0) await turn();
    }
    expect(stream.destroyed).toBe(true);
    expect(sent * 4).toBeLessThan(2 * 64 * 1024);
  });
});
