import { useEffect, useRef } from 'preact/hooks';
import type { JoinModel } from '../../state/host/joinModel.ts';
import { JOIN_STEPS } from '../../state/host/joinState.ts';

/** What each view of a step is given. */
export interface StepProps {
  model: JoinModel;
}

/** The heading of a step: takes the focus when the step opens, so that keyboard and screen reader go on from there. */
export function StepHeading({ model, children }: StepProps & { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { step, context } = model;
  const at = JOIN_STEPS.indexOf(step.value);
  useEffect(() => {
    // The first step is the page itself: nothing takes the focus from a reader who has just come.
    if (at > 0) heading.current?.focus();
  }, [at]);
  return (
    <h2 ref={heading} tabIndex={-1}>
      <span class="host-step-number">{context.h.stepOf({ number: at + 1, count: JOIN_STEPS.length })}</span> {children}
    </h2>
  );
}

/** What the server refused, with its own words where they help. */
export function ProblemNotice({ model }: StepProps) {
  const { h } = model.context;
  const found = model.problem.value;
  return (
    <div role="alert">
      {found && (
        <p class="notice">
          {h.problem[found.problem]} {found.problem === 'invalid' && h.refused(found.refusal)}
        </p>
      )}
    </div>
  );
}
