import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { AdminOverview } from '../../../server/domain/operator/adminOverview.ts';
import type { AdminPart, AdminTexts } from '../../i18n/admin/adminTexts.ts';
import type { AdminModel, Outcome as Became } from '../../state/admin/adminModel.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { isFocusLost, leadTo } from './focus.ts';

/** What every part of the operator's page is given. */
export interface PartProps {
  context: PageContext;
  a: AdminTexts;
  model: AdminModel;
  overview: AdminOverview;
}

interface SectionProps {
  part: AdminPart;
  a: AdminTexts;
  children: ComponentChildren;
}

/** Id of a part's heading, which takes the focus of whoever goes to the part. */
export function headingOf(part: AdminPart): string {
  return `part-${part}-heading`;
}

/** One part with its heading. */
export function Section({ part, a, children }: SectionProps) {
  return (
    <section class="admin-part" id={`part-${part}`} aria-labelledby={headingOf(part)}>
      <h2 id={headingOf(part)} tabIndex={-1}>
        {a.part[part]}
      </h2>
      {children}
    </section>
  );
}

/**
 * What became of the last thing done in a part; `done` says more than that it was. When the button that did it is
 * gone, the focus goes to the part's heading: a reader goes on with what is left in the part.
 */
export function Outcome({
  a,
  model,
  part,
  done = a.done,
}: Pick<PartProps, 'a' | 'model'> & { part: AdminPart; done?: string }) {
  const outcome = model.outcome.value?.part === part ? model.outcome.value : undefined;
  const failure = outcome?.problem;
  useEffect(() => {
    if (outcome !== undefined && isFocusLost()) leadTo(document.getElementById(headingOf(part)));
  }, [outcome, part]);
  return (
    <div class="admin-outcome" aria-live="polite">
      {failure && <p class="notice">{failureText(a, failure)}</p>}
      {outcome && !failure && <p class="admin-done">{done}</p>}
    </div>
  );
}

function failureText({ failed }: AdminTexts, { problem, refusal }: NonNullable<Became['problem']>): string {
  if (problem === 'offline') return failed.offline;
  return problem === 'server' ? failed.server : failed.refused(refusal);
}

/** Bytes as people read them: `1,2 GB`. */
export function bytesText({ format }: PageContext, bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : (['kB', 1e3] as const);
  const value = bytes / Number(size);
  return `${format.number(value, value > 0 && value < 10 ? 1 : 0)}\u202f${unit}`;
}

/** A time of the API as people read it. */
export function timeText({ format }: PageContext, time: string): string {
  return format.dateTime(Date.parse(time));
}
