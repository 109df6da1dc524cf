import { describe, expect, it } from '@jest/globals';
import { AddressTurns } from '../../server/process/addressTurns.ts';

/** Work that goes on until it is ended by name, and what has begun. */
function workshop() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const gone = new Set<string>();
  const turns = new AddressTurns({ atOnce: 2, waiting: 2 });
  const ask = (address: string, name: string) => {
    const work = () =>
      new Promise<void>((end) => {
        begun.push(name);
        ends.set(name, end);
      });
    return turns.take(address, () => !gone.has(name), work);
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((later) => setImmediate(later));
  };
  return { turns, begun, gone, ask, end };
}

describe('turns of one address', () => {
  it('come in order, so many at once; what is more than may wait is told so at once', async () => {
    const { begun, ask, end } = workshop();
    const [a] = [ask('192.0.2.1', 'a'), ask('192.0.2.1', 'b'), ask('192.0.2.1', 'c'), ask('192.0.2.1', 'd')];
    expect(await ask('192.0.2.1', 'e')).toBe(false);
    void ask('192.0.2.2', 'other');
    expect(begun).toEqual(['a', 'b', 'other']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'other', 'c']);
    await end('a');
    expect(await a).toBe(true);
    expect(begun).toEqual(['a', 'b', 'other', 'c', 'd']);
    await end('c');
    await end('d');
    void ask('192.0.2.1', 'f');
    expect(begun.at(-1)).toBe('f');
  });

  it('are nothing for who has gone, who makes room', async () => {
    const { begun, gone, ask, end } = workshop();
    void ask('192.0.2.1', 'a');
    void ask('192.0.2.1', 'b');
    const [c, d] = [ask('192.0.2.1', 'c'), ask('192.0.2.1', 'd')];
    gone.add('c');
    void ask('192.0.2.1', 'e');
    expect(await c).toBe(true);
    gone.add('d');
    await end('a');
    expect(await d).toBe(true);
    expect(begun).toEqual(['a', 'b', 'e']);
  });

  it('go on when work fails', async () => {
    const { turns, begun, ask } = workshop();
    const fails = () =>
      turns.take(
        '192.0.2.1',
        () => true,
        () => Promise.reject(new Error('no disk')),
      );
    for (let n = 0; n < 3; n++) await expect(fails()).rejects.toThrow('no disk');
    void ask('192.0.2.1', 'a');
    expect(begun).toEqual(['a']);
  });
});
