import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
// @ts-expect-error: the script has no types
import { checkBristol } from '../../../scripts/worldChecks/bristol.mjs';
import { RECOMPUTING_TESTS } from '../../../server/api/pages/methods/checkSection.ts';
import { readChecks } from '../../../server/api/pages/methods/checks.ts';
import { renderMethods } from '../../../server/api/pages/methods/methodsPage.ts';
import { stationsFigure } from '../../../server/domain/areaStatistics.ts';
import { comparisonOf } from '../../../server/domain/correction/comparison.ts';
import { CORRECTIONS } from '../../../server/domain/correction/correction.ts';
import {
  MIN_COMPARISON_PAIRS,
  QUALITY_OBJECTIVES,
  SENSOR_CLASSES,
} from '../../../server/domain/correction/uncertainty.ts';
import { meanOfMeans } from '../../../server/domain/decimal.ts';
import { createFormat } from '../../../server/domain/format.ts';
import { offeredIndices } from '../../../server/domain/indices/indices.ts';
import { isAbove } from '../../../server/domain/limits/limits.ts';
import { CAPTURE_RULES, COMPARING_RULES, LIMITS } from '../../../server/domain/limits/limitTables.ts';
import { METHODS } from '../../../server/domain/methods.ts';
import { packageRoot } from '../../../server/process/packageRoot.ts';

const CHECKS = readChecks(packageRoot());
const BEFORE = Date.parse('2026-12-01T12:00:00Z');
const AFTER = Date.parse('2026-12-12T12:00:00Z');
const speech = (language: 'de' | 'en') => ({ language, format: createFormat(language, 'Europe/Berlin') });
const page = (now = BEFORE, law?: Parameters<typeof renderMethods>[1]['law']) =>
  renderMethods(speech('de'), { now, checks: CHECKS, ...(law && { law }) }).html;

/** Rows, list entries, headings and paragraphs: the smallest things an entry is shown in. */
function shownOf(html: string): string[] {
  return html.match(/<tr>.*?<\/tr>|<li>.*?<\/li>|<h3.*?<\/h3>|<p.*?<\/p>/gs) ?? [];
}

