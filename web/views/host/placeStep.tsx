import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { GRIDS, type PlaceField, wrongFields } from '../../state/host/joinState.ts';
import { modelsOf } from '../../state/host/sensorChoice.ts';
import { ActionButton } from '../actionButton.tsx';
import { Choice } from '../choice.tsx';
import { Consent } from './consent.tsx';
import { HeightAndSiting } from './heightAndSiting.tsx';
import { AltitudeField, SensorNumberField } from './optionalNumberFields.tsx';
import { hasReadablePlace, PlacePicker } from './placePicker.tsx';
import { Select } from './select.tsx';
import { ProblemNotice, StepHeading, type StepProps } from './stepParts.tsx';

const FIELD_IDS: Readonly<Record<PlaceField, string>> = {
  name: 'place-name',
  position: 'coordinates',
  altitude: 'altitude',
  sensorNumber: 'sensor-number',
};

/** Name, place, sensor and consent: what is needed before a station exists. */
export function PlaceStep({ model }: StepProps) {
  const { h } = model.context;
  const form = useRef<HTMLFormElement>(null);
  const isAsked = useSignal(false);
  const hasConsent = useSignal(false);
  const place = model.place.value;
  const missing = isAsked.value ? wrongFields(place) : [];
  const lacksConsent = isAsked.value && !hasConsent.value;
  const send = (event: Event) => {
    event.preventDefault();
    isAsked.value = true;
    const [first] = wrongFields(place);
    if (first !== 'name' && !hasReadablePlace(form.current)) return;
    if (first) form.current?.querySelector<HTMLInputElement>(`#${FIELD_IDS[first]}`)?.focus();
    else if (!hasConsent.value) form.current?.querySelector<HTMLInputElement>('#consent')?.focus();
    else void model.register();
  };
  return (
    <form ref={form} class="host-form" onSubmit={send} noValidate>
      <StepHeading model={model}>{h.placeHeading}</StepHeading>
      <NameField model={model} isMissing={missing.includes('name')} />
      <PlacePicker
        context={model.context}
        position={place.position}
        gridMetres={place.positionGridMetres}
        isMissing={missing.includes('position')}
        onPlace={(position) => model.describe({ position })}
      />
      <div>
        <Choice
          name="grid"
          label={h.precision}
          options={GRIDS.map((metres) => ({ value: String(metres), label: h.precisionOf(metres) }))}
          value={String(place.positionGridMetres)}
          onChoose={(metres) => model.describe({ positionGridMetres: Number(metres) })}
        />
        <p class="note">{h.precisionHelp}</p>
      </div>
      <SensorFields model={model} isChecked={isAsked.value} />
      <Consent
        model={model}
        isGiven={hasConsent.value}
        isMissing={lacksConsent}
        onChange={(isGiven) => {
          hasConsent.value = isGiven;
        }}
      />
      <ProblemNotice model={model} />
      <WhatIsMissing model={model} missing={missing} lacksConsent={lacksConsent} />
      <ActionButton type="submit" class="button is-main" isBusy={model.isBusy.value}>
        {h.register}
      </ActionButton>
    </form>
  );
}

function NameField({ model, isMissing }: StepProps & { isMissing: boolean }) {
  const { h } = model.context;
  return (
    <div class="field">
      <label class="field-label" for="place-name">
        {h.name}
      </label>
      <input
        id="place-name"
        type="text"
        maxLength={80}
        autocomplete="off"
        required
        aria-describedby="place-name-help"
        aria-invalid={isMissing}
        value={model.place.value.name}
        onInput={({ currentTarget }) => model.describe({ name: currentTarget.value })}
      />
      <p class="note" id="place-name-help">
        {h.nameHelp}
      </p>
      {isMissing && <p class="field-error">{h.nameMissing}</p>}
    </div>
  );
}

interface MissingProps extends StepProps {
  missing: readonly PlaceField[];
  lacksConsent: boolean;
}

/** All that is missing or wrong in one sentence, said when the form is sent. */
function WhatIsMissing({ model, missing, lacksConsent }: MissingProps) {
  const { h } = model.context;
  if (missing.length === 0 && !lacksConsent) return null;
  const words: Readonly<Record<PlaceField, string>> = {
    name: h.nameMissing,
    position: h.positionMissing,
    altitude: h.altitudeWrong,
    sensorNumber: h.sensorNumberWrong,
  };
  const sentences = [...missing.map((field) => words[field]), ...(lacksConsent ? [h.consentMissing] : [])];
  return (
    <p class="field-error" role="alert">
      {h.fixFields} {sentences.join(' ')}
    </p>
  );
}

/** What measures there and how it hangs. */
function SensorFields({ model, isChecked }: StepProps & { isChecked: boolean }) {
  const { h } = model.context;
  const place = model.place.value;
  return (
    <fieldset class="host-fieldset">
      <legend>{h.sensorHeading}</legend>
      <InOrOut model={model} />
      <div class="host-pair">
        <Select
          id="pm-model"
          label={h.pmModel}
          options={[...modelsOf('pm'), { value: '', label: h.unknownModel }]}
          value={place.pmModel}
          onChange={(pmModel) => model.describe({ pmModel })}
        />
        <Select
          id="climate-model"
          label={h.climateModel}
          options={[{ value: '', label: h.noModel }, ...modelsOf('climate')]}
          value={place.climateModel}
          onChange={(climateModel) => model.describe({ climateModel })}
        />
        <HeightAndSiting
          context={model.context}
          ids={{ height: 'height', siting: 'siting' }}
          heightClass={place.heightClass}
          siting={place.siting}
          onHeightClass={(heightClass) => model.describe({ heightClass })}
          onSiting={(siting) => model.describe({ siting })}
        />
      </div>
      <AltitudeField
        context={model.context}
        id="altitude"
        value={place.altitude}
        isChecked={isChecked}
        onInput={(altitude) => model.describe({ altitude })}
      />
      {model.context.hosting.isMirroring && (
        <SensorNumberField
          context={model.context}
          id="sensor-number"
          value={place.sensorNumber}
          isChecked={isChecked}
          onInput={(sensorNumber) => model.describe({ sensorNumber })}
        />
      )}
    </fieldset>
  );
}

/** Indoors or outdoors; an indoor station may be published or not. */
function InOrOut({ model }: StepProps) {
  const { h } = model.context;
  const place = model.place.value;
  return (
    <>
      <Choice
        name="indoor"
        label={h.inOrOut}
        options={[
          { value: 'no', label: h.outdoor },
          { value: 'yes', label: h.indoor },
        ]}
        value={place.isIndoor ? 'yes' : 'no'}
        onChoose={(value) => model.describe({ isIndoor: value === 'yes' })}
      />
      {place.isIndoor && (
        <div>
          <p class="note">{h.indoorNote}</p>
          <label class="check">
            <input
              type="checkbox"
              checked={place.isPublishedIndoor}
              onChange={({ currentTarget }) => model.describe({ isPublishedIndoor: currentTarget.checked })}
            />
            {h.publishIndoor}
          </label>
        </div>
      )}
    </>
  );
}
