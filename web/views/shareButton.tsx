import { useSignal } from '@preact/signals';
import type { PageContext } from '../state/pageContext.ts';
import { Icon } from './icons.tsx';

/** Shares a link by the device's own means where it has them, else copies it. Says how it went. */
export function ShareButton({ context, path, title }: { context: PageContext; path: string; title: string }) {
  const { t } = context;
  const said = useSignal('');
  const share = async () => {
    const url = new URL(path, location.href).href;
    try {
      if (navigator.share) await navigator.share({ title, url });
      else {
        await navigator.clipboard.writeText(url);
        said.value = t.shared;
      }
    } catch (error) {
      // The reader closed the share dialogue: nothing went wrong. Anything else, also a missing clipboard over HTTP, did.
      if (!(error instanceof DOMException && error.name === 'AbortError')) said.value = t.shareFailed;
    }
  };
  return (
    <>
      <button type="button" class="button" onClick={() => void share()}>
        <Icon name="link" />
        {t.share}
      </button>
      <span class="share-said" role="status">
        {said}
      </span>
    </>
  );
}
