import { useSignal } from '@preact/signals';
import { deviceInstructions, waysOf } from '../../../server/domain/device/deviceInstructions.ts';
import { callApi } from '../../state/host/ownApi.ts';
import { type OwnerLink, ownerFragment } from '../../state/host/ownerLink.ts';
import { focusSoon } from '../focusSoon.ts';
import { MailField } from './mailField.tsx';
import { OwnerLinkBox } from './ownerLinkBox.tsx';
import { PrintSheet } from './printSheet.tsx';
import { StepHeading, type StepProps } from './stepParts.tsx';

/** The last step: the secret link that leads back to the station. */
export function LinkStep({ model }: StepProps) {
  const { h, hosting, instance, language } = model.context;
  const joined = model.joined.value;
  const device = model.device.value;
  if (!joined) return null;
  const instructions =
    device && deviceInstructions(model.way.value ?? waysOf(device.deviceId)[0], device, hosting.reach);
  return (
    <div class="host-form">
      <StepHeading model={model}>{h.step.link}</StepHeading>
      <OwnerLinkBox context={model.context} link={joined} name={joined.name} />
      {hosting.canMail && (
        <section aria-labelledby="mail-heading">
          <h3 id="mail-heading">{h.mailHeading}</h3>
          <MailField
            context={model.context}
            id="owner-mail"
            help={h.mailHelp}
            button={h.mailSend}
            sent={h.mailSent}
            onSend={(address) => leaveAddress(joined, { address, language })}
          />
        </section>
      )}
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
        <Another model={model} />
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

/** The link is nowhere else than here: it goes only when the host says that it is saved. */
function Another({ model }: StepProps) {
  const { h } = model.context;
  const isAsked = useSignal(false);
  if (!isAsked.value) {
    return (
      <button
        type="button"
        class="button"
        onClick={() => {
          isAsked.value = true;
          focusSoon('another-yes');
        }}
      >
        {h.another}
      </button>
    );
  }
  return (
    <div class="host-ask">
      <p role="alert">{h.anotherAsk}</p>
      <button
        id="another-yes"
        type="button"
        class="button"
        onClick={() => {
          model.forget();
          focusSoon('place-name');
        }}
      >
        {h.anotherYes}
      </button>
    </div>
  );
}

/** The server asks the address by mail first; until it is confirmed nothing else goes there. */
function leaveAddress({ stationId, ownerKey }: OwnerLink, body: { address: string; language: string }) {
  return callApi('POST', `/api/v1/stations/${stationId}/contacts`, { ownerKey, body: { kind: 'mail', ...body } });
}
