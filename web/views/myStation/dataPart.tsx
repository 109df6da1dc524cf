import { useSignal } from '@preact/signals';
import { ActionButton } from '../actionButton.tsx';
import { focusSoon } from '../focusSoon.ts';
import { TextField } from '../textField.tsx';
import { Outcome, type PartProps, Section } from './myStationParts.tsx';

/** Take everything along, or have everything deleted. */
export function DataPart(props: PartProps) {
  const { m, model } = props;
  return (
    <Section part="data" m={m}>
      <p>{m.downloadIntro}</p>
      <ActionButton type="button" class="button" isBusy={model.isBusy.value} onClick={() => void model.download()}>
        {m.download}
      </ActionButton>
      <Outcome {...props} part="data" />
      <h3>{m.erase}</h3>
      <Erase {...props} />
      <Outcome {...props} part="erase" />
    </Section>
  );
}

const NAME_FIELD = 'erase-name';
const START_BUTTON = 'erase-start';

/** Two steps, and the name typed: nothing that happens by accident. */
function Erase({ m, model, view }: PartProps) {
  const isPrepared = useSignal(false);
  const prepare = (isOn: boolean) => {
    isPrepared.value = isOn;
    focusSoon(isOn ? NAME_FIELD : START_BUTTON);
  };
  return (
    <>
      <p>{m.eraseIntro}</p>
      <ul class="plain-list">
        {m.eraseList.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {isPrepared.value ? (
        <EraseForm m={m} model={model} name={view.station.name} onCancel={() => prepare(false)} />
      ) : (
        <button id={START_BUTTON} type="button" class="button" onClick={() => prepare(true)}>
          {m.eraseStart}
        </button>
      )}
    </>
  );
}

interface EraseFormProps extends Pick<PartProps, 'm' | 'model'> {
  /** The station's, as it must be typed. */
  name: string;
  onCancel: () => void;
}

function EraseForm({ m, model, name, onCancel }: EraseFormProps) {
  const typed = useSignal('');
  const isNamed = typed.value.trim() === name.trim();
  const erase = (event: Event) => {
    event.preventDefault();
    if (isNamed) void model.erase();
  };
  return (
    <form class="my-form my-erase" onSubmit={erase} noValidate>
      <TextField
        id={NAME_FIELD}
        label={m.eraseConfirm(name)}
        value={typed.value}
        onInput={(value) => {
          typed.value = value;
        }}
      />
      <div class="host-actions">
        <ActionButton type="submit" class="button is-danger" disabled={!isNamed} isBusy={model.isBusy.value}>
          {m.eraseNow}
        </ActionButton>
        <button type="button" class="button" onClick={onCancel}>
          {m.cancel}
        </button>
      </div>
    </form>
  );
}
