import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Assets } from '../../server/api/pages/assets.ts';

const BUILT = join(import.meta.dirname, '../../dist/web');

/** Words that only the library itself has. */
const LEAFLET = '_leaflet_id';
const CHART = 'chartjs';

/** The scripts a page fetches at once. */
function scriptsOf(page: string): string {
  const { script, preloads } = new Assets(BUILT).entry(`web/entries/${page}.tsx`);
  return [script, ...preloads].map((path) => readFileSync(join(BUILT, path), 'utf8')).join('\n');
}

it.each(['station', 'area', 'report', 'host', 'admin', 'text'])(
  'a page without a map at once fetches no map library: %s',
  (page) => {
    expect(scriptsOf(page)).not.toContain(LEAFLET);
  },
);

it.each(['map', 'area', 'report', 'host', 'admin', 'text'])(
  'a page without a chart at once fetches no chart library: %s',
  (page) => {
    expect(scriptsOf(page)).not.toContain(CHART);
  },
);

it('the map fetches its library with the page', () => {
  expect(scriptsOf('map')).toContain(LEAFLET);
});
