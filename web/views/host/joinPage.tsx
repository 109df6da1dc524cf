import type { ComponentType } from 'preact';
import { JOIN_STEPS, type JoinStep } from '../../state/host/joinState.ts';
import { DeviceStep } from './deviceStep.tsx';
import { LinkField, LostLink } from './linkField.tsx';
import { LinkStep } from './linkStep.tsx';
import { NoSensorYet } from './noSensorYet.tsx';
import { PlaceStep } from './placeStep.tsx';
import type { StepProps } from './stepParts.tsx';
import { WatchStep } from './watchStep.tsx';

const VIEWS: Readonly<Record<JoinStep, ComponentType<StepProps>>> = {
  place: PlaceStep,
  device: DeviceStep,
  watch: WatchStep,
  link: LinkStep,
};

interface JoinPageProps extends StepProps {
  /** The address the page was opened with, when it is a station link that is not whole. */
  brokenLink: string | undefined;
}

/** Joining: everything from naming the place to the owner link, one step at a time. */
export function JoinPage({ model, brokenLink }: JoinPageProps) {
  const { t, h, hosting, instance } = model.context;
  const step = model.step.value;
  const isClosed = hosting.registration === 'closed' && !model.joined.value;
  const View = VIEWS[step];
  const printsSheet = step === 'link' || (step === 'device' && model.device.value !== undefined);
  return (
    <div class={printsSheet ? 'host prints-sheet' : 'host'} onSubmitCapture={() => model.begin()}>
      <h1>{t.hostHeading}</h1>
      {step === 'place' && <p class="host-intro">{h.intro}</p>}
      {step === 'place' && !isClosed && <NoSensorYet context={model.context} />}
      {(step === 'place' || brokenLink !== undefined) && (
        <>
          <LinkField key={brokenLink} context={model.context} brokenLink={brokenLink} />
          <LostLink context={model.context} />
        </>
      )}
      {isClosed ? (
        <p class="notice">{h.closed(instance.contact || t.noContact)}</p>
      ) : (
        <>
          {step === 'place' && hosting.registration !== 'closed' && (
            <p class="host-registration">{h.registration[hosting.registration]}</p>
          )}
          <Progress model={model} />
          <View model={model} />
        </>
      )}
    </div>
  );
}

/** Where the host is on the way. */
function Progress({ model }: StepProps) {
  const { h } = model.context;
  const at = JOIN_STEPS.indexOf(model.step.value);
  return (
    <ol class="host-progress" aria-label={h.steps}>
      {JOIN_STEPS.map((step, i) => (
        <li key={step} class={i < at ? 'is-done' : undefined} aria-current={i === at ? 'step' : undefined}>
          <span class="host-progress-number">{i + 1}</span>
          <span class="host-progress-name">{h.step[step]}</span>
        </li>
      ))}
    </ol>
  );
}
