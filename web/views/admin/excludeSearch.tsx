import { type Signal, useSignal } from '@preact/signals';
import { EXCLUSION_REASONS, EXCLUSION_WORDS, type ExclusionReason } from '../../../server/domain/operator/exclusion.ts';
import { Select } from '../host/select.tsx';
import { TextField } from '../textField.tsx';
import type { PartProps } from './adminParts.tsx';
import { AdminRow } from './adminRow.tsx';

interface Found {
  id: string;
  name: string;
  status: string;
}

/** Finds a station by name, to leave it out of figures. */
export function ExcludeSearch(props: PartProps) {
  const { a, model } = props;
  const text = useSignal('');
  const found = useSignal<readonly Found[] | undefined>(undefined);
  const search = async () => {
    const q = text.value.trim();
    if (q === '') return;
    const answer = await model.call('GET', `/admin/stations?q=${encodeURIComponent(q)}`);
    found.value = (answer as { stations: Found[] }).stations;
  };
  const submit = (event: Event) => {
    event.preventDefault();
    // What went wrong is told where the other outcomes are.
    void search().catch((error: unknown) => model.failed('excluded', error));
  };
  const forget = () => {
    found.value = undefined;
    text.value = '';
  };
  return (
    <>
      <SearchForm {...props} text={text} onSubmit={submit} />
      <div class="admin-found" aria-live="polite">
        {found.value && <p class="note">{a.excluded.found(found.value.length)}</p>}
      </div>
      <FoundStations {...props} found={found.value ?? []} onExcluded={forget} />
    </>
  );
}

interface FormProps extends PartProps {
  text: Signal<string>;
  onSubmit: (event: Event) => void;
}

function SearchForm({ a, text, onSubmit }: FormProps) {
  return (
    <form class="admin-form admin-search" onSubmit={onSubmit}>
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
  );
}

interface FoundProps extends PartProps {
  found: readonly Found[];
  onExcluded: () => void;
}

/** What was found, each with the way to leave it out for the reason chosen above them. */
function FoundStations({ context, a, model, found, onExcluded }: FoundProps) {
  // Kept while nothing is shown: the next search begins with the reason of the last.
  const reason = useSignal<ExclusionReason>('local-source');
  const exclude = async (id: string) => {
    const body = { reason: reason.value };
    if (await model.act('excluded', () => model.call('PUT', `/admin/stations/${id}/exclusion`, body))) onExcluded();
  };
  if (found.length === 0) return null;
  return (
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
        {found.map(({ id, name, status }) => (
          <AdminRow
            key={id}
            model={model}
            action={status === 'active' ? a.excluded.exclude : undefined}
            label={a.excluded.excludeLabel(name)}
            onAction={() => void exclude(id)}
          >
            {name} <span class="note">({a.excluded.status[status] ?? status})</span>
          </AdminRow>
        ))}
      </ul>
    </>
  );
}
