import { useSignal } from '@preact/signals';
import type { HostContext } from '../../state/host/hosting.ts';
import { callApi } from '../../state/host/ownApi.ts';
import { ownerFragment, parseOwnerLink } from '../../state/host/ownerLink.ts';
import { MailField } from './mailField.tsx';

interface LinkFieldProps {
  context: HostContext;
  /** A link that is not whole, with which the page was opened: it stands there with what is wrong about it. */
  brokenLink?: string | undefined;
}

/** Where somebody with an owner link pastes it. The link stays in the fragment: nothing is sent. */
export function LinkField({ context, brokenLink }: LinkFieldProps) {
  const { h } = context;
  const text = useSignal(brokenLink ?? '');
  const isWrong = useSignal(brokenLink !== undefined);
  const open = (event: Event) => {
    event.preventDefault();
    const link = parseOwnerLink(text.value);
    isWrong.value = link === undefined;
    if (link) location.hash = ownerFragment(link);
  };
  return (
    <details class="link-field" open={brokenLink !== undefined}>
      <summary>{h.haveLink}</summary>
      <form class="field" onSubmit={open} noValidate>
        <label class="field-label" for="owner-link">
          {h.linkLabel}
        </label>
        <input
          id="owner-link"
          type="text"
          autocomplete="off"
          spellcheck={false}
          aria-describedby="owner-link-help"
          aria-invalid={isWrong.value}
          value={text}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
        <p class="note" id="owner-link-help">
          {isWrong.value ? <strong role="alert">{h.linkWrong}</strong> : h.linkHelp}
        </p>
        <button class="button" type="submit">
          {h.linkOpen}
        </button>
      </form>
    </details>
  );
}

/** A new link for those who lost theirs: by mail where this installation sends any, else from the operator. */
export function LostLink({ context }: { context: HostContext }) {
  const { t, h, hosting, instance, language } = context;
  return (
    <details class="link-field">
      <summary>{h.lostLink}</summary>
      {hosting.canMail ? (
        <MailField
          context={context}
          id="lost-mail"
          help={h.lostHelp}
          button={h.lostSend}
          sent={h.lostSent}
          onSend={(address) => callApi('POST', '/api/v1/owner-links', { body: { address, language } })}
        />
      ) : (
        <p class="note">{h.lostNoMail(instance.contact || t.noContact)}</p>
      )}
    </details>
  );
}
