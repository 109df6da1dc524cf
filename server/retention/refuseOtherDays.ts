import { type Config, offsetMs } from '../config.ts';
import { StartError } from '../process/startError.ts';
import { rollupRules } from '../rollups/rollupRules.ts';
import { type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';

/**
 * Days that begin elsewhere would have to be made anew, from readings that were pruned.
 * @throws StartError when `DAY_OFFSET` is another than before.
 */
export async function refuseOtherDays(store: ReadingStore, { DAY_OFFSET }: Pick<Config, 'DAY_OFFSET'>): Promise<void> {
  try {
    const until = await store.prunedUntil();
    const rules = (await store.rollups.basis())?.rules;
    if (until === undefined || rules === undefined) return;
    const daysOf = (text: string) => text.slice(text.lastIndexOf(' days '));
    if (daysOf(rules) === daysOf(rollupRules(offsetMs(DAY_OFFSET)))) return;
    const day = new Date(until).toISOString().slice(0, 10);
    throw new StartError(
      `DAY_OFFSET is another than before, but readings until ${day} were pruned: their days cannot be made anew. Set the former one.`,
    );
  } catch (error) {
    // A store that is away is asked again by whoever needs it; rows are not removed without it either.
    if (!(error instanceof StoreUnavailableError)) throw error;
  }
}
