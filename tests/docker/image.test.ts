import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { packageText } from '../support/packageText.ts';

interface LockedPackage {
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dev?: boolean;
}

describe('the image', () => {
  it('is built in stages from a pinned image and does not run as root', () => {
    const dockerfile = packageText('Dockerfile');
    const stages = dockerfile.match(/^FROM .*$/gm) ?? [];
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/^FROM node:24\.\d+\.\d+-bookworm-slim( AS build)?$/);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });

  it('holds every file that the program reads from its own folder', () => {
    const [, image = ''] = packageText('Dockerfile')
      .split(/^FROM .*$/m)
      .slice(1);
    const copied = [...image.matchAll(/^COPY --from=build (.*)$/gm)].flatMap(([, words = '']) => {
      return words
        .split(' ')
        .slice(0, -1)
        .map((path) => path.replace(/^\/app\//, ''));
    });
    const sources = readdirSync(join(packageRoot(), 'server'), { recursive: true, encoding: 'utf8' });
    const code = sources
      .filter((name) => name.endsWith('.ts'))
      .map((name) => packageText(join('server', name)))
      .join('\n');
    const named = [...code.matchAll(/packageRoot\(\), ((?:'[^']*'(?:, )?)+|`[^`$]*)/g)].map(([, words = '']) => {
      return words.replaceAll(/['`]/g, '').split(', ').join('/').replace(/\/$/, '');
    });
    expect(named).toContain('demo/data/recording.csv.gz');
    // Of its folder the static copy takes these two.
    const wanted = named.flatMap((path) =>
      path === 'docs' ? ['docs/citation-format.md', 'docs/check-citation.mjs'] : path,
    );
    const isThere = (path: string) => copied.some((one) => path === one || path.startsWith(`${one}/`));
    expect(wanted.filter((path) => !isThere(path))).toEqual([]);
    const ignored = packageText('.dockerignore').split('\n');
    for (const path of copied.filter((one) => one.startsWith('docs/'))) expect(ignored).toContain(`!${path}`);
  });
});

describe('package-lock.json', () => {
  it('has for x64 and arm64, on the Linux of the image, whatever is not written in JavaScript', () => {
    const lock = JSON.parse(packageText('package-lock.json')) as { packages: Record<string, LockedPackage> };
    const native = Object.entries(lock.packages).filter(([, { cpu, dev }]) => cpu !== undefined && dev !== true);
    const onLinux = (processor: string) =>
      native
        .filter(([, { os, cpu, libc }]) => os?.includes('linux') && cpu?.includes(processor) && !libc?.includes('musl'))
        .map(([name]) => name.replace(processor, '*'));
    expect(onLinux('arm64')).toEqual(onLinux('x64'));
    expect(onLinux('x64')).toContain('node_modules/@duckdb/node-bindings-linux-*');
  });
});
