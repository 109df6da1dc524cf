import { type Signal, signal } from '@preact/signals';
import type { Socket } from 'socket.io-client';
import type { Average } from '../server/domain/aggregate.ts';
import type {
  ClientEvents,
  MapChanged,
  MapSnapshot,
  MapState,
  ServerEvents,
  StationReading,
  StationRefetch,
} from '../server/domain/contract.ts';
import type { Quantity } from '../server/domain/quantity.ts';
import { MapStream, type StreamStep } from './map/mapStream.ts';

/** The socket as the contract types it. */
export type LiveSocket = Socket<ServerEvents, ClientEvents>;

/** One map layer. */
export interface Layer {
  quantity: Quantity;
  average: Average;
}

/**
 * What the reader is told about the connection. `since`: epoch ms. `paused` is the reader's own choice.
 */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'paused'; since: number }
  | { kind: 'lost'; since: number };

/** What `LiveConnection` works with; everything that touches network or clock comes in here. */
export interface LiveOptions {
  createSocket: () => Promise<LiveSocket>;
  fetchMap: (url: string) => Promise<MapState>;
  /** A whole layer arrived. */
  onState: (state: MapState) => void;
  /** The layer could not be had; it is tried again. */
  onFailed?: () => void;
  /** A tick arrived; false: it names stations we do not know, a new snapshot is needed. */
  onChange: (changed: MapChanged) => boolean;
  onReading: (reading: StationReading) => void;
  /** More readings of the station were missed than the server replays: fetch its series again. */
  onRefetch: (refetch: StationRefetch) => void;
  now: () => number;
  /** Waits before a failed fetch is tried again, ms; the last one repeats. */
  retryDelaysMs?: readonly number[];
}

const RETRY_DELAYS_MS = [2_000, 5_000, 15_000, 30_000] as const;
/** The server makes a new state at most twice a second; asking faster gives the same one. */
const MIN_FETCH_GAP_MS = 1_000;

