import type { Station } from '../domain/station.ts';
import { isRefusal } from '../store/registry/stationStore.ts';
import { Turns } from '../store/turns.ts';
import { finishMerge, type MergeDeps, mergeStations } from './mergeStations.ts';
import { begunSplit, type SplitDeps, splitStation } from './splitStation.ts';

/** What joining and taking apart work on. */
export type JoinsDeps = MergeDeps & SplitDeps;

/**
 * Makes one station of two that are one device, and two again; one after the other, whoever asks. What a crash cut short
 * is ended first.
 */
export class Joins {
  readonly #deps: JoinsDeps;
  readonly #turns = new Turns();
  #joining: string | undefined;

  constructor(deps: JoinsDeps) {
    this.#deps = deps;
  }

  /** True while a station is being made a part of another one: deleted now, what is copied of it would stay. */
  isJoining(stationId: string): boolean {
    if (this.#joining === stationId) return true;
    return this.#deps.stationStore.stations().some(({ joining }) => joining === stationId);
  }

  /** Makes one station of two; nothing when one of them is gone, e.g. since somebody else has just joined them. */
  join(otherId: string, intoId: string): Promise<void> {
    return this.#turns.take(async () => {
      await this.#finish();
      this.#joining = otherId;
      try {
        await this.#join(otherId, intoId);
      } finally {
        this.#joining = undefined;
      }
    });
  }

  async #join(otherId: string, intoId: string): Promise<void> {
    const { stationStore } = this.#deps;
    // A write of its own: a deletion that was asked for before has ended by then.
    const other = await stationStore.updateStation(otherId, {});
    const into = stationStore.station(intoId);
    if (!isRefusal(other) && into !== undefined) await mergeStations(this.#deps, other, into);
  }

  /** Goes on with a join that was cut short while readings were copied. */
  async #joinAgain(otherId: string, intoId: string): Promise<void> {
    const { stationStore } = this.#deps;
    const [other, into] = [stationStore.station(otherId), stationStore.station(intoId)];
    if (other !== undefined && into !== undefined) await mergeStations(this.#deps, other, into);
    else await stationStore.updateStation(intoId, { joining: undefined });
  }

  /** Takes a joined station out again; undefined when there is none of that id. */
  split(stationId: string, joinedId: string): Promise<Station | undefined> {
    return this.#turns.take(async () => {
      const begun = await this.#finish();
      return begun.get(joinedId) ?? (await splitStation(this.#deps, stationId, joinedId));
    });
  }

  /** Ends what a crash cut short: stations half copied, those that are another one already and still here, or half taken apart. */
  finish(): Promise<void> {
    return this.#turns.take(async () => void (await this.#finish()));
  }

  /** The stations that were half taken apart, by the id they had when they were joined. */
  async #finish(): Promise<ReadonlyMap<string, Station>> {
    const { stationStore } = this.#deps;
    const apart = new Map<string, Station>();
    for (const { id, joining } of stationStore.stations())
      if (joining !== undefined) await this.#joinAgain(joining, id);
    const joinedOnes = stationStore.stations().filter(({ formerIds }) => formerIds !== undefined);
    for (const { id, formerIds = [], joined = [] } of joinedOnes) {
      const left = formerIds.filter((formerId) => stationStore.station(formerId) !== undefined);
      for (const formerId of left) await finishMerge(this.#deps, formerId, id);
      for (const one of joined.filter((known) => begunSplit(joinedOnes, id, known))) {
        const station = await splitStation(this.#deps, id, one.id);
        if (station !== undefined) apart.set(one.id, station);
      }
    }
    return apart;
  }
}
