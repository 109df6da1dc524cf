import { useSignal } from '@preact/signals';
import { type AlertsModel, type Contact, MAIL_SENT } from '../../state/host/alertsModel.ts';
import { MAIL_ADDRESS } from '../../state/host/mailAddress.ts';
import { ActionButton } from '../actionButton.tsx';
import { Select } from '../host/select.tsx';
import { TextField } from '../textField.tsx';
import { Outcome, type PartProps } from './myStationParts.tsx';

const FIELD = 'contact-address';
/** Enough to tell a slip of the finger; the server looks closer. */
const LOOKS_LIKE: Readonly<Record<Contact['kind'], RegExp>> = {
  mail: MAIL_ADDRESS,
  webhook: /^https?:\/\/\S+$/,
  ntfy: /^https?:\/\/\S+\/\S+$/,
};

type ContactsProps = PartProps & { alerts: AlertsModel };

/** Addresses with their state, and a new one. */
export function ContactList(props: ContactsProps) {
  const { m, model, alerts } = props;
  const contacts = alerts.contacts.value;
  return (
    <>
      <p>{m.contactsIntro}</p>
      {contacts.length === 0 ? (
        <p class="note">{m.noContacts}</p>
      ) : (
        <ul class="my-rows">
          {contacts.map((contact) => (
            <ContactRow key={contact.id} {...props} contact={contact} />
          ))}
        </ul>
      )}
      <NewContact {...props} />
      <div role="status">{model.done.value === MAIL_SENT && <p class="my-done">{props.context.h.mailSent}</p>}</div>
      <div aria-live="polite">
        {alerts.secret.value !== undefined && <p class="my-undo">{m.webhookSecret(alerts.secret.value)}</p>}
      </div>
      <Outcome {...props} part="contacts" />
    </>
  );
}

type ContactProps = ContactsProps & { contact: Contact };

function ContactRow(props: ContactProps) {
  const { context, m, contact } = props;
  const { kind, address, status, isMuted, lastFailure } = contact;
  const failure = lastFailure && {
    at: context.format.dateTime(Date.parse(lastFailure.at)),
    reason: lastFailure.reason,
  };
  return (
    <li>
      <span>
        {m.contactKind[kind]}: {address} ({m.contactState[isMuted ? 'muted' : status]})
        {failure && <span class="my-failure">{m.lastFailure(failure)}</span>}
      </span>
      <ContactButtons {...props} />
    </li>
  );
}

function ContactButtons(props: ContactProps) {
  const { m, model, alerts, contact } = props;
  const { id, kind, address, status, isMuted } = contact;
  const isBusy = model.isBusy.value;
  return (
    <span class="my-buttons">
      {status === 'pending' && kind === 'ntfy' && <CodeField {...props} />}
      {status === 'pending' ? (
        <ActionButton type="button" class="button" isBusy={isBusy} onClick={() => void alerts.resend({ id, kind })}>
          {m.resend}
        </ActionButton>
      ) : (
        <ActionButton type="button" class="button" isBusy={isBusy} onClick={() => void alerts.mute(id, !isMuted)}>
          {isMuted ? m.unmute : m.mute}
        </ActionButton>
      )}
      <ActionButton
        type="button"
        class="button"
        aria-label={m.removeLabel(address)}
        isBusy={isBusy}
        onClick={() => void alerts.remove(id)}
      >
        {m.remove}
      </ActionButton>
    </span>
  );
}

/** The six digits that were sent to an ntfy topic: who can read them there may have it told. */
function CodeField({ m, model, alerts, contact }: ContactProps) {
  const code = useSignal('');
  return (
    <>
      <input
        class="my-code"
        aria-label={m.code}
        inputMode="numeric"
        maxLength={6}
        value={code.value}
        onInput={({ currentTarget }) => {
          code.value = currentTarget.value;
        }}
      />
      <ActionButton
        type="button"
        class="button"
        isBusy={model.isBusy.value}
        onClick={() => void alerts.confirm(contact.id, code.value)}
      >
        {m.confirm}
      </ActionButton>
    </>
  );
}

function NewContact({ context, m, model, alerts }: ContactsProps) {
  const isMailOn = alerts.isMailOn.value;
  const kind = useSignal<Contact['kind']>(isMailOn ? 'mail' : 'ntfy');
  const address = useSignal('');
  const isWrong = useSignal(false);
  const kinds = (['mail', 'ntfy', 'webhook'] as const).filter((value) => value !== 'mail' || isMailOn);
  const add = async (event: Event) => {
    event.preventDefault();
    const request = { kind: kind.value, address: address.value.trim(), language: context.language };
    isWrong.value = !LOOKS_LIKE[request.kind].test(request.address);
    if (isWrong.value) return document.getElementById(FIELD)?.focus();
    if (await alerts.add(request)) address.value = '';
  };
  return (
    <form class="my-form" onSubmit={(event) => void add(event)} noValidate>
      {!isMailOn && <p class="note">{m.mailOff}</p>}
      <div class="host-pair">
        <Select
          id="contact-kind"
          label={m.kindOfContact}
          options={kinds.map((value) => ({ value, label: m.contactKind[value] }))}
          value={kind.value}
          onChange={(value) => {
            kind.value = value as Contact['kind'];
            isWrong.value = false;
          }}
        />
        <TextField
          id={FIELD}
          label={m.address[kind.value]}
          type={kind.value === 'mail' ? 'email' : 'url'}
          value={address.value}
          {...(isWrong.value && { error: m.addressWrong[kind.value] })}
          onInput={(value) => {
            address.value = value;
          }}
        />
      </div>
      <ActionButton type="submit" class="button" isBusy={model.isBusy.value}>
        {m.addContact}
      </ActionButton>
    </form>
  );
}
