import { StoreUnavailableError } from '../../../store/readingStore.ts';

/** What was asked for; undefined while the store is away: a page then says so and shows the rest. */
export async function whileThere<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}
