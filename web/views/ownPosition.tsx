import { useSignal } from '@preact/signals';
import type { Position } from '../../server/domain/station.ts';
import type { ViewTexts } from '../i18n/messages.ts';
import { Icon } from './icons.tsx';

/** How long a browser may look for the position, ms. */
const PATIENCE_MS = 15_000;

interface OwnPositionProps {
  t: Pick<ViewTexts, 'nearMeRefused' | 'nearMeUnavailable'>;
  label: string;
  /** Why there is no button: browsers give the position over HTTPS only. */
  needsHttps: string;
  options: PositionOptions;
  onPlace: (position: Position) => void;
}

/** A button that asks the browser where the reader is. */
export function OwnPosition({ t, label, needsHttps, options, onPlace }: OwnPositionProps) {
  const said = useSignal('');
  if (!isSecureContext || !navigator.geolocation) return <p class="note">{needsHttps}</p>;
  const locate = () => {
    said.value = '';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => onPlace({ lat: coords.latitude, lon: coords.longitude }),
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
        {label}
      </button>
      <p class="note" role="status">
        {said}
      </p>
    </div>
  );
}
