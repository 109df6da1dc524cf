import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { ADD, run } from './cliHouse.ts';

/** Command lines with a word or an option that nothing would come of, and what is said of it. */
const WRONG: [string[], string][] = [
  [['station', 'list', 'Balkon'], 'What is Balkon?'],
  [['station', 'list', '--name', 'Balkon'], 'list takes no --name.'],
  [['station', 'show', 'aaaaaaaaaa', '--yes'], 'show takes no --yes.'],
  [['station', 'show', 'aaaaaaaaaa', 'bbbbbbbbbb'], 'Give one station id'],
  [['station', 'approve', 'aaaaaaaaaa', '--json'], 'approve takes no --json.'],
  [['station', 'remove', 'aaaaaaaaaa', 'bbbbbbbbbb', '--yes'], 'Give one station id'],
  [['station', 'refuse', 'aaaaaaaaaa', 'why'], 'Give a station id and a reason: outside-area'],
  [[...ADD, 'Süd'], 'Only options follow add; a name of several words needs quotes.'],
  [[...ADD, '--anyway'], 'add takes no --anyway.'],
  [['station', 'constructor'], 'Say what to do: add, list, show'],
  [['token'], 'Say what to do: rotate or show-admin-path.'],
  [['token', 'show-admin-path', 'mine'], 'What is mine?'],
  [['token', 'show-admin-path', '--json'], 'show-admin-path takes no --json.'],
  [['letters', 'read'], 'Say what to do: show, stop or release.'],
  [['letters', 'show', 'ehrenfeld', 'week'], 'Name the letter by area, week or month, and its first day.'],
  [['export', '--station', 'aaaaaaaaaa', '--from', '2026-02-30'], '--from must look like 2026-03-01'],
  [['backup', 'now'], "Unexpected argument 'now'"],
  [['import', '--reference', '--network', 'X', '--licence', 'Y', '--station', 'aaaaaaaaaa', 'f.csv'], 'no --station.'],
  [
    ['import', '--reference', '--network', 'X', '--licence', 'Y'.repeat(61), 'f.csv'],
    '--licence: must have at most 60 characters',
  ],
];

describe('a command line', () => {
  it.each(WRONG)('passes no word and no option over: %j', async (args, said) => {
    const { code, out, err } = await run(args, { DATA_DIR: temporaryFolder() });
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(said)]);
  });

  it('calls what is wrong by the option that was typed', async () => {
    const args = ['station', 'add', '--name', ' ', '--lat', '95', '--lon', '-190', '--device', 'balcony'];
    const { code, err } = await run([...args, '--sensor', 'sds011,?'], { DATA_DIR: temporaryFolder() });
    expect(code).toBe(1);
    const lines = err.trimEnd().split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual(['--name', '--lat', '--lon', '--sensor', '--device']);
    expect(err).not.toContain('errors lists them');
  });
});
