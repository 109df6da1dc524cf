import { type Signal, useSignal } from '@preact/signals';
import type { HeightClass, Siting } from '../../../server/domain/station.ts';
import { typedAltitude, typedSensorNumber } from '../../state/host/optionalNumbers.ts';
import { isPmModel, modelsOf } from '../../state/host/sensorChoice.ts';
import { ActionButton } from '../actionButton.tsx';
import { HeightAndSiting } from '../host/heightAndSiting.tsx';
import { AltitudeField, SensorNumberField } from '../host/optionalNumberFields.tsx';
import { Select } from '../host/select.tsx';
import { TextField } from '../textField.tsx';
import type { PartProps } from './myStationParts.tsx';

/** Begins the external id of a sensor of sensor.community. */
const SENSOR = 'sensor.community:';

/** The fields, begun with what the station has, and how they are sent. */
function useDescription({ context, model, view }: PartProps) {
  const { station } = view;
  const name = useSignal(station.name);
  const heightClass = useSignal<HeightClass | ''>(station.heightClass ?? '');
  const siting = useSignal<Siting | ''>(station.siting ?? '');
  const formerModel = station.sensorModels.find(isPmModel) ?? '';
  const pmModel = useSignal(formerModel);
  const altitude = useSignal(numberText(station.altitudeMetres));
  const sensorNumber = useSignal(numberText(station.sensorCommunityId));
  const send = (event: Event) => {
    event.preventDefault();
    const altitudeMetres = typedAltitude(altitude.value);
    const sensorCommunityId = typedSensorNumber(sensorNumber.value);
    if (name.value.trim() === '') return focusOn('my-name');
    if (altitudeMetres === 'wrong') return focusOn('my-altitude');
    if (sensorCommunityId === 'wrong') return focusOn('my-sensor-number');
    void model.change('description', {
      name: name.value,
      heightClass: heightClass.value === '' ? null : heightClass.value,
      siting: siting.value === '' ? null : siting.value,
      altitudeMetres: altitudeMetres ?? null,
      ...(pmModel.value !== formerModel && {
        sensorModels: [pmModel.value, ...station.sensorModels.filter((model) => model !== formerModel)].filter(Boolean),
      }),
      ...(context.hosting.isMirroring && {
        sensorCommunityId: isJoined(view, sensorCommunityId) ? null : (sensorCommunityId ?? null),
      }),
    });
  };
  return { name, heightClass, siting, pmModel, altitude, sensorNumber, send };
}

function focusOn(id: string): void {
  document.getElementById(id)?.focus();
}

/** Name, height, surroundings, altitude, and the number of the same device at sensor.community. */
export function NameAndSiting(props: PartProps) {
  const { context, m, model } = props;
  const { name, heightClass, siting, pmModel, altitude, sensorNumber, send } = useDescription(props);
  return (
    <form class="my-form" onSubmit={send} noValidate>
      <TextField
        id="my-name"
        label={m.name}
        maxLength={80}
        value={name.value}
        {...(name.value.trim() === '' && { error: m.nameMissing })}
        onInput={(value) => {
          name.value = value;
        }}
      />
      <Select
        id="my-pm-model"
        label={context.h.pmModel}
        options={[...modelsOf('pm'), { value: '', label: context.h.unknownModel }]}
        value={pmModel.value}
        onChange={(value) => {
          pmModel.value = value;
        }}
      />
      <div class="host-pair">
        <HeightAndSiting
          context={context}
          ids={{ height: 'my-height', siting: 'my-siting' }}
          heightClass={heightClass.value}
          siting={siting.value}
          onHeightClass={(value) => {
            heightClass.value = value;
          }}
          onSiting={(value) => {
            siting.value = value;
          }}
        />
      </div>
      <OptionalNumbers context={context} altitude={altitude} sensorNumber={sensorNumber} />
      <ActionButton type="submit" class="button" isBusy={model.isBusy.value}>
        {m.save}
      </ActionButton>
    </form>
  );
}

interface OptionalNumbersProps extends Pick<PartProps, 'context'> {
  altitude: Signal<string>;
  sensorNumber: Signal<string>;
}

function OptionalNumbers({ context, altitude, sensorNumber }: OptionalNumbersProps) {
  return (
    <>
      <AltitudeField
        context={context}
        id="my-altitude"
        value={altitude.value}
        isChecked
        onInput={(value) => {
          altitude.value = value;
        }}
      />
      {context.hosting.isMirroring && (
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
    </>
  );
}

/** How the station stands with its double at sensor.community. */
export function OtherNetwork({ m, view }: PartProps) {
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

function numberText(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}
