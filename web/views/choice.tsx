/** One option of a `Choice`. */
export interface Option<T extends string> {
  value: T;
  label: string;
  /** Why it cannot be chosen now. */
  disabledBecause?: string | undefined;
}

interface ChoiceProps<T extends string> {
  name: string;
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChoose: (value: T) => void;
  isLabelHidden?: boolean;
}

/** One of a few, as radio buttons that look like a row of segments: arrow keys and screen readers work by themselves. */
export function Choice<T extends string>({ name, label, options, value, onChoose, isLabelHidden }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend class={isLabelHidden ? 'visually-hidden' : undefined}>{label}</legend>
      <div class="choice-options">
        {options.map((option) => (
          <label key={option.value} class="choice-option" title={option.disabledBecause}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabledBecause !== undefined}
              onChange={() => onChoose(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
