import { type Terminal, UsageError } from './verb.ts';

/** One of the things a verb does, named by its first word: `station show`. */
export interface Action<Values> {
  /** How many words follow its name; without it none. */
  words?: number;
  /** What is said when they are more or fewer. */
  ask?: string;
  /** Those of the verb's options that it takes; without it none. */
  options?: readonly (keyof Values & string)[];
  run: (values: Values, words: string[], terminal: Terminal) => Promise<void>;
}

/**
 * Does what the first word says; `''` names what is done without one.
 * @throws UsageError for a word or an option that would be passed over: whoever typed it meant something by it.
 */
export async function runAction<Values extends object>(
  actions: Readonly<Record<string, Action<Values>>>,
  { values, positionals }: { values: Values; positionals: string[] },
  terminal: Terminal,
): Promise<void> {
  const [name = '', ...words] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw new UsageError(`Say what to do: ${namesOf(actions)}.`);
  const { words: count = 0, ask = `What is ${words.join(' ')}?`, options = [] } = action;
  if (words.length !== count) throw new UsageError(ask);
  const lost = Object.keys(values).find((option) => !options.some((known) => known === option));
  if (lost !== undefined) throw new UsageError(`${name} takes no --${lost}.`);
  await action.run(values, words, terminal);
}

/** `show, stop or release`. */
function namesOf(actions: object): string {
  const names = Object.keys(actions).filter((name) => name !== '');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
