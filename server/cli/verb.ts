/** Where a verb reads its settings and writes its answers. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  out: (text: string) => void;
  err: (text: string) => void;
  /** True when `err` is a screen, where a line may be written over. */
  isScreen?: boolean;
  /** True in the container of docker-compose.yml: commands are typed outside of it. */
  isContainer?: boolean;
}

/** One verb of `npx buergerluft`. */
export interface Verb {
  /** One line for the list of verbs. */
  summary: string;
  /** What `--help` prints. */
  help: string;
  /** Does it; resolves to the exit code. Throws UsageError or CommandError for what the operator can mend. */
  run: (args: string[], terminal: Terminal) => Promise<number>;
}

/** The command line is wrong: exit code 2, with the verb's help. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** It could not be done; the message says why: exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError';
}
