import { useSignal } from '@preact/signals';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import type { MapModel } from '../state/mapModel.ts';
import { Icon } from './icons.tsx';

const NEAR_ZOOM = 14;

/** Moves the map to the reader. Browsers give the place over HTTPS only: without it the reason stands here instead. */
export function NearMe({ model }: { model: MapModel }) {
  const { t } = model.context;
  const problem = useSignal('');
  if (!isSecureContext || !navigator.geolocation) return <p class="note">{t.nearMeNeedsHttps}</p>;
  const locate = () => {
    problem.value = '';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        model.flyTo.value = { lat: coords.latitude, lon: coords.longitude, zoom: NEAR_ZOOM };
      },
      ({ code, PERMISSION_DENIED }) => {
        problem.value = code === PERMISSION_DENIED ? t.nearMeRefused : t.nearMeUnavailable;
      },
      { maximumAge: MINUTE_MS, timeout: 15_000 },
    );
  };
  return (
    <div class="near-me">
      <button type="button" class="button" onClick={locate}>
        <Icon name="locate" />
        {t.nearMe}
      </button>
      <p class="note" role="status">
        {problem}
      </p>
    </div>
  );
}
