import type { Citations } from '../citation/citations.ts';
import { questionWindow } from '../domain/report/question.ts';
import { addressKey, TokenBuckets } from '../process/tokenBuckets.ts';
import type { Report } from '../report/reports.ts';

/** What an address may freeze: 20 at once, then 20 an hour; everybody together ten times as much. */
const OWN = { burst: 20, perSecond: 20 / 3600 };
const ALL = { burst: 200, perSecond: 200 / 3600 };
/** Hours that count as one citation more: a large one takes as much disk as many small ones. */
const HOURS_A_TOKEN = 60_000;

/** What the freezer needs. */
export interface FreezerDeps {
  citations: Citations;
  clock: () => number;
}

/** Freezes what someone may freeze: limited by address and altogether, dearer for large ones. */
export class CitationFreezer {
  readonly #deps: FreezerDeps;
  readonly #own = new TokenBuckets(OWN);
  readonly #all = new TokenBuckets(ALL);

  constructor(deps: FreezerDeps) {
    this.#deps = deps;
  }

  /** The id, after how many seconds there may be one, or that its means are not up to date: nothing is counted then. */
  async freeze(
    report: Report,
    ip: string | undefined,
  ): Promise<{ id: string; isNew: boolean } | { waitSeconds: number } | 'behind'> {
    if (!report.isUpToDate) return 'behind';
    const { days } = questionWindow(report.question);
    const tokens = 1 + Math.floor((report.place.stations.length * days * 24) / HOURS_A_TOKEN);
    for (let taken = 0; taken < tokens; taken++) {
      const now = this.#deps.clock();
      const waitMs = this.#own.take(addressKey(ip), now) || this.#all.take('all', now);
      if (waitMs > 0) return { waitSeconds: Math.ceil(waitMs / 1000) };
    }
    return (await this.#deps.citations.freeze(report)) ?? 'behind';
  }
}
