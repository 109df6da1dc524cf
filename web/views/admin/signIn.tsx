import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SignProps } from './adminPage.tsx';
import type { PartProps } from './adminParts.tsx';
import { useFirstFocus } from './focus.ts';

/** Where the operator types in their key. */
export function SignIn({ a, model, takesFocus, onSign }: Omit<PartProps, 'overview'> & SignProps) {
  const typed = useSignal('');
  const field = useFirstFocus<HTMLInputElement>(takesFocus);
  const { signIn } = a;
  const problem = model.signInProblem.value;
  const isChecking = model.state.value === 'checking';
  const isWrong = problem === 'no-access';
  useEffect(() => {
    if (isWrong) field.current?.focus();
  }, [isWrong]);
  const open = (event: Event) => {
    event.preventDefault();
    onSign();
    void model.signIn(typed.value);
  };
  return (
    <div class="admin admin-sign-in">
      <h1>{a.heading}</h1>
      <p>{signIn.text}</p>
      <form onSubmit={open} noValidate>
        <KeyField a={a} field={field} typed={typed} isWrong={isWrong} />
        <button type="submit" class="button is-main" disabled={isChecking}>
          {signIn.open}
        </button>
      </form>
      <div class="admin-outcome" aria-live="assertive">
        {isChecking && <p>{signIn.checking}</p>}
        {!isChecking && problem && <p class="notice">{isWrong ? signIn.wrong : signIn.away}</p>}
      </div>
      {!isChecking && problem && !isWrong && model.hasKey && (
        <button type="button" class="button" onClick={() => void model.retry()}>
          {a.retry}
        </button>
      )}
    </div>
  );
}

interface KeyFieldProps extends Pick<PartProps, 'a'> {
  field: RefObject<HTMLInputElement | null>;
  typed: Signal<string>;
  isWrong: boolean;
}

function KeyField({ a, field, typed, isWrong }: KeyFieldProps) {
  return (
    <div class="field">
      <label class="field-label" for="admin-key">
        {a.signIn.label}
      </label>
      <input
        id="admin-key"
        ref={field}
        type="password"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-describedby="admin-key-help"
        aria-invalid={isWrong}
        value={typed}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
        }}
      />
      <p class="note" id="admin-key-help">
        {a.signIn.help}
      </p>
    </div>
  );
}
