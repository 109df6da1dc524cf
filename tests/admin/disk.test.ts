import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { diskState } from '../../server/admin/disk.ts';

describe('how full a disk is', () => {
  it('is said as df says it, which operators compare with', () => {
    const line = execFileSync('df', ['-P', '-k', tmpdir()], { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
    const [, size, , available, capacity] = /(\d+) +(\d+) +(\d+) +(\d+)%/.exec(line) ?? [];
    const { usedShare, freeBytes, totalBytes } = diskState(tmpdir());
    // df rounds up; other programs write meanwhile.
    expect(Math.abs(usedShare * 100 - Number(capacity))).toBeLessThan(2);
    expect(Math.abs(totalBytes / 1024 / Number(size) - 1)).toBeLessThan(0.001);
    expect(Math.abs(freeBytes / 1024 / Number(available) - 1)).toBeLessThan(0.1);
  });
});
