import type { HostContext } from '../../state/host/hosting.ts';
import { LinkField } from './linkField.tsx';

/** Joining: everything from naming the place to the first value. */
export function JoinPage({ context }: { context: HostContext }) {
  const { t, h } = context;
  return (
    <div class="host">
      <h1>{t.hostHeading}</h1>
      <p>{h.intro}</p>
      <LinkField context={context} />
    </div>
  );
}
