import { randomUUID } from 'node:crypto';
import {
  ROLLUPS_ASKED_TOPIC,
  ROLLUPS_MARKED_TOPIC,
  ROLLUPS_TOPIC,
  rollupsAnswerTopic,
  STATUS_TOPIC,
} from '../domain/topics.ts';
import type { RollupKeeper, RowPatience } from '../rollups/rollupKeeper.ts';
import type { NodeBus } from './nodeBus.ts';
import { decodeMarked, decodeNews, type RollupsAsked, readAnswer } from './rollupNews.ts';

/** What is done with what the aggregator tells of means. */
export interface AskedKeeperParts {
  bus: NodeBus;
  /** Hours up to `until`, epoch ms, are closed. */
  onClosed: (until: number) => void;
  onProof: (stationId: string, sensor: string, provedAt: number) => void;
  /** Rows of these stations are to be made anew; of all, when nobody heard whose. */
  onMark: (stationIds: readonly string[] | 'all') => void;
}

/** The keeper of means, where it is another process: asked before rows are read. */
export class AskedKeeper implements Pick<RollupKeeper, 'upToDate'> {
  readonly #parts: AskedKeeperParts;
  readonly #waitingByToken = new Map<string, (isUpToDate: boolean) => void>();
  readonly #provedAt = new Map<string, number>();
  #isThere = false;
  #closedUntil = 0;

  constructor(parts: AskedKeeperParts) {
    this.#parts = parts;
    const { bus } = parts;
    bus.follow(STATUS_TOPIC, (_topic, payload) => this.#noteStatus(payload.toString() === 'online'));
    bus.onDisconnected(() => this.#noteStatus(false));
    bus.follow(rollupsAnswerTopic(bus.nodeId), (_topic, payload) => {
      const { token, isUpToDate } = readAnswer(payload.toString());
      this.#waitingByToken.get(token)?.(isUpToDate);
    });
    bus.follow(ROLLUPS_TOPIC, (_topic, payload) => this.#takeNews(payload));
    bus.follow(ROLLUPS_MARKED_TOPIC, (_topic, payload) => parts.onMark(decodeMarked(payload) ?? 'all'));
  }

  /** True while the aggregator is there. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Resolves to true when the rows of these stations that begin before `to` are true, to false when the time is up or the aggregator away. */
  async upToDate(stationIds: readonly string[], { patienceMs, to }: RowPatience): Promise<boolean> {
    if (!this.#isThere) return false;
    const { bus } = this.#parts;
    const token = randomUUID();
    return new Promise((resolve) => {
      const end = (isUpToDate: boolean) => {
        clearTimeout(timer);
        this.#waitingByToken.delete(token);
        resolve(isUpToDate);
      };
      const timer = setTimeout(end, patienceMs, false);
      this.#waitingByToken.set(token, end);
      const asked: RollupsAsked = { token, node: bus.nodeId, stationIds: [...stationIds], patienceMs, to };
      if (!bus.send(ROLLUPS_ASKED_TOPIC, JSON.stringify(asked))) end(false);
    });
  }

  #noteStatus(isThere: boolean): void {
    this.#isThere = isThere;
    if (isThere) this.#parts.onMark('all');
    else for (const end of [...this.#waitingByToken.values()]) end(false);
  }

  #takeNews(payload: Buffer): void {
    const news = decodeNews(payload);
    if (news === undefined) return;
    for (const [stationId, sensor, at] of news.proofs) {
      const key = `${stationId}/${sensor}`;
      if (this.#provedAt.get(key) === at) continue;
      this.#provedAt.set(key, at);
      this.#parts.onProof(stationId, sensor, at);
    }
    if (news.closedUntil <= this.#closedUntil) return;
    this.#closedUntil = news.closedUntil;
    this.#parts.onClosed(news.closedUntil);
  }
}
