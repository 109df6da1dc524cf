import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { KeyedDevice } from '../../../server/domain/device/deviceInstructions.ts';
import type { ErasureReceipt } from '../../../server/domain/erasureReceipt.ts';
import type { OwnStation } from '../../../server/domain/ownStation.ts';
import type { Quantity } from '../../../server/domain/quantity.ts';
import type { AnnotationKind } from '../../../server/domain/stationHistory.ts';
import type { Refusal } from '../../i18n/host/fieldWords.ts';
import { type LoadJson, StationHistory } from '../stationHistory.ts';
import { ApiError, type ApiProblem, callApi } from './ownApi.ts';
import type { OwnerLink } from './ownerLink.ts';

/** How often the owner's view is asked for again, ms: well within the 145 s between two pushes. */
const REFRESH_MS = 30_000;

/** How far the station's own data is, or what went wrong. */
export type MyStationStatus = 'loading' | 'ready' | ApiProblem;

/** A request's failure, and which part of the page it belongs to. */
export interface PartProblem {
  part: string;
  problem: ApiProblem;
  refusal: Refusal;
}

/** One's own station: what the owner sees and does. State of "my station"; views subscribe. */
export class MyStationModel {
  readonly link: Signal<OwnerLink>;
  readonly status: Signal<MyStationStatus> = signal('loading');
  readonly view: Signal<OwnStation | undefined> = signal(undefined);
  /** True while what is shown could not be asked for again. */
  readonly isStale: Signal<boolean> = signal(false);
  readonly problem: Signal<PartProblem | undefined> = signal(undefined);
  /** What was just done, by the part of the page. */
  readonly done: Signal<string | undefined> = signal(undefined);
  readonly isBusy: Signal<boolean> = signal(false);
  /** Credentials just issued: shown this once. */
  readonly issued: Signal<KeyedDevice | undefined> = signal(undefined);
  /** True when the owner link was just renewed. */
  readonly isRenewed: Signal<boolean> = signal(false);
  readonly receipt: Signal<ErasureReceipt | undefined> = signal(undefined);
  readonly history: StationHistory;
  readonly now: Signal<number> = signal(Date.now());
  readonly quantity: Signal<Quantity> = signal('pm25');
  readonly #onRenewed: (link: OwnerLink) => void;
  #timer: number | undefined;

  /** `onRenewed` is told of a link that takes the place of `link`. */
  constructor(link: OwnerLink, onRenewed: (link: OwnerLink) => void) {
    this.link = signal(link);
    this.#onRenewed = onRenewed;
    const now: ReadonlySignal<number> = this.now;
    this.history = new StationHistory(link.stationId, { now, load: this.#load });
  }

  /** Loads everything and keeps it current while the page is seen. Returns how to stop. */
  start(): () => void {
    void this.refresh();
    void this.history.open(this.quantity.peek());
    const look = () => {
      this.now.value = Date.now();
      if (document.visibilityState === 'visible' && this.receipt.peek() === undefined) void this.refresh();
    };
    this.#timer = window.setInterval(look, REFRESH_MS);
    document.addEventListener('visibilitychange', look);
    const stopRenewing = this.history.renewWhileBehind();
    return () => {
      stopRenewing();
      window.clearInterval(this.#timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  /** Asks for the owner's view again. */
  async refresh(): Promise<void> {
    try {
      const view = (await this.#call('GET', '/owner')) as OwnStation;
      this.view.value = view;
      this.status.value = 'ready';
      this.isStale.value = false;
      this.now.value = Date.now();
      this.#growCourses(view);
    } catch (error) {
      const { problem } = asApiError(error);
      const isForGood = problem === 'no-access' || problem === 'gone';
      if (this.view.peek() === undefined || isForGood) this.status.value = problem;
      else this.isStale.value = true;
    }
  }

  /** Changes fields of the registry's entry. */
  change(part: string, patch: object): Promise<boolean> {
    return this.#act(part, () => this.#call('PATCH', '', patch));
  }

  annotate(request: { kind: AnnotationKind; from: string; to: string }): Promise<boolean> {
    return this.#act('periods', async () => {
      await this.#call('POST', '/annotations', request);
      void this.history.open(this.quantity.peek());
    });
  }

  removeAnnotation(id: string): Promise<boolean> {
    return this.#act('periods', async () => {
      await this.#call('DELETE', `/annotations/${id}`);
      void this.history.open(this.quantity.peek());
    });
  }

  /** A device in place of another, or a new token for the one that is there. */
  bind(request: { deviceId: string; replaces?: string }): Promise<boolean> {
    return this.#act('device', async () => {
      this.issued.value = (await this.#call('POST', '/devices', request)) as KeyedDevice;
    });
  }

  /** A new owner link; the old one ends. */
  renewLink(): Promise<boolean> {
    return this.#act('link', async () => {
      const { ownerKey } = (await this.#call('POST', '/owner-key')) as { ownerKey: string };
      this.link.value = { ...this.link.peek(), ownerKey };
      this.#onRenewed(this.link.peek());
      this.isRenewed.value = true;
    });
  }

