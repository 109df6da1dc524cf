import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ActionButton } from '../actionButton.tsx';
import type { PartProps } from './myStationParts.tsx';
import { type PositionChange, WhatHappened } from './whatHappened.tsx';

/** Moves the station indoors, where it is private, or back out; with what becomes of its data. */
export function InOrOut({ m, model, view }: PartProps) {
  const { isIndoor } = view.station;
  const details = useRef<HTMLDetailsElement>(null);
  const change = useSignal<PositionChange>('moved');
  const words = isIndoor ? m.moveOutdoors : m.moveIndoors;
  const send = async () => {
    // Values from indoors are published only by a choice of their own.
    const patch = { isIndoor: !isIndoor, isPublishedIndoor: false, positionChange: change.value };
    if (!(await model.change('place', patch))) return;
    change.value = 'moved';
    void model.history.open(model.quantity.peek());
    // Left open, it would offer the way back under the pointer that has just clicked.
    details.current?.removeAttribute('open');
    details.current?.querySelector('summary')?.focus();
  };
  return (
    <details ref={details}>
      <summary>{words.summary}</summary>
      <p>{words.consequence}</p>
      <WhatHappened name="in-or-out" legend={m.positionChange} words={words} change={change} />
      <ActionButton type="button" class="button" isBusy={model.isBusy.value} onClick={() => void send()}>
        {words.button}
      </ActionButton>
    </details>
  );
}
