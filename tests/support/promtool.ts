import { spawnSync } from 'node:child_process';

/** What `promtool check metrics` has to say about Prometheus text; empty when it is content. */
export function promtoolProblems(text: string): string {
  const { error, status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (error) throw new Error('promtool is needed: apt-get install prometheus', { cause: error });
  return status === 0 ? '' : `${stdout}${stderr}`;
}
