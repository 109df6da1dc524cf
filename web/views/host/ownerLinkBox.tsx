import type { HostContext } from '../../state/host/hosting.ts';
import { type OwnerLink, ownerUrl } from '../../state/host/ownerLink.ts';
import { CopyButton } from './copyButton.tsx';

interface OwnerLinkBoxProps {
  context: HostContext;
  link: OwnerLink;
  /** Name of the station. */
  name: string;
}

/** An owner link to keep: to copy or as a file. Nothing of it goes to the server. */
export function OwnerLinkBox({ context, link, name }: OwnerLinkBoxProps) {
  const { h } = context;
  const url = ownerUrl(location.origin, link);
  return (
    <div class="owner-link">
      <label class="field-label" for="owner-link-value">
        {h.linkHeading}
      </label>
      <input
        id="owner-link-value"
        type="text"
        readOnly
        value={url}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <div class="host-actions">
        <CopyButton context={context} value={url} name={h.linkHeading} />
        <button
          type="button"
          class="button"
          onClick={() => saveFile(`${h.linkFileName}-${fileName(name)}.txt`, h.linkFileText({ name, url }))}
        >
          {h.linkFile}
        </button>
      </div>
      <p class="note">
        {h.linkIntro} {h.linkOnce}
      </p>
    </div>
  );
}

/** Letters, digits and dashes only: what every file system takes. */
function fileName(name: string): string {
  return (
    name
      .normalize('NFD')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40)
      .toLowerCase() || 'station'
  );
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
