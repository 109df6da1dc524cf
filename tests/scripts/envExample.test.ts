import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { SETTINGS_DOC } from '../../server/config.ts';
import { projectRoot } from './package.ts';

it('.env.example lists every setting with its meaning and default, in order', () => {
  const text = readFileSync(join(projectRoot, '.env.example'), 'utf8');
  const entries = [...text.matchAll(/^# (.+)\n#([A-Z_]+)=(.*)$/gm)].map(([, doc, name, value]) => ({
    doc,
    name,
    value,
  }));
  expect(entries).toEqual(SETTINGS_DOC.map(({ name, default: value, doc }) => ({ doc, name, value: value ?? '' })));
});
