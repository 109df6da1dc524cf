import { useSignal } from '@preact/signals';
import { MAIL_ADDRESS } from '../../state/host/mailAddress.ts';
import { ActionButton } from '../actionButton.tsx';
import { focusSoon } from '../focusSoon.ts';
import { OwnerLinkBox } from '../host/ownerLinkBox.tsx';
import { TextField } from '../textField.tsx';
import { Outcome, type PartProps, Section } from './myStationParts.tsx';

/** The owner link renewed, and the station handed on. */
export function LinkPart(props: PartProps) {
  const { context, m, model, view } = props;
  const renew = async () => {
    if (await model.renewLink()) focusSoon('owner-link-value');
  };
  return (
    <Section part="link" m={m}>
      <p>{m.linkIntro}</p>
      {model.isRenewed.value ? (
        <OwnerLinkBox context={context} link={model.link.value} name={view.station.name} />
      ) : (
        <details>
          <summary>{m.renew}</summary>
          <p>{m.renewNote}</p>
          <ActionButton type="button" class="button" isBusy={model.isBusy.value} onClick={() => void renew()}>
            {m.renew}
          </ActionButton>
        </details>
      )}
      <div aria-live="polite">{model.isRenewed.value && <p class="my-done">{m.renewed}</p>}</div>
      <Outcome {...props} part="link" isQuiet />
      <details>
        <summary>{m.handover}</summary>
        <HandOver {...props} />
      </details>
    </Section>
  );
}

const ADDRESS_FIELD = 'handover-address';

interface Offer {
  expiresAt: string;
  link?: string;
  /** Address the invitation went to; empty: nobody's, there is a link to pass on. */
  to: string;
}

function HandOver(props: PartProps) {
  const { context, m, model } = props;
  const address = useSignal('');
  const offer = useSignal<Offer | undefined>(undefined);
  const isCancelled = useSignal(false);
  const isWrong = useSignal(false);
  const make = (event: Event) => {
    event.preventDefault();
    isCancelled.value = false;
    offer.value = undefined;
    const to = address.value.trim();
    isWrong.value = to !== '' && !MAIL_ADDRESS.test(to);
    if (isWrong.value) return document.getElementById(ADDRESS_FIELD)?.focus();
    const body = to === '' ? {} : { address: to, language: context.language };
    void model.act('handover', async () => {
      const made = (await model.call('POST', '/handover', body)) as Offer;
      offer.value = { ...made, to };
    });
  };
  const cancel = () => {
    isCancelled.value = false;
    void model.act('handover', async () => {
      await model.call('DELETE', '/handover');
      offer.value = undefined;
      isCancelled.value = true;
    });
  };
  const made = offer.value;
  return (
    <form class="my-form" onSubmit={make} noValidate>
      <p>{m.handoverIntro}</p>
      <TextField
        id={ADDRESS_FIELD}
        label={m.handoverAddress}
        type="email"
        value={address.value}
        {...(isWrong.value && { error: context.h.mailWrong })}
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
        {made && <p>{m.handoverMade({ to: made.to, time: context.format.dateTime(Date.parse(made.expiresAt)) })}</p>}
        {made?.link !== undefined && (
          <TextField id="handover-link" label={m.handoverLink} value={made.link} onInput={() => undefined} />
        )}
        {isCancelled.value && <p>{m.handoverCancelled}</p>}
      </div>
      <Outcome {...props} part="handover" isQuiet />
    </form>
  );
}
