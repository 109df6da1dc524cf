import { useSignal } from '@preact/signals';
import { ActionButton } from './actionButton.tsx';
import { Outcome, type PartProps, Section, TextField } from './myStationParts.tsx';

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

/** Two steps, and the name typed: nothing that happens by accident. */
function Erase({ m, model, view }: PartProps) {
  const isPrepared = useSignal(false);
  const typed = useSignal('');
  const isNamed = typed.value.trim() === view.station.name.trim();
  const erase = (event: Event) => {
    event.preventDefault();
    if (isNamed) void model.erase();
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
        <form class="my-form my-erase" onSubmit={erase} noValidate>
          <TextField
            id="erase-name"
            label={m.eraseConfirm(view.station.name)}
            value={typed.value}
            onInput={(value) => {
              typed.value = value;
            }}
          />
          <div class="host-actions">
            <ActionButton type="submit" class="button is-danger" disabled={!isNamed} isBusy={model.isBusy.value}>
              {m.eraseNow}
            </ActionButton>
            <button
              type="button"
              class="button"
              onClick={() => {
                isPrepared.value = false;
                typed.value = '';
              }}
            >
              {m.cancel}
            </button>
          </div>
        </form>
      ) : (
        <button
          type="button"
          class="button"
          onClick={() => {
            isPrepared.value = true;
          }}
        >
          {m.eraseStart}
        </button>
      )}
    </>
  );
}
