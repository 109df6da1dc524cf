import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreUnavailableError } from './readingStore.ts';

/**
 * Runs `work` in one transaction: all of it is durable when this resolves, or none of it happened.
 * @throws StoreUnavailableError with `failure` as its message when the disk refuses or `work` fails.
 */
export async function inTransaction<Result>(
  connection: DuckDBConnection,
  failure: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    await connection.run('BEGIN');
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {
      // A rollback that fails has nothing to roll back.
    });
    throw new StoreUnavailableError(failure, { cause: error });
  }
}
