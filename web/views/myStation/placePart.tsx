import { useSignal } from '@preact/signals';
import { exclusionText } from '../../../server/domain/operator/exclusion.ts';
import { REFUSAL_REASONS } from '../../../server/domain/operator/stationRefusal.ts';
import type { Position } from '../../../server/domain/station.ts';
import { MARKS } from '../../../server/domain/stationHistory.ts';
import { GRIDS } from '../../state/host/joinState.ts';
import { ActionButton } from '../actionButton.tsx';
import { Choice } from '../choice.tsx';
import { hasReadablePlace, PlacePicker } from '../host/placePicker.tsx';
import { InOrOut } from './inOrOut.tsx';
import { Outcome, type PartProps, Section, visibilityOf } from './myStationParts.tsx';
import { NameAndSiting, OtherNetwork } from './nameAndSiting.tsx';
import { type PositionChange, WhatHappened } from './whatHappened.tsx';

/** Where the station is, what it is called, and who sees it. */
export function PlacePart(props: PartProps) {
  const { m } = props;
  return (
    <Section part="place" m={m}>
      <p>{m.placeIntro}</p>
      <NameAndSiting {...props} />
      <Outcome {...props} part="description" />
      <OtherNetwork {...props} />
      <details>
        <summary>{m.move}</summary>
        <Move {...props} />
      </details>
      <InOrOut {...props} />
      <Outcome {...props} part="place" />
      <h3>{m.visibility}</h3>
      <Visibility {...props} />
      <Outcome {...props} part="visibility" />
      <Marks {...props} />
    </Section>
  );
}

function Move({ context, m, model, view }: PartProps) {
  const { station } = view;
  const position = useSignal<Position>(station.position);
  const grid = useSignal(station.positionGridMetres);
  const change = useSignal<PositionChange>('moved');
  const send = (event: Event) => {
    event.preventDefault();
    if (!hasReadablePlace(event.currentTarget as HTMLFormElement)) return;
    const isElsewhere = position.value.lat !== station.position.lat || position.value.lon !== station.position.lon;
    void model.change('place', {
      positionGridMetres: grid.value,
      ...(isElsewhere && { position: position.value, positionChange: change.value }),
    });
  };
  return (
    <form class="my-form" onSubmit={send} noValidate>
      <PlacePicker
        context={context}
        position={position.value}
        gridMetres={grid.value}
        isMissing={false}
        onPlace={(placed) => {
          position.value = placed;
        }}
      />
      <Choice
        name="my-grid"
        label={context.h.precision}
        options={[...new Set([...GRIDS, station.positionGridMetres])].map((metres) => ({
          value: String(metres),
          label: context.h.precisionOf(metres),
        }))}
        value={String(grid.value)}
        onChoose={(metres) => {
          grid.value = Number(metres);
        }}
      />
      <p class="note">{m.coarserNote}</p>
      <WhatHappened name="position-change" legend={m.positionChange} words={m} change={change} />
      <ActionButton type="submit" class="button is-main" isBusy={model.isBusy.value}>
        {m.savePlace}
      </ActionButton>
    </form>
  );
}

function Visibility({ context, m, model, view }: PartProps) {
  const { station } = view;
  const { refusal } = station;
  const status = visibilityOf(station);
  const set = (patch: object) => void model.change('visibility', patch);
  const isHidden = status === 'hidden';
  const words = {
    active: m.visibleNow,
    private: m.privateNow,
    hidden: m.hiddenNow,
    pending: refusal === undefined ? m.pendingNow : m.refusedNow(REFUSAL_REASONS[refusal.reason][context.language]),
    excluded: m.excludedNow(exclusionText(station, context.language) ?? ''),
  };
  return (
    <>
      <p>{words[status]}</p>
      {(status === 'active' || isHidden) && (
        <ActionButton
          type="button"
          class="button"
          isBusy={model.isBusy.value}
          onClick={() => set({ status: isHidden ? 'active' : 'hidden' })}
        >
          {isHidden ? m.show : m.hide}
        </ActionButton>
      )}
      {station.isIndoor && (
        <label class="check">
          <input
            type="checkbox"
            checked={station.isPublishedIndoor}
            onChange={({ currentTarget }) => set({ isPublishedIndoor: currentTarget.checked })}
          />
          {m.publishIndoor}
        </label>
      )}
      {view.latest.noise !== undefined && (
        <label class="check">
          <input
            type="checkbox"
            checked={station.isNoisePublic}
            onChange={({ currentTarget }) => set({ isNoisePublic: currentTarget.checked })}
          />
          {m.publishNoise}
        </label>
      )}
    </>
  );
}

function Marks({ context, m, view }: PartProps) {
  if (view.marks.length === 0) return null;
  return (
    <>
      <h3>{m.marks}</h3>
      <ul class="plain-list">
        {view.marks.map(({ kind, at }) => (
          <li key={`${kind}${at}`}>
            <time dateTime={at}>{context.format.dateTime(Date.parse(at))}</time>: {MARKS[kind][context.language]}
          </li>
        ))}
      </ul>
    </>
  );
}
