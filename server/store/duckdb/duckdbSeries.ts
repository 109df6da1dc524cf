import type { DuckDBConnection } from '@duckdb/node-api';

/** A station's sensor, with the number its rows carry. A sensor of '' stands for the station's messages. */
export interface SeriesRow {
  id: number;
  stationId: string;
  sensor: string;
}

/** The numbers of all series, kept in memory. Bounded by the sensors of registered stations. */
export class DuckDbSeries {
  readonly #idsByStation = new Map<string, Map<string, number>>();
  readonly #rows: (SeriesRow | undefined)[] = [];
  #unsaved: SeriesRow[] = [];

  /** Reads the table. */
  async load(connection: DuckDBConnection): Promise<void> {
    const reader = await connection.runAndReadAll('SELECT id, station, sensor FROM series');
    for (const [id, station, sensor] of reader.getRows()) {
      this.#add({ id: Number(id), stationId: String(station), sensor: String(sensor) });
    }
  }

  /** The number of a series; a new one gets the next number and is unsaved until `markSaved`. */
  idFor(stationId: string, sensor: string): number {
    const known = this.#idsByStation.get(stationId)?.get(sensor);
    if (known !== undefined) return known;
    const row = { id: this.#rows.length, stationId, sensor };
    this.#add(row);
    this.#unsaved.push(row);
    return row.id;
  }

  /** The number of a series, when it has one. */
  find(stationId: string, sensor: string): number | undefined {
    return this.#idsByStation.get(stationId)?.get(sensor);
  }

  /** Station and sensor of a number in the tables. */
  row(id: number): SeriesRow {
    const row = this.#rows[id];
    if (row === undefined) throw new Error(`The store holds rows of series ${id}, which its series table lacks`);
    return row;
  }

  /** One more than the highest number in use. */
  get size(): number {
    return this.#rows.length;
  }

  /** The station's series, its messages' included. */
  ofStation(stationId: string): SeriesRow[] {
    return [...(this.#idsByStation.get(stationId) ?? [])].map(([sensor, id]) => ({ id, stationId, sensor }));
  }

  /** Numbers of the instruments of stations, or of one of that name each, without those of messages. */
  instrumentsOf(stationIds: readonly string[], sensor?: string): number[] {
    const found: number[] = [];
    for (const stationId of stationIds) {
      for (const [name, id] of this.#idsByStation.get(stationId) ?? []) {
        if (name !== '' && (sensor === undefined || sensor === name)) found.push(id);
      }
    }
    return found;
  }

  /** Series not yet in the table: they go into the transaction of their first rows. */
  get unsaved(): readonly SeriesRow[] {
    return this.#unsaved;
  }

  /** Their transaction is durable. */
  markSaved(): void {
    this.#unsaved = [];
  }

  #add(row: SeriesRow): void {
    this.#rows[row.id] = row;
    const ids = this.#idsByStation.get(row.stationId) ?? new Map<string, number>();
    ids.set(row.sensor, row.id);
    this.#idsByStation.set(row.stationId, ids);
  }
}
