import { ROLLUPS_ASKED_TOPIC, ROLLUPS_MARKED_TOPIC, ROLLUPS_TOPIC, rollupsAnswerTopic } from '../domain/topics.ts';
import type { RollupKeeper } from '../rollups/rollupKeeper.ts';
import type { NodeBus } from './nodeBus.ts';
import { answerText, decodeAsked, type RollupNews, type RollupsAsked } from './rollupNews.ts';

/** Proofs come in bulk after a start: told together, ms. */
const GATHER_MS = 200;

/** Tells the other nodes how far the means of closed hours are, and brings them up to date when asked. */
export class RollupTeller {
  readonly #bus: NodeBus;
  readonly #keeper: Pick<RollupKeeper, 'upToDate'>;
  readonly #proofs = new Map<string, RollupNews['proofs'][number]>();
  #closedUntil: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(bus: NodeBus, keeper: Pick<RollupKeeper, 'upToDate' | 'onMark'>) {
    this.#bus = bus;
    this.#keeper = keeper;
    bus.onConnected(() => this.#tell());
    keeper.onMark((stationIds) => bus.send(ROLLUPS_MARKED_TOPIC, JSON.stringify(stationIds)));
    bus.follow(ROLLUPS_ASKED_TOPIC, (_topic, payload) => void this.#answer(decodeAsked(payload)));
  }

  /** Hours up to `until`, epoch ms, are closed. */
  closed(until: number): void {
    this.#closedUntil = until;
    this.#tellSoon();
  }

  /** A humidity sensor was proved broken. */
  proved(stationId: string, sensor: string, at: number): void {
    this.#proofs.set(`${stationId}/${sensor}`, [stationId, sensor, at]);
    this.#tellSoon();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #answer(asked: RollupsAsked | undefined): Promise<void> {
    if (asked === undefined) return;
    const isUpToDate = await this.#keeper.upToDate(asked.stationIds, asked);
    this.#bus.send(rollupsAnswerTopic(asked.node), answerText({ token: asked.token, isUpToDate }));
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS).unref();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closedUntil === undefined) return;
    const news: RollupNews = { closedUntil: this.#closedUntil, proofs: [...this.#proofs.values()] };
    this.#bus.retain(ROLLUPS_TOPIC, JSON.stringify(news));
  }
}
