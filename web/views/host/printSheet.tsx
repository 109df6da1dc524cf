import type { DeviceInstructions } from '../../../server/domain/device/deviceInstructions.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { type OwnerLink, ownerUrl } from '../../state/host/ownerLink.ts';
import { lazily } from '../lazily.tsx';
import { DeviceInstructionsView } from './deviceInstructionsView.tsx';

const QrCode = lazily<{ text: string; label: string }>(() => import('./qrCode.tsx').then((module) => module.QrCode));

interface PrintSheetProps {
  context: HostContext;
  name: string;
  link: OwnerLink;
  instructions?: DeviceInstructions | undefined;
  contact: string;
}

/** One page for the host's papers, on paper only: what to type, the owner link as text and QR code, whom to ask. */
export function PrintSheet({ context, name, link, instructions, contact }: PrintSheetProps) {
  const { h } = context;
  const url = ownerUrl(location.origin, link);
  return (
    <section class="print-sheet">
      <h2>{h.sheetHeading(name)}</h2>
      {instructions && <DeviceInstructionsView context={context} instructions={instructions} isOnPaper />}
      <div class="print-link">
        <QrCode text={url} label={h.linkQr} />
        <div>
          <p>{h.sheetLink}</p>
          <p class="print-url">{url}</p>
        </div>
      </div>
      <p class="print-secret">{h.sheetSecret}</p>
      {contact && <p>{h.sheetContact(contact)}</p>}
    </section>
  );
}
