import { MINUTE_MS } from '../../server/domain/durations.ts';
import type { MapModel } from '../state/mapModel.ts';
import { OwnPosition } from './ownPosition.tsx';

const NEAR_ZOOM = 14;

/** Moves the map to the reader. */
export function NearMe({ model }: { model: MapModel }) {
  const { t } = model.context;
  return (
    <OwnPosition
      t={t}
      label={t.nearMe}
      needsHttps={t.nearMeNeedsHttps}
      options={{ maximumAge: MINUTE_MS }}
      onPlace={(position) => {
        model.flyTo.value = { ...position, zoom: NEAR_ZOOM };
      }}
    />
  );
}
