import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** What a rule says, its declarations one a line; the rule begins with its selector at any depth. */
function declarationsOf(styles: string, selector: string): string[] {
  const from = styles.indexOf(`${selector} {`);
  if (from < 0) throw new Error(`no rule ${selector}`);
  const block = styles.slice(styles.indexOf('{', from) + 1, styles.indexOf('}', from));
  return block.split(';').flatMap((line) => line.trim() || []);
}

/**
 * Dark by the system's wish and dark by the reader's choice are two rules: no selector joins a media query with an attribute,
 * and `light-dark()` is younger than the oldest browsers we keep to.
 */
describe('the dark palette', () => {
  it.each([
    ['base.css', ''],
    ['reportPage.css', ' .report'],
  ])('is the same whoever asks for it: %s', (file, below) => {
    const styles = readFileSync(new URL(`../../web/styles/${file}`, import.meta.url), 'utf8');
    const wished = declarationsOf(styles, `:root:not([data-theme="light"])${below}`);
    expect(wished).not.toEqual([]);
    expect(declarationsOf(styles, `:root[data-theme="dark"]${below}`)).toEqual(wished);
  });
});
