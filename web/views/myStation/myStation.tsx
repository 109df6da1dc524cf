import { useEffect, useMemo } from 'preact/hooks';
import { type MyStationTexts, myStationTextsOf } from '../../i18n/host/myStationTexts.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { MyStationModel } from '../../state/host/myStationModel.ts';
import type { OwnerLink } from '../../state/host/ownerLink.ts';
import { LinkField, LostLink } from '../host/linkField.tsx';
import { AlertsPart } from './alertsPart.tsx';
import { DataPart } from './dataPart.tsx';
import { DevicePart } from './devicePart.tsx';
import { HealthPart } from './healthPart.tsx';
import { LinkPart } from './linkPart.tsx';
import { type PartProps, visibilityOf } from './myStationParts.tsx';
import { PeriodsPart } from './periodsPart.tsx';
import { PlacePart } from './placePart.tsx';
import { Receipt } from './receipt.tsx';
import { ValuesPart } from './valuesPart.tsx';

/** What "my station" is given: the page's context, whose station it is, and who keeps a new link. */
export interface MyStationProps {
  context: HostContext;
  link: OwnerLink;
  onRenewed: (link: OwnerLink) => void;
}

/** After joining: one's own station, looked after. */
export function MyStation({ context, link, onRenewed }: MyStationProps) {
  const model = useMemo(() => new MyStationModel(link, onRenewed), []);
  const m = myStationTextsOf(context.language);
  useEffect(() => model.start(), [model]);
  const receipt = model.receipt.value;
  const view = model.view.value;
  const status = model.status.value;
  if (receipt) return <Receipt context={context} m={m} receipt={receipt} />;
  if (status === 'no-access' || status === 'gone')
    return <Notice context={context} text={status === 'gone' ? m.gone : view ? m.linkEnded : m.noAccess} />;
  if (view === undefined) return <Waiting context={context} m={m} model={model} />;
  return <Loaded context={context} m={m} model={model} view={view} />;
}

function Notice({ context, text }: { context: HostContext; text: string }) {
  return (
    <div class="host">
      <h1>{context.t.hostHeading}</h1>
      <p class="notice" role="alert">
        {text}
      </p>
      <LinkField context={context} />
      <LostLink context={context} />
    </div>
  );
}

function Waiting({ context, m, model }: { context: HostContext; m: MyStationTexts; model: MyStationModel }) {
  const status = model.status.value;
  return (
    <div class="host" aria-busy={status === 'loading'}>
      <h1>{context.t.hostHeading}</h1>
      {status === 'loading' || status === 'ready' ? (
        <p role="status">{m.loading}</p>
      ) : (
        <div role="alert">
          <p class="notice">{context.h.problem[status]}</p>
          <p>
            <button type="button" class="button" onClick={() => void model.refresh()}>
              {m.retry}
            </button>
          </p>
        </div>
      )}
    </div>
  );
}

const PARTS = ['values', 'health', 'periods', 'device', 'place', 'alerts', 'link', 'data'] as const;

function Loaded(props: PartProps) {
  const { context, m, model, view } = props;
  const { station } = view;
  const visibility = visibilityOf(station);
  return (
    <div class="host my-station" onSubmitCapture={() => model.begin()}>
      <p class="my-kicker">{context.t.hostHeading}</p>
      <h1>{station.name}</h1>
      <p class="my-status">
        <span class={`my-badge is-${view.health.state}`}>{m.worst[view.health.state]}</span>{' '}
        <span class="my-visibility">{m.status[visibility]}</span>
        {visibility === 'active' && (
          <>
            {' '}
            <a href={`/station/${station.id}${location.search}`}>{m.publicPage}</a>
          </>
        )}
      </p>
      <div aria-live="polite">{model.isStale.value && <p class="notice">{m.stale}</p>}</div>
      <nav class="my-nav" aria-label={m.sections}>
        <ul>
          {PARTS.map((part) => (
            <li key={part}>
              <button type="button" class="button" onClick={() => goTo(part)}>
                {m.section[part]}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <ValuesPart {...props} />
      <HealthPart {...props} />
      <PeriodsPart {...props} />
      <DevicePart {...props} />
      <PlacePart {...props} />
      <AlertsPart {...props} />
      <LinkPart {...props} />
      <DataPart {...props} />
    </div>
  );
}

/** The fragment holds the owner link, so the parts are reached by buttons instead of anchors. */
function goTo(part: string): void {
  const target = document.getElementById(`my-${part}`);
  target?.scrollIntoView();
  target?.focus({ preventScroll: true });
}
