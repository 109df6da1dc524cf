import { io, type Socket } from 'socket.io-client';
import type { MapChanged, MapState } from '../../server/domain/contract.ts';
import type { LayerName } from '../../server/live/mapLayers.ts';

/** A browser's side of one layer of the map, without the map: the whole state, then ticks; another epoch means the state again. */
export class MapViewer {
  /** Ticks in the order they came, those known already left out. */
  readonly changes: MapChanged[] = [];
  /** Times it was told to fetch the whole state. */
  snapshots = 0;
  values = new Map<string, number | null>();
  readonly #layer: LayerName;
  #cursor = { epoch: '', seq: 0 };
  #url = '';
  #socket: Socket | undefined;

  constructor(layer: LayerName) {
    this.#layer = layer;
  }

  /** Fetches the layer and follows it. */
  async open(url: string): Promise<void> {
    this.#url = url;
    await this.#fetch();
    this.connect(url);
  }

  /** Goes on at this address from where it is. */
  connect(url: string): void {
    this.#url = url;
    this.#socket?.disconnect();
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnectionDelay: 200 });
    this.#socket = socket;
    socket.on('connect', () => void socket.emit('map:subscribe', { ...this.#layer, cursor: this.#cursor }));
    socket.on('map:snapshot', () => {
      this.snapshots++;
      void this.#fetch();
    });
    socket.on('map:changed', (changed: MapChanged) => this.#take(changed));
  }

  close(): void {
    this.#socket?.disconnect();
  }

  /** The layer's values as another server tells them. */
  async valuesAt(url: string): Promise<Map<string, number | null>> {
    const { id, value } = await this.#stateAt(url);
    return new Map(id.map((stationId, at) => [stationId, value[at] ?? null]));
  }

  #take(changed: MapChanged): void {
    if (changed.epoch !== this.#cursor.epoch) return void this.#fetch();
    if (changed.seq <= this.#cursor.seq) return;
    this.changes.push(changed);
    this.#cursor = { epoch: changed.epoch, seq: changed.seq };
    for (const [at, id] of changed.id.entries()) this.values.set(id, changed.value[at] ?? null);
  }

  async #fetch(): Promise<void> {
    const state = await this.#stateAt(this.#url).catch(() => undefined);
    if (state === undefined) {
      setTimeout(() => void this.#fetch(), 500).unref();
      return;
    }
    if (state.epoch === this.#cursor.epoch && state.seq < this.#cursor.seq) return;
    this.values = new Map(state.id.map((id, at) => [id, state.value[at] ?? null]));
    this.#cursor = { epoch: state.epoch, seq: state.seq };
  }

  async #stateAt(url: string): Promise<MapState> {
    const { quantity, average } = this.#layer;
    const response = await fetch(`${url}/api/v1/map?quantity=${quantity}&average=${average}&bbox=-180,-90,180,90`);
    if (!response.ok) throw new Error(`no map: ${response.status}`);
    return (await response.json()) as MapState;
  }
}
