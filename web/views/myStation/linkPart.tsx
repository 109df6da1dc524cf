import { useSignal } from '@preact/signals';
import { ActionButton } from '../actionButton.tsx';
import { OwnerLinkBox } from '../host/ownerLinkBox.tsx';
import { TextField } from '../textField.tsx';
import { Outcome, type PartProps, Section } from './myStationParts.tsx';

/** The owner link renewed, and the station handed on. */
export function LinkPart(props: PartProps) {
  const { context, m, model, view } = props;
  return (
    <Section part="link" m={m}>
      <p>{m.linkIntro}</p>
      {model.isRenewed.value ? (
        <OwnerLinkBox context={context} link={model.link.value} name={view.station.name} />
      ) : (
        <details>
          <summary>{m.renew}</summary>
          <p>{m.renewNote}</p>
          <ActionButton type="button" class="button" isBusy={model.isBusy.value} onClick={() => void model.renewLink()}>
            {m.renew}
          </ActionButton>
        </details>
      )}
      <Outcome {...props} part="link" />
      <details>
        <summary>{m.handover}</summary>
        <HandOver {...props} />
      </details>
    </Section>
  );
}

interface Offer {
  expiresAt: string;
  link?: string;
}

function HandOver(props: PartProps) {
  const { context, m, model } = props;
  const address = useSignal('');
  const offer = useSignal<Offer | undefined>(undefined);
  const isCancelled = useSignal(false);
  const make = (event: Event) => {
    event.preventDefault();
    isCancelled.value = false;
    const body = address.value.trim() === '' ? {} : { address: address.value.trim(), language: context.language };
    void model.act('handover', async () => {
      offer.value = (await model.call('POST', '/handover', body)) as Offer;
    });
  };
  const cancel = () =>
    void model.act('handover', async () => {
      await model.call('DELETE', '/handover');
      offer.value = undefined;
      isCancelled.value = true;
    });
  const made = offer.value;
  return (
    <form class="my-form" onSubmit={make} noValidate>
      <p>{m.handoverIntro}</p>
      <TextField
        id="handover-address"
        label={m.handoverAddress}
        type="email"
        value={address.value}
        onInput={(value) => {
          address.value = value;
        }}
      />
      <div class="host-actions">
        <ActionButton type="submit" class="button" isBusy={model.isBusy.value}>
          {address.value.trim() === '' ? m.handoverLink : m.handoverMail}
        </ActionButton>
        <ActionButton type="button" class="button" isBusy={model.isBusy.value} onClick={cancel}>
          {m.handoverCancel}
        </ActionButton>
      </div>
      <div aria-live="polite">
        {made && <p>{m.handoverMade(context.format.dateTime(Date.parse(made.expiresAt)))}</p>}
        {made?.link !== undefined && (
          <TextField id="handover-link" label={m.handoverLink} value={made.link} onInput={() => undefined} />
        )}
        {isCancelled.value && <p>{m.handoverCancelled}</p>}
      </div>
      <Outcome {...props} part="handover" />
    </form>
  );
}