describe('/methods', () => {
  it('shows each limit once, and with "unbestätigt" exactly those nobody confirmed', () => {
    const shown = shownOf(page());
    for (const limit of LIMITS) {
      const rows = shown.filter((row) => row.includes(`<code>${limit.id}</code>`));
      const isPast = limit.validTo !== undefined && limit.validTo < '2026-12-01';
      expect([limit.id, rows.length]).toEqual([limit.id, isPast ? 0 : 1]);
      const [row = ''] = rows;
      if (!isPast) expect([limit.id, row.includes('unbestätigt')]).toEqual([limit.id, limit.isUnconfirmed]);
    }
  });

  it('marks every other unconfirmed entry, in both languages', () => {
    for (const [language, mark] of [
      ['de', 'unbestätigt'],
      ['en', 'unconfirmed'],
    ] as const) {
      const shown = shownOf(renderMethods(speech(language), { now: BEFORE, checks: CHECKS }).html);
      const named = [...CAPTURE_RULES, ...COMPARING_RULES, ...CORRECTIONS];
      for (const { names, isUnconfirmed } of named) {
        const of = shown.filter((text) => text.replace(/&#39;/g, "'").includes(`${names[language]}`));
        expect([names[language], of.length > 0]).toEqual([names[language], true]);
        if (isUnconfirmed)
          expect([names[language], of.some((text) => text.includes(mark))]).toEqual([names[language], true]);
      }
      const page = shown.join('');
      for (const { version, isUnconfirmed } of METHODS.filter(({ kind }) => kind !== 'correction')) {
        const [text = ''] = shown.filter((each) => each.includes(`<code>${version}</code>`));
        expect([version, text.includes(mark)]).toEqual([version, isUnconfirmed]);
      }
      const founded = [...QUALITY_OBJECTIVES.filter(({ pollutant }) => pollutant !== 'no2'), ...SENSOR_CLASSES];
      const marks = page.match(new RegExp(`class="unconfirmed">${mark}`, 'g')) ?? [];
      const indexParts = offeredIndices(false).flatMap((index) => [index, index.colours, index.translation]);
      const least = [...LIMITS, ...named, ...founded, ...indexParts].filter(
        ({ isUnconfirmed }) => isUnconfirmed,
      ).length;
      expect(marks.length).toBeGreaterThanOrEqual(least);
    }
  });

  it('says after the known change of law that nobody confirmed the values, and not before', () => {
    const changed = 'Am 12.12.2026 hat sich das Recht geändert; diese Werte wurden zuletzt am 23.11.2026 geprüft';
    expect(page(BEFORE).includes(changed)).toBe(false);
    expect(page(AFTER).includes(changed)).toBe(true);
    const law = { checkedOn: '2026-12-20', nextChange: '2026-12-12', confirmedOn: '2026-12-20' };
    expect(page(AFTER, law).includes('hat sich das Recht geändert')).toBe(false);
  });

  it('shows further indices with their own averaging where they are turned on', () => {
    const of = (areFurtherIndicesOn: boolean) =>
      renderMethods(speech('en'), { now: BEFORE, checks: CHECKS, areFurtherIndicesOn }).html;
    expect(of(false)).not.toContain('US EPA Air Quality Index');
    const html = of(true);
    expect(html).toContain('US EPA Air Quality Index (from 6 May 2024), daily means; for now, NowCast of 12 hours');
    expect(html).toMatch(/Moderate<\/th><td class="number">9\.1–35\.4<\/td>.*?<td class="number">51–100<\/td>/s);
    expect(html).toContain('UK Daily Air Quality Index, daily means');
  });

  it('parts what holds today from what comes and what only advises', () => {
    const html = page();
    const [, inForce = '', coming = '', who = ''] = html.split(/<caption>(?=In Kraft|Künftig|Empfehlungen)/);
    expect(inForce).toContain('de39.pm10.day');
    expect(inForce).not.toContain('eu2030');
    expect(coming).toMatch(/PM2,5: 10/);
    expect(who).toContain('WHO');
    expect(html).toContain('ab 1.1.2005');
    expect(html).toContain('ab 1.1.2030');
    expect(html).not.toContain('seit 1.1.2030');
  });

  it('has a target for every link into itself, and every source it names', () => {
    const html = page();
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
    expect(targets.filter((id) => !ids.has(id))).toEqual([]);
    expect(ids.has('area-median')).toBe(true);
    expect(ids.has('source-bimschv39')).toBe(true);
  });

  it('shows how the methods did against official stations, the bad with the good', () => {
    const html = page();
    expect(html).toContain('Tage über 50 stimmen schlecht überein');
    expect(html).toContain('17314 (10), 23650 (0)');
    expect(html).toContain('node scripts/checkAgainstWorld.mjs');
    for (const { median, sensors } of CHECKS.bristol.comparisons) {
      expect(html).toContain(
        `<td class="number">${german(median.slope!)}</td><td class="number">${german(median.r2!)}</td>`,
      );
      expect(sensors).toHaveLength(8);
    }
  });

  it('says which flags no past hour carries', () => {
    expect(page()).toContain(
      'spike, shared-event, unusual, unlike-neighbours gelten nur der letzten geschlossenen Stunde.',
    );
  });

  it('says that the same means come out by another way, by tests that are there', () => {
    expect(page()).toContain(`npm test -- ${RECOMPUTING_TESTS.join(' ')}`);
    expect(RECOMPUTING_TESTS.filter((path) => !existsSync(join(packageRoot(), path)))).toEqual([]);
    expect(page()).toContain('um weniger als 10⁻⁹ µg/m³');
  });

  function german(value: number): string {
    return createFormat('de', 'Europe/Berlin').number(value, 2);
  }
});

describe('the check against the world', () => {
  it('is what the program’s own arithmetic finds today in the data of this repository', () => {
    const fixtures = join(packageRoot(), 'tests/fixtures');
    const found = checkBristol({
      hoursFile: join(fixtures, 'bristol-hours/2018-10_to_2019-03.csv.gz'),
      officialFile: join(fixtures, 'aurn-bristol/2019-01_to_03.csv'),
      domain: { comparisonOf, isAbove, MIN_COMPARISON_PAIRS, meanOfMeans, stationsFigure },
    });
    const { checkedOn: _, ...written } = CHECKS.bristol;
    expect(found).toEqual(written);
  });
});
