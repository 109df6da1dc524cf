import type { Config } from '../config.ts';
import { commandsHere } from '../domain/operator/ownCommand.ts';

/** How a check came out: `unset` when there is nothing to check. */
export type CheckState = 'ok' | 'warn' | 'fail' | 'unset';

/** One check's outcome, in the operator's words. */
export interface Finding {
  state: CheckState;
  detail: string;
  /** The command or setting that helps. */
  help?: string;
}

/** What checks look at. */
export interface Patient {
  config: Config;
  /** True while a server holds the data folder. */
  isRunning: boolean;
  /** True in the container of docker-compose.yml: what helps is then typed outside of it. */
  isContainer: boolean;
  clock: () => number;
  /** Asks the running server, over its control socket. */
  ask: (path: string) => Promise<{ status: number; body: unknown }>;
}

/** One check: looks, changes nothing. What it throws counts as `fail`. */
export type Check = (patient: Patient) => Promise<Finding> | Finding;

/** Runs all checks one after the other, each whatever became of the others; commands as they are typed where the server runs. */
export async function* examine(
  checks: Readonly<Record<string, Check>>,
  patient: Patient,
): AsyncGenerator<Finding & { name: string }> {
  for (const [name, check] of Object.entries(checks)) {
    try {
      const { help, ...found } = await check(patient);
      yield { name, ...found, ...(help !== undefined && { help: commandsHere(help, patient.isContainer) }) };
    } catch (error) {
      yield { name, state: 'fail', detail: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Something that is as it should be. */
export const ok = (detail: string): Finding => ({ state: 'ok', detail });
/** Something that will become a problem. */
export const warn = (detail: string, help: string): Finding => ({ state: 'warn', detail, help });
/** Something that is a problem now. */
export const fail = (detail: string, help: string): Finding => ({ state: 'fail', detail, help });
/** Nothing to check. */
export const unset = (detail: string): Finding => ({ state: 'unset', detail });

/** The command that shows what a service of docker-compose.yml said last. */
export const logOf = (service: string): string => `docker compose logs --tail 100 ${service}`;