/** Keeps one map layer and one station live over socket.io, with the whole state over HTTP. */
export class LiveConnection {
  readonly state: Signal<ConnectionState> = signal({ kind: 'connecting' });
  readonly #options: LiveOptions;
  #stream = new MapStream();
  #layer: Layer | undefined;
  #stationId: string | undefined;
  /** Time of the newest reading of `#stationId`: what was missed since is sent after a reconnect. */
  #lastReadingAt: string | undefined;
  #socket: LiveSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastFetchAt = 0;
  #failures = 0;
  /** Rises with every fetch, so that the answer to a former one is dropped. */
  #generation = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** Connects. Layers and stations may be chosen before or after. */
  async start(): Promise<void> {
    const socket = await this.#options.createSocket();
    this.#socket = socket;
    socket.on('connect', this.#onConnect);
    socket.on('disconnect', this.#onDisconnect);
    socket.on('connect_error', this.#onLost);
    socket.on('map:snapshot', this.#onSnapshot);
    socket.on('map:changed', this.#onChanged);
    socket.on('station:reading', this.#onReading);
    socket.on('station:refetch', this.#onRefetch);
    if (socket.connected) this.#onConnect();
    else if (this.state.peek().kind !== 'paused') socket.connect();
  }

  /** Undoes `start`. */
  close(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (!socket) return;
    socket.off('connect', this.#onConnect);
    socket.off('disconnect', this.#onDisconnect);
    socket.off('connect_error', this.#onLost);
    socket.off('map:snapshot', this.#onSnapshot);
    socket.off('map:changed', this.#onChanged);
    socket.off('station:reading', this.#onReading);
    socket.off('station:refetch', this.#onRefetch);
    socket.disconnect();
    this.#socket = undefined;
  }

  /** Shows another layer: fetches it whole, then follows it. */
  showLayer(layer: Layer): void {
    if (this.#layer && this.#socket?.connected) this.#socket.emit('map:unsubscribe', this.#layer);
    this.#layer = layer;
    this.#stream = new MapStream();
    this.#lastFetchAt = 0;
    this.#fetch();
  }

  /** Follows no layer: what is on screen comes from elsewhere. */
  showNothing(): void {
    if (this.#layer && this.#socket?.connected) this.#socket.emit('map:unsubscribe', this.#layer);
    this.#layer = undefined;
    this.#stream = new MapStream();
    clearTimeout(this.#timer);
    // The answer to a fetch under way is dropped.
    this.#generation += 1;
  }

  /** Follows one station's readings; undefined follows none. `since` (ISO 8601) is the newest reading known. */
  followStation(stationId: string | undefined, since?: string): void {
    if (this.#stationId && this.#socket?.connected) {
      this.#socket.emit('station:unsubscribe', { stationId: this.#stationId });
    }
    this.#stationId = stationId;
    this.#lastReadingAt = since;
    if (this.#socket?.connected) this.#subscribeStation();
  }

  /** Stops all updates until `resume`. */
  pause(): void {
    this.state.value = { kind: 'paused', since: this.#options.now() };
    clearTimeout(this.#timer);
    this.#socket?.disconnect();
  }

  /** Goes on; what was missed comes by cursor. */
  resume(): void {
    this.state.value = { kind: 'connecting' };
    this.#socket?.connect();
    if (!this.#stream.cursor || this.#stream.isFetching) this.#fetch();
  }

  #onConnect = (): void => {
    this.state.value = { kind: 'live' };
    this.#subscribeLayer();
    this.#subscribeStation();
    // The server is there again: what failed meanwhile need not wait for its next try.
    if (this.#failures > 0) this.#fetch();
  };

  #onDisconnect = (reason: string): void => {
    this.#onLost();
    // The client library reconnects by itself except when the server ended the connection on purpose.
    if (reason !== 'io server disconnect') return;
    const [delay = 0] = this.#options.retryDelaysMs ?? RETRY_DELAYS_MS;
    setTimeout(() => this.state.peek().kind === 'lost' && this.#socket?.connect(), delay);
  };

  #onLost = (): void => {
    const { kind } = this.state.peek();
    if (kind === 'paused' || kind === 'lost') return;
    this.state.value = { kind: 'lost', since: this.#options.now() };
  };

  #onSnapshot = (snapshot: MapSnapshot): void => {
    if (this.#isCurrent(snapshot)) this.#take(this.#stream.announced(snapshot));
  };

  #onChanged = (changed: MapChanged): void => {
    if (this.#isCurrent(changed)) this.#take(this.#stream.changed(changed));
  };

  #onReading = (reading: StationReading): void => {
    if (reading.stationId !== this.#stationId) return;
    if (!this.#lastReadingAt || reading.measuredAt > this.#lastReadingAt) this.#lastReadingAt = reading.measuredAt;
    this.#options.onReading(reading);
  };

  #onRefetch = (refetch: StationRefetch): void => {
    if (refetch.stationId === this.#stationId) this.#options.onRefetch(refetch);
  };

  #isCurrent(layer: Layer): boolean {
    return layer.quantity === this.#layer?.quantity && layer.average === this.#layer.average;
  }

  #subscribeLayer(): void {
    const { cursor } = this.#stream;
    // Without a state there is nothing to resume from: the fetch on its way subscribes when it is done.
    if (!this.#layer || !cursor) return;
    this.#socket?.emit('map:subscribe', { ...this.#layer, cursor });
  }

  #subscribeStation(): void {
    if (!this.#stationId) return;
    const since = this.#lastReadingAt;
    this.#socket?.emit('station:subscribe', { stationId: this.#stationId, ...(since ? { since } : {}) });
  }

  #take(step: StreamStep): void {
    if (step.kind === 'fetch') this.#fetch();
    if (step.kind !== 'apply') return;
    const isComplete = step.changes.map((change) => this.#options.onChange(change)).every(Boolean);
    if (!isComplete) this.#fetch();
  }

  /** Fetches the layer, at most once in `MIN_FETCH_GAP_MS`; changes are held from now on. */
  #fetch(): void {
    const layer = this.#layer;
    if (!layer) return;
    this.#stream.fetching();
    const wait = Math.max(0, this.#lastFetchAt + MIN_FETCH_GAP_MS - this.#options.now());
    this.#lastFetchAt = this.#options.now() + wait;
    this.#fetchIn(wait, layer);
  }

  #fetchIn(waitMs: number, layer: Layer): void {
    clearTimeout(this.#timer);
    this.#generation += 1;
    const generation = this.#generation;
    const load = () => {
      this.#options.fetchMap(mapUrl(layer)).then(
        (state) => generation === this.#generation && this.#onFetched(state),
        () => generation === this.#generation && this.#onFetchFailed(layer),
      );
    };
    if (waitMs === 0) load();
    else this.#timer = setTimeout(load, waitMs);
  }

  #onFetched(state: MapState): void {
    const isFirst = !this.#stream.cursor;
    this.#failures = 0;
    this.#options.onState(state);
    this.#take(this.#stream.fetched(state));
    if (!this.#socket?.connected) return;
    if (this.state.peek().kind === 'lost') this.state.value = { kind: 'live' };
    if (isFirst) this.#subscribeLayer();
  }

  #onFetchFailed(layer: Layer): void {
    this.#onLost();
    const delays = this.#options.retryDelaysMs ?? RETRY_DELAYS_MS;
    const delay = delays[Math.min(this.#failures, delays.length - 1)] ?? 30_000;
    this.#failures += 1;
    this.#fetchIn(delay, layer);
    this.#options.onFailed?.();
  }
}

/** Path of a whole layer. */
function mapUrl(layer: Layer): string {
  return `/api/v1/map?quantity=${layer.quantity}&average=${layer.average}`;
}
