/**
 * Resolves when a queue of turns is empty, whatever joined it meanwhile. What is done right after, without a further
 * wait, comes before any later turn. DuckDB crashes when a connection is closed under a running statement.
 */
export async function emptied(queue: () => Promise<unknown>): Promise<void> {
  for (let last: Promise<unknown> | undefined; last !== queue(); ) {
    last = queue();
    await last;
  }
}
