import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Quantity } from '../../../server/domain/quantity.ts';
import {
  arrivedAt,
  isSilent,
  type PhaseState,
  type Progress,
  progressOf,
  secondsLeft,
  shownAt,
} from '../../state/host/watchProgress.ts';
import { mapPath } from '../../state/stationLinks.ts';
import { SensorNotices } from './sensorNotices.tsx';
import { StepHeading, type StepProps } from './stepParts.tsx';

/** The first value, live: what has happened, what is missing, and what to do when it stays away. */
export function WatchStep({ model }: StepProps) {
  const { h } = model.context;
  const joined = model.joined.value;
  const savedAt = model.savedAt.value ?? model.now();
  const progress = useProgress({ model });
  if (!joined) return null;
  const isPending = joined.isPending && model.watch.value?.isPublic.value !== true;
  const isShown = joined.isPublic && !isPending;
  return (
    <div class="host-form">
      <StepHeading model={model}>{progress.hasArrived ? h.step.watch : h.watchHeading}</StepHeading>
      {model.watch.value?.connection.value === 'lost' && <p class="notice">{h.watchLost}</p>}
      {progress.hasArrived ? (
        <p class="arrived" role="status">
          {h.arrived}
        </p>
      ) : (
        <Countdown model={model} savedAt={savedAt} hasBegun={progress.phases[0]?.state === 'done'} />
      )}
      <ol class="phases">
        {progress.phases.map((state) => (
          <PhaseLine key={state.phase} model={model} state={state} progress={progress} />
        ))}
      </ol>
      {progress.hasArrived && isShown && <p class="note">{h.arrivedPale}</p>}
      <div role="status">
        <SensorNotices model={model} progress={progress} />
      </div>
      {progress.failure && <FailureNotice model={model} failure={progress.failure} />}
      <WhereNext
        model={model}
        hasArrived={progress.hasArrived}
        mapHref={isShown ? mapPath(joined.stationId, '') : undefined}
      />
      {!progress.hasArrived && <p class="note">{h.watchLeave}</p>}
    </div>
  );
}

/** Why nothing comes, and what helps. */
function FailureNotice({ model, failure }: StepProps & { failure: NonNullable<Progress['failure']> }) {
  const { h } = model.context;
  return (
    <div class="notice" role="alert">
      <p>
        <strong>{h.failure[failure].cause}</strong>
      </p>
      <p>
        {h.whatToDo}: {h.failure[failure].cure}
      </p>
    </div>
  );
}

interface WhereNextProps extends StepProps {
  hasArrived: boolean;
  /** Where the station stands on the map; undefined while it does not. */
  mapHref: string | undefined;
}

function WhereNext({ model, hasArrived, mapHref }: WhereNextProps) {
  const { h } = model.context;
  return (
    <div class="host-actions">
      {hasArrived && (
        <button type="button" class="button is-main" onClick={() => model.go('link')}>
          {h.next}
        </button>
      )}
      {hasArrived && mapHref !== undefined && (
        <a class="button" href={mapHref}>
          {h.toMap}
        </a>
      )}
      <button type="button" class="button" onClick={() => model.go('device')}>
        {h.back}
      </button>
      {!hasArrived && (
        <button type="button" class="button" onClick={() => model.go('link')}>
          {h.keepLinkEarly}
        </button>
      )}
    </div>
  );
}

/** The steps of the server, or, when they were forgotten, what the newest reading says. */
function useProgress({ model }: StepProps): Progress {
  const { watch, joined, savedAt } = model;
  const progress = progressOf(watch.value?.steps.value ?? []);
  const lastSeenAt = watch.value?.lastSeenAt.value;
  const isNew = lastSeenAt !== undefined && Date.parse(lastSeenAt) >= (savedAt.value ?? 0);
  if (!isNew) return progress;
  const isOnMap = joined.value?.isPublic === true && watch.value?.isPublic.value === true;
  return progress.hasArrived ? shownAt(progress, isOnMap ? lastSeenAt : undefined) : arrivedAt(lastSeenAt, isOnMap);
}

/** Counts down to the first value; then says that it is late; after minutes of nothing, what to check. */
function Countdown({ model, savedAt, hasBegun }: StepProps & { savedAt: number; hasBegun: boolean }) {
  const { h } = model.context;
  const now = useSignal(model.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = model.now();
    }, 1_000);
    return () => clearInterval(timer);
  }, [model, now]);
  const way = model.way.value;
  const left = secondsLeft(way, savedAt, now.value);
  const isOverdue = !hasBegun && isSilent(way, savedAt, now.value);
  return (
    <>
      {!hasBegun && !isOverdue && <p class="countdown">{sentenceFor(left)}</p>}
      <div role="status">
        {isOverdue && (
          <div class="notice">
            <h3>{h.silentHeading}</h3>
            <ul class="plain-list">
              {[...h.silentList, ...(way?.startsWith('airrohr') ? h.silentAirrohr : [])].map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </>
  );

  function sentenceFor(seconds: number | undefined): string {
    if (seconds === undefined) return h.noEstimate;
    if (seconds <= 0) return h.late;
    return h.due({ minutes: String(Math.floor(seconds / 60)), seconds: String(seconds % 60).padStart(2, '0') });
  }
}

function PhaseLine({ model, state, progress }: StepProps & { state: PhaseState; progress: Progress }) {
  const { h, format } = model.context;
  const { phase, at } = state;
  return (
    <li class={`phase is-${state.state}`}>
      <PhaseMark state={state.state} />
      <span class="phase-name">{h.phase[phase]}</span>{' '}
      <span class="phase-state">
        {state.state === 'done' && at && h.phaseDone(format.clock(Date.parse(at)))}
        {state.state === 'failed' && h.phaseFailed}
        {state.state === 'waiting' && waitingWords()}
      </span>
      {phase === 'understood' && progress.sensors.length > 0 && (
        <span class="phase-more">{h.sensorsFound(progress.sensors.map(nameOfSensor).join(', '))}</span>
      )}
      {phase === 'plausible' && state.state === 'done' && Object.keys(progress.values).length > 0 && (
        <span class="phase-more">{h.values(valuesText())}</span>
      )}
    </li>
  );

  /** ESPHome does not say what measures temperature and humidity. */
  function nameOfSensor(sensor: string): string {
    return sensor === 'climate' ? h.climateModel : sensor.toUpperCase();
  }

  function waitingWords(): string {
    const joined = model.joined.value;
    if (phase !== 'shown' || !joined) return h.phaseWaiting;
    if (!joined.isPublic) return h.privateShown;
    return joined.isPending && model.watch.value?.isPublic.value !== true ? h.pendingShown : h.phaseWaiting;
  }

  function valuesText(): string {
    const { nameOf } = model.context;
    return Object.entries(progress.values)
      .map(([quantity, value]) => `${nameOf(quantity as Quantity)} ${format.value(quantity as Quantity, value)}`)
      .join(', ');
  }
}

function PhaseMark({ state }: Pick<PhaseState, 'state'>) {
  return (
    <svg class="phase-mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="1.6" />
      {state === 'done' && <path d="M6 10.5l2.8 2.8L14 7.5" fill="none" stroke="currentColor" stroke-width="2" />}
      {state === 'failed' && <path d="M7 7l6 6m0-6l-6 6" fill="none" stroke="currentColor" stroke-width="2" />}
    </svg>
  );
}
