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
