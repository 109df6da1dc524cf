import type { HostContext } from '../state/host/hosting.ts';
import type { OwnerLink } from '../state/host/ownerLink.ts';

/** What "my station" is given: the page's context and whose station it is. */
export interface MyStationProps {
  context: HostContext;
  link: OwnerLink;
}

/** After joining: one's own station, looked after. */
export function MyStation({ context }: MyStationProps) {
  return (
    <div class="host">
      <h1>{context.t.hostHeading}</h1>
    </div>
  );
}
