import { deviceInstructions, waysOf } from '../../../server/domain/deviceInstructions.ts';
import { ownerFragment } from '../../state/host/ownerLink.ts';
import { OwnerLinkBox } from './ownerLinkBox.tsx';
import { PrintSheet } from './printSheet.tsx';
import { StepHeading, type StepProps } from './stepParts.tsx';

/** The last step: the secret link that leads back to the station. */
export function LinkStep({ model }: StepProps) {
  const { h, hosting, instance } = model.context;
  const joined = model.joined.value;
  const device = model.device.value;
  if (!joined) return null;
  const instructions =
    device && deviceInstructions(model.way.value ?? waysOf(device.deviceId)[0], device, hosting.reach);
  return (
    <div class="host-form">
      <StepHeading model={model}>{h.step.link}</StepHeading>
      <OwnerLinkBox context={model.context} link={joined} name={joined.name} />
      <div class="host-actions">
        <a class="button is-main" href={ownerFragment(joined)}>
          {h.toMyStation}
        </a>
        <button type="button" class="button" onClick={() => window.print()}>
          {h.linkPrint}
        </button>
        <button type="button" class="button" onClick={() => model.go('watch')}>
          {h.back}
        </button>
        <button type="button" class="button" onClick={() => model.forget()}>
          {h.another}
        </button>
      </div>
      <PrintSheet
        context={model.context}
        name={joined.name}
        link={joined}
        instructions={instructions}
        contact={instance.contact}
      />
    </div>
  );
}
