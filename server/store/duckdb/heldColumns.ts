import type { DuckDBConnection } from '@duckdb/node-api';
import { QUANTITIES, type Quantity } from '../../domain/quantity.ts';

const FLAGS = QUANTITIES.length;

/**
 * Which columns of `readings` hold anything at all: most networks measure half of the quantities, and an empty column
 * takes as long to fetch as a full one. Never forgets: what was removed only makes it ask for too much.
 */
export class HeldColumns {
  /** One a quantity, and whether any row has flags. */
  readonly #isHeld = new Uint8Array(QUANTITIES.length + 1);

  /** Looks at what is stored. DuckDB knows of each stretch of rows whether a column is empty there. */
  async load(connection: DuckDBConnection): Promise<void> {
    const exists = (what: string) => `EXISTS (SELECT 1 FROM readings WHERE ${what} LIMIT 1)`;
    const questions = [...QUANTITIES.map((name) => exists(`${name} IS NOT NULL`)), exists('flags <> 0')];
    const reader = await connection.runAndReadAll(`SELECT ${questions.join(', ')}`);
    for (const [index, isHeld] of (reader.getRows()[0] ?? []).entries()) if (isHeld) this.#isHeld[index] = 1;
  }

  /** A value of the quantity with this number is being stored. */
  noteQuantity(index: number): void {
    this.#isHeld[index] = 1;
  }

  /** A row with flags is being stored. */
  noteFlags(): void {
    this.#isHeld[FLAGS] = 1;
  }

  get quantities(): Quantity[] {
    return QUANTITIES.filter((_, index) => this.#isHeld[index] === 1);
  }

  get hasFlags(): boolean {
    return this.#isHeld[FLAGS] === 1;
  }
}
