import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { HostContext } from '../../state/host/hosting.ts';
import { MAIL_ADDRESS } from '../../state/host/mailAddress.ts';
import { ApiError } from '../../state/host/ownApi.ts';
import { ActionButton } from '../actionButton.tsx';

interface MailFieldProps {
  context: HostContext;
  id: string;
  help: string;
  button: string;
  /** What stands there when it worked. */
  sent: string;
  onSend: (address: string) => Promise<unknown>;
}

/** An address being typed and sent, and what became of it. */
function useMailSending({ context: { h }, onSend }: Pick<MailFieldProps, 'context' | 'onSend'>) {
  const address = useSignal('');
  const isBusy = useSignal(false);
  const isSent = useSignal(false);
  const problem = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    problem.value = '';
    isSent.value = false;
    if (!MAIL_ADDRESS.test(address.value.trim())) {
      problem.value = h.mailWrong;
      field.current?.focus();
      return;
    }
    isBusy.value = true;
    try {
      await onSend(address.value.trim());
      isSent.value = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = `${h.problem[error.problem]} ${error.problem === 'invalid' ? h.refused(error.refusal) : ''}`;
    } finally {
      isBusy.value = false;
    }
  };
  return { address, field, isBusy, isSent, problem, send };
}

/** An e-mail address and what is done with it. */
export function MailField({ context, id, help, button, sent, onSend }: MailFieldProps) {
  const { h } = context;
  const { address, field, isBusy, isSent, problem, send } = useMailSending({ context, onSend });
  return (
    <form class="field mail-field" onSubmit={(event) => void send(event)} noValidate>
      <label class="field-label" for={id}>
        {h.mailLabel}
      </label>
      <input
        ref={field}
        id={id}
        type="email"
        autocomplete="email"
        aria-describedby={problem.value === '' ? `${id}-help` : `${id}-help ${id}-wrong`}
        aria-invalid={problem.value !== ''}
        value={address}
        onInput={({ currentTarget }) => {
          address.value = currentTarget.value;
        }}
      />
      <p class="note" id={`${id}-help`}>
        {help}
      </p>
      <div role="status">
        {problem.value && (
          <p class="field-error" id={`${id}-wrong`}>
            {problem}
          </p>
        )}
        {isSent.value && <p class="mail-sent">{sent}</p>}
      </div>
      <ActionButton type="submit" class="button" isBusy={isBusy.value}>
        {button}
      </ActionButton>
    </form>
  );
}
