import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../server/process/packageRoot.ts';

/** Every document of the repository's own. */
const DOCUMENTS = [
  ...readdirSync(packageRoot()).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(packageRoot(), 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** Folders whose files documents name in full. */
const NAMED_PATH = /`((?:tests|docs|server|web|bench|scripts|firmware-bridge|docker|demo)\/[\w./-]*[\w/])`/g;
const LINK = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g;

describe.each(DOCUMENTS)('%s', (name) => {
  const text = readFileSync(join(packageRoot(), name), 'utf8');

  it('names only files that are there', () => {
    const named = [...text.matchAll(NAMED_PATH)].map(([, path]) => path ?? '');
    expect(named.filter((path) => !existsSync(join(packageRoot(), path)))).toEqual([]);
  });

  it('links only to what is there', () => {
    const links = [...text.matchAll(LINK)].map(([, path]) => path ?? '').filter((path) => !path.startsWith('/'));
    expect(links.filter((path) => !existsSync(join(packageRoot(), dirname(name), path)))).toEqual([]);
  });
});

describe('the map in docs/architecture.md', () => {
  it('says of every folder of the server what it is for', () => {
    const text = readFileSync(join(packageRoot(), 'docs/architecture.md'), 'utf8');
    const entries = readdirSync(join(packageRoot(), 'server'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `server/${name}/`);
    expect(folders.length).toBeGreaterThan(20);
    expect(folders.filter((folder) => !text.includes(folder))).toEqual([]);
  });
});

describe('the threat model in SECURITY.md', () => {
  it('names for every threat the tests that show what holds it', () => {
    const text = readFileSync(join(packageRoot(), 'SECURITY.md'), 'utf8');
    const [, rest = ''] = text.split('| threat | measure | shown by |');
    const [table = ''] = rest.split('\n\n');
    const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|-'));
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !/`tests\/[^`]+`[^|]*\|$/.test(row))).toEqual([]);
  });
});
