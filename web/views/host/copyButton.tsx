import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HostTexts } from '../../i18n/host/hostTexts.ts';

/** How long "Copied" stands, ms. */
const SAID_MS = 4_000;

interface CopyButtonProps {
  /** The words it needs. */
  context: { h: Pick<HostTexts, 'copy' | 'copied' | 'copyFailed' | 'copyOf'> };
  value: string;
  name: string;
}

/** Copies a value and says so. Works over plain HTTP too, where browsers keep the clipboard from scripts. */
export function CopyButton({ context, value, name }: CopyButtonProps) {
  const { h } = context;
  const said = useSignal('');
  useEffect(() => {
    if (said.value === '') return undefined;
    const timer = setTimeout(() => {
      said.value = '';
    }, SAID_MS);
    return () => clearTimeout(timer);
  }, [said, said.value]);
  const copy = async () => {
    said.value = (await copyText(value)) ? h.copied : h.copyFailed;
  };
  return (
    <span class="copy">
      <button type="button" class="button" aria-label={h.copyOf(name)} onClick={() => void copy()}>
        {said.value === h.copied ? h.copied : h.copy}
      </button>
      <span class={said.value === h.copyFailed ? 'copy-failed' : 'visually-hidden'} role="status">
        {said}
      </span>
    </span>
  );
}

/** Puts text into the clipboard; false when the browser refuses both ways. */
async function copyText(text: string): Promise<boolean> {
  if (isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) {
      console.warn('The clipboard was refused, trying the older way', error);
    }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  // Deprecated, and the only way on pages without HTTPS, as in most home networks.
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
