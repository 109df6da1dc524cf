import type { ComponentChildren } from 'preact';
import type { OwnStation } from '../../server/domain/ownStation.ts';
import type { MyStationTexts } from '../i18n/host/myStationTexts.ts';
import type { HostContext } from '../state/host/hosting.ts';
import type { MyStationModel } from '../state/host/myStationModel.ts';

/** What every part of "my station" is given. */
export interface PartProps {
  context: HostContext;
  m: MyStationTexts;
  model: MyStationModel;
  view: OwnStation;
}

interface SectionProps {
  /** Word of the part; its heading's id and the anchor. */
  part: keyof MyStationTexts['section'];
  m: MyStationTexts;
  children: ComponentChildren;
}

/** One part with its heading. */
export function Section({ part, m, children }: SectionProps) {
  return (
    <section class="my-part" id={`my-${part}`} aria-labelledby={`my-${part}-heading`} tabIndex={-1}>
      <h2 id={`my-${part}-heading`}>{m.section[part]}</h2>
      {children}
    </section>
  );
}

/** What became of the last thing done in a part. */
export function Outcome({ context, m, model, part }: Omit<PartProps, 'view'> & { part: string }) {
  const { h } = context;
  const found = model.problem.value;
  return (
    <div aria-live="polite" class="my-outcome">
      {found?.part === part && (
        <p class="notice">
          {h.problem[found.problem]}{' '}
          {found.detail !== '' && found.problem === 'invalid' && h.problemDetail(found.detail)}
        </p>
      )}
      {model.done.value === part && <p class="my-done">{m.done}</p>}
    </div>
  );
}

interface TextFieldProps {
  id: string;
  label: string;
  value: string;
  type?: 'text' | 'email' | 'url' | 'number' | 'time' | 'datetime-local';
  onInput: (value: string) => void;
  maxLength?: number;
  isInvalid?: boolean;
  help?: string;
  /** What is wrong with it; the field is then marked. */
  error?: string;
  /** The keyboard a phone shows. */
  inputMode?: 'numeric';
}

/** A field with its label. */
export function TextField({ id, label, value, type = 'text', onInput, ...more }: TextFieldProps) {
  const helpId = more.help === undefined ? undefined : `${id}-help`;
  const errorId = more.error === undefined ? undefined : `${id}-error`;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        // Preact's types tell apart elements by their `type`; this one is several.
        type={type as 'text'}
        autocomplete="off"
        maxLength={more.maxLength}
        inputMode={more.inputMode}
        aria-invalid={more.isInvalid ?? more.error !== undefined}
        aria-describedby={[helpId, errorId].filter(Boolean).join(' ') || undefined}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {more.help !== undefined && (
        <p class="note" id={helpId}>
          {more.help}
        </p>
      )}
      {more.error !== undefined && (
        <p class="field-error" id={errorId}>
          {more.error}
        </p>
      )}
    </div>
  );
}
