import { useSignal } from '@preact/signals';
import { exclusionText } from '../../server/domain/exclusion.ts';
import { HEIGHT_CLASSES, type Position, SITINGS } from '../../server/domain/station.ts';
import { MARKS } from '../../server/domain/stationHistory.ts';
import { REFUSAL_REASONS } from '../../server/domain/stationRefusal.ts';
import { GRIDS } from '../state/host/joinState.ts';
import { typedAltitude, typedSensorNumber } from '../state/host/optionalNumbers.ts';
import { Choice } from './choice.tsx';
import { AltitudeField, SensorNumberField } from './host/optionalNumberFields.tsx';
import { PlacePicker } from './host/placePicker.tsx';
import { Select } from './host/select.tsx';
import { Outcome, type PartProps, Section, TextField } from './myStationParts.tsx';

/** Where the station is, what it is called, and who sees it. */
export function PlacePart(props: PartProps) {
  const { m } = props;
  return (
    <Section part="place" m={m}>
      <p>{m.placeIntro}</p>
      <NameAndSiting {...props} />
      <OtherNetwork {...props} />
      <details>
        <summary>{m.move}</summary>
        <Move {...props} />
      </details>
      <Outcome {...props} part="place" />
      <h3>{m.visibility}</h3>
      <Visibility {...props} />
      <Outcome {...props} part="visibility" />
      <Marks {...props} />
    </Section>
  );
}

function NameAndSiting({ context, m, model, view }: PartProps) {
  const { t, h, hosting } = context;
  const { station } = view;
  const name = useSignal(station.name);
  const heightClass = useSignal<string>(station.heightClass ?? '');
  const siting = useSignal<string>(station.siting ?? '');
  const altitude = useSignal(numberText(station.altitudeMetres));
  const sensorNumber = useSignal(numberText(station.sensorCommunityId));
  const send = (event: Event) => {
    event.preventDefault();
    const altitudeMetres = typedAltitude(altitude.value);
    const sensorCommunityId = typedSensorNumber(sensorNumber.value);
    if (name.value.trim() === '' || altitudeMetres === 'wrong' || sensorCommunityId === 'wrong') return;
    void model.change('place', {
      name: name.value,
      heightClass: heightClass.value === '' ? null : heightClass.value,
      siting: siting.value === '' ? null : siting.value,
      altitudeMetres: altitudeMetres ?? null,
      ...(hosting.isMirroring && {
        sensorCommunityId: isJoined(view, sensorCommunityId) ? null : (sensorCommunityId ?? null),
      }),
    });
  };
  return (
    <form class="my-form" onSubmit={send} noValidate>
      <TextField
        id="my-name"
        label={m.name}
        maxLength={80}
        value={name.value}
        isInvalid={name.value.trim() === ''}
        onInput={(value) => {
          name.value = value;
        }}
      />
      <div class="host-pair">
        <Select
          id="my-height"
          label={h.height}
          options={[
            { value: '', label: h.notSaid },
            ...HEIGHT_CLASSES.map((value) => ({ value, label: t.heightClass[value] })),
          ]}
          value={heightClass.value}
          onChange={(value) => {
            heightClass.value = value;
          }}
        />
        <Select
          id="my-siting"
          label={h.siting}
          options={[{ value: '', label: h.notSaid }, ...SITINGS.map((value) => ({ value, label: t.siting[value] }))]}
          value={siting.value}
          onChange={(value) => {
            siting.value = value;
          }}
        />
      </div>
      <AltitudeField
        context={context}
        id="my-altitude"
        value={altitude.value}
        isChecked
        onInput={(value) => {
          altitude.value = value;
        }}
      />
      {hosting.isMirroring && (
        <SensorNumberField
          context={context}
          id="my-sensor-number"
          value={sensorNumber.value}
          isChecked
          onInput={(value) => {
            sensorNumber.value = value;
          }}
        />
      )}
      <button type="submit" class="button" disabled={model.isBusy.value}>
        {m.save}
      </button>
    </form>
  );
}

/** How the station stands with its double at sensor.community. */
function OtherNetwork({ m, view }: PartProps) {
  const { externalIds, sensorCommunityId: waiting } = view.station;
  const [number] = externalIds.filter((id) => id.startsWith(SENSOR)).map((id) => id.slice(SENSOR.length));
  return (
    <>
      {number !== undefined && <p class="note">{m.joinedWith(number)}</p>}
      {waiting !== undefined && !isJoined(view, waiting) && <p class="note">{m.joinWaits(String(waiting))}</p>}
    </>
  );
}

/** True when the station is known to be this sensor of sensor.community. */
function isJoined({ station }: PartProps['view'], number: number | undefined): boolean {
  return number !== undefined && station.externalIds.includes(`${SENSOR}${number}`);
}

/** Begins the external id of a sensor of sensor.community. */
const SENSOR = 'sensor.community:';

function numberText(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

function Move({ context, m, model, view }: PartProps) {
  const { station } = view;
  const position = useSignal<Position>(station.position);
  const grid = useSignal(station.positionGridMetres);
  const change = useSignal<'moved' | 'corrected'>('moved');
  const send = (event: Event) => {
    event.preventDefault();
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
      <fieldset class="my-fieldset">
        <legend class="field-label">{m.positionChange}</legend>
        {(['moved', 'corrected'] as const).map((value) => (
          <label key={value} class="check">
            <input
              type="radio"
              name="position-change"
              checked={change.value === value}
              onChange={() => {
                change.value = value;
              }}
            />
            {m[value]}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="button is-main" disabled={model.isBusy.value}>
        {m.savePlace}
      </button>
    </form>
  );
}

function Visibility({ context, m, model, view }: PartProps) {
  const { station } = view;
  const { status, refusal } = station;
  const set = (patch: object) => void model.change('visibility', patch);
  const isHidden = status === 'hidden';
  const words = {
    active: m.visibleNow,
    hidden: m.hiddenNow,
    pending: refusal === undefined ? m.pendingNow : m.refusedNow(REFUSAL_REASONS[refusal.reason][context.language]),
    excluded: m.excludedNow(exclusionText(station, context.language) ?? ''),
  };
  return (
    <>
      <p>{words[status]}</p>
      {(status === 'active' || isHidden) && (
        <button
          type="button"
          class="button"
          disabled={model.isBusy.value}
          onClick={() => set({ status: isHidden ? 'active' : 'hidden' })}
        >
          {isHidden ? m.show : m.hide}
        </button>
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
