import type { ComponentChildren } from 'preact';
import type { OwnStation } from '../../../server/domain/ownStation.ts';
import { isPublic } from '../../../server/domain/station.ts';
import type { MyStationTexts } from '../../i18n/host/myStationTexts.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import type { MyStationModel } from '../../state/host/myStationModel.ts';

/** Who sees a station: its status, but a station indoors is shown to nobody else while its owner has not said so. */
export function visibilityOf(station: OwnStation['station']): keyof MyStationTexts['status'] {
  return station.status === 'active' && !isPublic(station) ? 'private' : station.status;
}

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

type OutcomeProps = Omit<PartProps, 'view'> & {
  part: string;
  /** True where the part itself says what was done. */
  isQuiet?: boolean;
};

/** What became of the last thing done in a part. */
export function Outcome({ context, m, model, part, isQuiet = false }: OutcomeProps) {
  const { h } = context;
  const found = model.problem.value;
  return (
    <div aria-live="polite" class="my-outcome">
      {found?.part === part && (
        <p class="notice">
          {h.problem[found.problem]} {found.problem === 'invalid' && h.refused(found.refusal)}
        </p>
      )}
      {model.done.value === part && !isQuiet && <p class="my-done">{m.done}</p>}
    </div>
  );
}
