import type { Reading } from '../domain/reading.ts';
import { isPublic, type Station } from '../domain/station.ts';
import type { Aggregator } from '../live/aggregator.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { RECENT_MS, RecentReadings } from './recentReadings.ts';
import { RecordFiles } from './recordFiles.ts';
import { type NumberRegistry, SensorNumbers } from './sensorNumbers.ts';

/** What the Sensor.Community-compatible files are made from. */
export interface CompatibleApiDeps {
  stationStore: Pick<StationStore, 'station' | 'stations' | 'onChange' | keyof NumberRegistry>;
  aggregator: Pick<Aggregator, 'eachInstrumentMeans'>;
  country: string;
  /** Distinguishes this process's files from those of another run. */
  epoch: string;
  onError: (error: unknown) => void;
}

/** The last five minutes of every station, and the files of sensor.community made of them. */
export class CompatibleApi {
  readonly files: RecordFiles;
  /** The last five minutes of every station. */
  readonly recent = new RecentReadings();
  readonly #numbers: SensorNumbers;
  readonly #stationStore: CompatibleApiDeps['stationStore'];

  constructor({ stationStore, aggregator, country, epoch, onError }: CompatibleApiDeps) {
    this.#stationStore = stationStore;
    const assigned = (stationId: string) => {
      for (const sensor of this.recent.ofStation(stationId).sensors) this.recent.change(sensor);
    };
    this.#numbers = new SensorNumbers(stationStore, { assigned, error: onError });
    this.files = new RecordFiles({
      recent: this.recent,
      numbers: this.#numbers,
      means: (averages, now, visit) => aggregator.eachInstrumentMeans(averages, now, visit),
      country,
      stations: () => stationStore.stations(),
      epoch,
    });
    stationStore.onChange((stationId) => {
      const station = stationStore.station(stationId);
      if (station === undefined) this.#forget(stationId);
      else if (this.#mayBeRenumbered(station)) this.#renumber(stationId);
    });
  }

  /** Takes stored readings. */
  onStored(readings: readonly Reading[]): void {
    for (const reading of readings) {
      const sensor = this.recent.note(reading);
      if (sensor?.isNumbered === true) continue;
      const isKnown = this.#numbers.note(reading.stationId, reading.sensor);
      if (sensor !== undefined) sensor.isNumbered = isKnown;
    }
  }

  /** Reads the last five minutes back from the store. */
  async warm(store: Pick<ReadingStore, 'scan'>, now: number): Promise<void> {
    for await (const readings of store.scan({ from: now - RECENT_MS, to: now + 1 })) this.onStored(readings);
  }

  /** Resolves when every sensor heard of by now has its number. */
  settled(): Promise<void> {
    return this.#numbers.settled();
  }

  /** The single readings of a sensor, as JSON. */
  ofSensor(number: number, now: number): Buffer {
    const places = this.#numbers.placesOf(number).flatMap(({ stationId, sensor }) => {
      const station = this.#stationStore.station(stationId);
      return station !== undefined && isPublic(station) ? [{ station, sensor }] : [];
    });
    return this.files.ofSensors(places, now);
  }

  /** True for a host's station that is joined with others, or was until now. */
  #mayBeRenumbered({ id, source, externalIds }: Station): boolean {
    return source === 'direct' && (externalIds.length > 0 || this.#numbers.hasSecond(id));
  }

  /** Its sensors may have got second numbers, or lost them. */
  #renumber(stationId: string): void {
    this.#numbers.remove(stationId);
    for (const { sensor } of this.recent.ofStation(stationId).sensors) this.#numbers.note(stationId, sensor);
  }

  #forget(stationId: string): void {
    this.recent.remove(stationId);
    this.#numbers.remove(stationId);
  }
}
