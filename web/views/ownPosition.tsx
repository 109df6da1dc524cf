import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Position } from '../../server/domain/station.ts';
import type { ViewTexts } from '../i18n/messages.ts';
import { Icon } from './icons.tsx';

/** How long a browser may look for the position, ms. */
const PATIENCE_MS = 15_000;

/** Browsers give the position over HTTPS only. */
export function canLocate(): boolean {
  return isSecureContext && navigator.geolocation !== undefined;
}

interface OwnPositionProps {
  t: Pick<ViewTexts, 'nearMeRefused' | 'nearMeUnavailable'>;
  label: string;
  options: PositionOptions;
  onPlace: (position: Position) => void;
  /** Words about the position, beside the button until the reader's next step. */
  describe?: (position: Position) => string;
}

/** A button that asks the browser where the reader is; only where it would tell (`canLocate`). */
export function OwnPosition({ t, label, options, onPlace, describe }: OwnPositionProps) {
  const said = useSignal('');
  useEffect(() => {
    if (!describe) return undefined;
    const forget = () => {
      said.value = '';
    };
    for (const event of ['pointerdown', 'keydown']) document.addEventListener(event, forget);
    return () => {
      for (const event of ['pointerdown', 'keydown']) document.removeEventListener(event, forget);
    };
  }, [describe !== undefined, said]);
  const locate = () => {
    said.value = '';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const position = { lat: coords.latitude, lon: coords.longitude };
        onPlace(position);
        said.value = describe?.(position) ?? '';
      },
      ({ code, PERMISSION_DENIED }) => {
        said.value = code === PERMISSION_DENIED ? t.nearMeRefused : t.nearMeUnavailable;
      },
      { timeout: PATIENCE_MS, ...options },
    );
  };
  return (
    <div class="own-position">
      <button type="button" class="button" onClick={locate}>
        <Icon name="locate" />
        <span class="button-label">{label}</span>
      </button>
      <p class="note" role="status">
        {said}
      </p>
    </div>
  );
}
