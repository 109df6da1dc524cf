import { useRef } from 'preact/hooks';
import { ADMIN_PARTS, type AdminPart, adminTextsOf } from '../../i18n/admin/adminTexts.ts';
import type { AdminModel } from '../../state/admin/adminModel.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { headingOf, type PartProps } from './adminParts.tsx';
import { Attention } from './attention.tsx';
import { ExcludedPart } from './excludedPart.tsx';
import { FlowPart } from './flowPart.tsx';
import { useFirstFocus } from './focus.ts';
import { LettersPart } from './lettersPart.tsx';
import { NoticesPart } from './noticesPart.tsx';
import { PendingPart } from './pendingPart.tsx';
import { ProgramPart } from './programPart.tsx';
import { RefusedPart } from './refusedPart.tsx';
import { SignIn } from './signIn.tsx';
import { SilentPart } from './silentPart.tsx';
import { StoragePart } from './storagePart.tsx';
import { ToSetUp } from './toSetUp.tsx';
import { WaitingPart } from './waitingPart.tsx';

/** The operator's page: a field for the key, then everything at a glance and what there is to do. */
export function AdminPage({ context, model }: { context: PageContext; model: AdminModel }) {
  const a = adminTextsOf(context.language);
  const overview = model.overview.value;
  // Whoever signs in or out is led to what takes the place of what they used; a reload leaves the focus alone.
  const hasSigned = useRef(false);
  const common = { context, a, model, takesFocus: hasSigned.current };
  const sign = () => {
    hasSigned.current = true;
  };
  if (model.state.value !== 'open' || overview === undefined) return <SignIn {...common} onSign={sign} />;
  return <Opened {...common} onSign={sign} overview={overview} />;
}

/** What both faces of the page are given: `takesFocus` when it appears, `onSign` when the reader signs in or out. */
export interface SignProps {
  takesFocus: boolean;
  onSign: () => void;
}

function Opened({ takesFocus, onSign, ...props }: PartProps & SignProps) {
  const { context, a, model, overview } = props;
  const heading = useFirstFocus<HTMLHeadingElement>(takesFocus);
  const signOut = () => {
    onSign();
    model.signOut();
  };
  const at = context.format.clock(Date.parse(overview.at));
  const shown = ADMIN_PARTS.filter((part) => part !== 'letters' || model.letters.value !== undefined);
  return (
    <div class="admin" onSubmitCapture={() => model.begin()}>
      <div class="admin-top">
        <h1 ref={heading} tabIndex={-1}>
          {a.heading}
        </h1>
        <button type="button" class="button" onClick={signOut}>
          {a.signOut}
        </button>
      </div>
      <p class="note admin-as-of">{a.asOf(at)}</p>
      <div aria-live="polite">{model.isStale.value && <p class="notice">{a.stale(at)}</p>}</div>
      <Attention {...props} />
      <ToSetUp {...props} />
      <nav class="admin-nav" aria-label={a.parts}>
        <ul>
          {shown.map((part) => (
            <li key={part}>
              <a href={`#${headingOf(part)}`}>
                {a.part[part]}
                <Count {...props} part={part} />
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <FlowPart {...props} />
      <RefusedPart {...props} />
      <WaitingPart {...props} />
      <StoragePart {...props} />
      <PendingPart {...props} />
      <SilentPart {...props} />
      <ExcludedPart {...props} />
      <NoticesPart {...props} />
      <LettersPart {...props} />
      <ProgramPart {...props} />
    </div>
  );
}

/** How many things wait in a part. */
function Count({ overview, part }: PartProps & { part: AdminPart }) {
  const { pending, silent, excluded } = overview.stations;
  const counts: Partial<Record<AdminPart, number>> = {
    pending: pending.filter(({ refusal }) => refusal === undefined).length,
    silent: silent.list.length + silent.more,
    excluded: excluded.length,
  };
  const count = counts[part];
  return count ? <span class="admin-count"> ({count})</span> : null;
}
