import { useSignal } from '@preact/signals';
import { EXCLUSION_REASONS, EXCLUSION_WORDS, type ExclusionReason } from '../../../server/domain/exclusion.ts';
import { Select } from '../host/select.tsx';
import { TextField } from '../myStationParts.tsx';
import { Outcome, type PartProps, Section } from './adminParts.tsx';
import { JoinedList } from './joinedList.tsx';

interface Found {
  id: string;
  name: string;
  status: string;
}

/** Stations left out of figures, and the way to leave one out. */
export function ExcludedPart(props: PartProps) {
  const { context, a, model, overview } = props;
  const { excluded } = overview.stations;
  const include = (id: string) =>
    void model.act('excluded', () => model.call('DELETE', `/admin/stations/${id}/exclusion`));
  return (
    <Section part="excluded" a={a}>
      <p>{a.excluded.intro}</p>
      {excluded.length === 0 && <p class="note">{a.excluded.none}</p>}
      <ul class="admin-rows">
        {excluded.map(({ id, name, reason, text, since }) => (
          <li key={id}>
            <span>
              <a href={`/station/${id}${location.search}`}>{name}</a>:{' '}
              {reason === null ? text : EXCLUSION_REASONS[reason][context.language]}
              {since !== null && <span class="note"> ({a.since(context.format.date(Date.parse(since)))})</span>}
            </span>
            <button
              type="button"
              class="button"
              aria-label={a.excluded.undoLabel(name)}
              disabled={model.isBusy.value}
              onClick={() => include(id)}
            >
              {a.excluded.undo}
            </button>
          </li>
        ))}
      </ul>
      <Search {...props} />
      <JoinedList {...props} />
      <Outcome a={a} model={model} part="excluded" />
    </Section>
  );
}

function Search(props: PartProps) {
  const { context, a, model } = props;
  const text = useSignal('');
  const found = useSignal<readonly Found[] | undefined>(undefined);
  const reason = useSignal<ExclusionReason>('local-source');
  const search = async () => {
    const q = text.value.trim();
    if (q === '') return;
    const answer = await model.call('GET', `/admin/stations?q=${encodeURIComponent(q)}`);
    found.value = (answer as { stations: Found[] }).stations;
  };
  const submit = (event: Event) => {
    event.preventDefault();
    model.outcome.value = undefined;
    // What went wrong is told where the other outcomes are.
    void search().catch((error: unknown) => model.act('excluded', () => Promise.reject(error)));
  };
  const exclude = async (id: string) => {
    const body = { reason: reason.value };
    if (await model.act('excluded', () => model.call('PUT', `/admin/stations/${id}/exclusion`, body))) {
      found.value = undefined;
      text.value = '';
    }
  };
  return (
    <>
      <form class="admin-form admin-search" onSubmit={submit}>
        <TextField
          id="exclude-search"
          label={a.excluded.search}
          value={text.value}
          maxLength={80}
          onInput={(value) => {
            text.value = value;
          }}
        />
        <button type="submit" class="button">
          {a.excluded.find}
        </button>
      </form>
      <div class="admin-found" aria-live="polite">
        {found.value && <p class="note">{a.excluded.found(found.value.length)}</p>}
      </div>
      {found.value !== undefined && found.value.length > 0 && (
        <>
          <Select
            id="exclude-reason"
            label={a.excluded.reason}
            options={EXCLUSION_WORDS.map((value) => ({ value, label: EXCLUSION_REASONS[value][context.language] }))}
            value={reason.value}
            onChange={(value) => {
              reason.value = value as ExclusionReason;
            }}
          />
          <ul class="admin-rows">
            {found.value.map(({ id, name, status }) => (
              <li key={id}>
                <span>
                  {name} <span class="note">({a.excluded.status[status] ?? status})</span>
                </span>
                {status === 'active' && (
                  <button
                    type="button"
                    class="button"
                    aria-label={a.excluded.excludeLabel(name)}
                    disabled={model.isBusy.value}
                    onClick={() => void exclude(id)}
                  >
                    {a.excluded.exclude}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
