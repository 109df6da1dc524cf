import { CommandError } from './verb.ts';

/** Why a command that must go through the running server cannot: somebody holds the data folder and does not listen there. */
export function silentHolder(socketPath: string, cause: unknown): CommandError {
  return new CommandError(
    `Another process works on the data folder and does not answer on ${socketPath}: another command (import, restore, prune) that has to end first, or a server that is starting or stopping. Try again when it is done.`,
    { cause },
  );
}