  /** Downloads everything as a file. */
  download(): Promise<boolean> {
    return this.#act('data', async () => {
      const { stationId, ownerKey } = this.link.peek();
      const headers = { Authorization: `Bearer ${ownerKey}` };
      const response = await fetch(`/api/v1/stations/${stationId}/export`, { headers, cache: 'no-store' });
      if (!response.ok) throw new ApiError('server');
      const name = /filename="?([^"]+)"?/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
      saveBlob(name ?? `buergerluft-${stationId}.zip`, await response.blob());
    });
  }

  /** Deletes everything; afterwards there is the receipt and nothing else. */
  erase(): Promise<boolean> {
    return this.#act('erase', async () => {
      this.receipt.value = (await this.#call('DELETE', '?receipt=true')) as ErasureReceipt;
      window.clearInterval(this.#timer);
    });
  }

  /** A request about this station with the owner's key. Throws `ApiError`. */
  readonly call = (method: string, path: string, body?: object): Promise<unknown> => this.#call(method, path, body);

  /** Begins another attempt: what became of the last one is no longer said. */
  begin(): void {
    this.problem.value = undefined;
    this.done.value = undefined;
  }

  /** Does one thing, says what became of it, and looks again. True when it went well. */
  async act(part: string, work: () => Promise<unknown>): Promise<boolean> {
    return this.#act(part, work);
  }

  async #act(part: string, work: () => Promise<unknown>): Promise<boolean> {
    this.begin();
    this.isBusy.value = true;
    try {
      await work();
      if (this.receipt.peek() === undefined) await this.refresh();
      this.done.value = part;
      return true;
    } catch (error) {
      const { problem, refusal } = asApiError(error);
      this.problem.value = { part, problem, refusal };
      // The link ended meanwhile: then the whole page says so.
      if (problem === 'no-access') await this.refresh();
      return false;
    } finally {
      this.isBusy.value = false;
    }
  }

  #call(method: string, path: string, body?: object): Promise<unknown> {
    const { stationId, ownerKey } = this.link.peek();
    return callApi(method, `/api/v1/stations/${stationId}${path}`, { body, ownerKey });
  }

  readonly #load: LoadJson = (url) => callApi('GET', url, { ownerKey: this.link.peek().ownerKey });

  /** The newest values at the end of the courses. */
  #growCourses({ station, latest }: OwnStation): void {
    for (const [quantity, { value, measuredAt, flags, sensor }] of Object.entries(latest)) {
      this.history.take({
        stationId: station.id,
        sensor,
        measuredAt,
        values: { [quantity]: value },
        flags: { [quantity]: flags },
      });
    }
  }
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('server', { detail: String(error) });
}

/** Hands a file to the reader. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
