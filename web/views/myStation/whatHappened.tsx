import type { Signal } from '@preact/signals';

/** Whether the sensor was moved, or had always been where it is now said to be: only the first is told in its series. */
export type PositionChange = 'moved' | 'corrected';

interface WhatHappenedProps {
  /** Of the radio buttons. */
  name: string;
  legend: string;
  words: Record<PositionChange, string>;
  change: Signal<PositionChange>;
}

/** Asks why the station is said to be elsewhere. */
export function WhatHappened({ name, legend, words, change }: WhatHappenedProps) {
  return (
    <fieldset class="my-fieldset">
      <legend class="field-label">{legend}</legend>
      {(['moved', 'corrected'] as const).map((value) => (
        <label key={value} class="check">
          <input
            type="radio"
            name={name}
            checked={change.value === value}
            onChange={() => {
              change.value = value;
            }}
          />
          {words[value]}
        </label>
      ))}
    </fieldset>
  );
}
