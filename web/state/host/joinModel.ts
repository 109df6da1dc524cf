import { effect, type Signal, signal } from '@preact/signals';
import type { DeviceWay, KeyedDevice } from '../../../server/domain/device/deviceInstructions.ts';
import type { Refusal } from '../../i18n/host/fieldWords.ts';
import type { LiveSocket } from '../../liveConnection.ts';
import { FirstValueWatch } from './firstValue.ts';
import type { HostContext } from './hosting.ts';
import {
  EMPTY_PLACE,
  type Joined,
  type JoinState,
  type JoinStep,
  loadJoin,
  type PlaceDraft,
  registrationOf,
  saveJoin,
} from './joinState.ts';
import { ApiError, type ApiProblem, callApi } from './ownApi.ts';
import type { OwnerLink } from './ownerLink.ts';

/** What the model works with besides the page's context. */
export interface JoinOptions {
  createSocket: () => Promise<LiveSocket>;
  storage: Storage | undefined;
  now: () => number;
}

/** Joining, from an empty form to the owner link. Kept in the tab, so that a reload goes on where it was. */
export class JoinModel {
  readonly context: HostContext;
  readonly step: Signal<JoinStep> = signal('place');
  readonly place: Signal<PlaceDraft> = signal(EMPTY_PLACE);
  readonly joined: Signal<Joined | undefined> = signal(undefined);
  readonly device: Signal<KeyedDevice | undefined> = signal(undefined);
  readonly way: Signal<DeviceWay | undefined> = signal(undefined);
  readonly savedAt: Signal<number | undefined> = signal(undefined);
  readonly watch: Signal<FirstValueWatch | undefined> = signal(undefined);
  readonly isBusy: Signal<boolean> = signal(false);
  readonly problem: Signal<{ problem: ApiProblem; refusal: Refusal } | undefined> = signal(undefined);
  readonly now: () => number;
  readonly #options: JoinOptions;
  #closers: (() => void)[] = [];

  constructor(context: HostContext, options: JoinOptions) {
    this.context = context;
    this.now = options.now;
    this.#options = options;
  }

  /** Takes up what the tab kept, and keeps every change. */
  start(): void {
    const { storage } = this.#options;
    const kept = loadJoin(storage);
    if (kept) this.#restore(kept);
    this.#closers.push(
      effect(() => saveJoin(storage, this.#state())),
      effect(() => this.#follow(this.joined.value, this.device.value)),
    );
  }

  /** Undoes `start`; what was kept stays. */
  close(): void {
    for (const close of this.#closers) close();
    this.#closers = [];
    this.#stopWatch();
  }

  /** Changes fields of the form. */
  describe(change: Partial<PlaceDraft>): void {
    this.place.value = { ...this.place.peek(), ...change };
  }

  /** Registers the station. */
  async register(): Promise<void> {
    const place = this.place.peek();
    const body = registrationOf(place, this.context.hosting.termsVersion);
    const answer = (await this.#ask('POST', '/api/v1/stations', { body })) as IssuedStation | undefined;
    if (!answer) return;
    const { station, ownerKey } = answer;
    this.joined.value = {
      stationId: station.id,
      ownerKey,
      name: station.name,
      isPending: station.status === 'pending',
      isPublic: !station.isIndoor || station.isPublishedIndoor,
    };
    this.go('device');
  }

  /** Binds the device and gets its token; the same device again gets a new one. */
  async bind(deviceId: string, currentOwnerKey?: string): Promise<void> {
    const joined = this.joined.peek();
    if (!joined) return;
    const body = { deviceId, ...(currentOwnerKey && { currentOwnerKey }) };
    const path = `/api/v1/stations/${joined.stationId}/devices`;
    const answer = await this.#ask('POST', path, { body, ownerKey: joined.ownerKey });
    if (answer) this.device.value = answer as KeyedDevice;
  }

  /** Enters the sensor that was found in place of the one the host chose. */
  async correctSensor(pmModel: string): Promise<void> {
    const joined = this.joined.peek();
    if (!joined) return;
    const { climateModel } = this.place.peek();
    const body = { sensorModels: [pmModel, climateModel].filter(Boolean), positionChange: 'corrected' };
    const path = `/api/v1/stations/${joined.stationId}`;
    if (await this.#ask('PATCH', path, { body, ownerKey: joined.ownerKey })) this.describe({ pmModel });
  }

  /** The host saved the settings at the device: from now on the first value is waited for. */
  saved(): void {
    this.savedAt.value = this.now();
    this.go('watch');
  }

  /** Opens another step. */
  go(step: JoinStep): void {
    this.problem.value = undefined;
    this.step.value = step;
  }

  /** Takes a new owner link of the station that was registered here: the one kept so far has ended. */
  renewed({ stationId, ownerKey }: OwnerLink): void {
    const joined = this.joined.peek();
    if (joined?.stationId !== stationId) return;
    // What watches asks with the old one; another follows.
    this.#stopWatch();
    this.joined.value = { ...joined, ownerKey };
  }

  /** Forgets everything here: the station goes on, its link is all that leads to it. */
  forget(): void {
    this.#stopWatch();
    this.joined.value = undefined;
    this.device.value = undefined;
    this.way.value = undefined;
    this.savedAt.value = undefined;
    this.place.value = EMPTY_PLACE;
    this.go('place');
  }

  /** Begins another attempt: what was wrong with the last one is no longer said. */
  begin(): void {
    this.problem.value = undefined;
  }

  async #ask(method: string, path: string, options: { body: unknown; ownerKey?: string }): Promise<unknown> {
    this.isBusy.value = true;
    this.begin();
    try {
      return await callApi(method, path, options);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem.value = { problem: error.problem, refusal: error.refusal };
      return undefined;
    } finally {
      this.isBusy.value = false;
    }
  }

  /** Begins to watch as soon as there is a device: its first push may come before the host looks. */
  #follow(joined: Joined | undefined, device: KeyedDevice | undefined): void {
    if (!joined || !device || this.watch.peek()) return;
    const { stationId, ownerKey } = joined;
    const watch = new FirstValueWatch({ link: { stationId, ownerKey }, createSocket: this.#options.createSocket });
    this.watch.value = watch;
    void watch.start();
  }

  #stopWatch(): void {
    this.watch.peek()?.close();
    this.watch.value = undefined;
  }

  #restore(kept: JoinState): void {
    this.place.value = { ...EMPTY_PLACE, ...kept.place };
    this.joined.value = kept.joined;
    this.device.value = kept.device;
    this.way.value = kept.way;
    this.savedAt.value = kept.savedAt;
    this.step.value = kept.step;
  }

  #state(): JoinState {
    return {
      step: this.step.value,
      place: this.place.value,
      joined: this.joined.value,
      device: this.device.value,
      way: this.way.value,
      savedAt: this.savedAt.value,
    };
  }
}

interface IssuedStation {
  station: { id: string; name: string; status: string; isIndoor: boolean; isPublishedIndoor: boolean };
  ownerKey: string;
}
