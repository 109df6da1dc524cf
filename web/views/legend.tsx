import { type Band, bandsOf, scales, scaleTitle } from '../../server/domain/airQuality.ts';
import { UNITS } from '../../server/domain/quantity.ts';
import type { MapModel } from '../state/mapModel.ts';
import { bandName } from '../state/stationWords.ts';

/** The classes in force: a strip with its bounds for concentrations, a list with words for an index. */
export function Legend({ model }: { model: MapModel }) {
  const { t, language } = model.context;
  const scaleId = model.scale.value;
  const quantity = model.quantity.value;
  const bands = bandsOf(scaleId, quantity);
  const unit = UNITS[quantity];
  if (scaleId === 'neutral')
    return (
      <Strip
        bands={bands}
        label={`${t.legend}: ${model.context.nameOf(quantity)}, ${unit}`}
        unit={unit}
        names={bands.map((band) => bandName(band, language, unit))}
      />
    );
  const { unconfirmed, rounding } = scales[scaleId];
  const isWhole = rounding[quantity]?.places === 0;
  return (
    <div class="legend">
      <h2 class="legend-title">{`${scaleTitle(scaleId, quantity)[language]} (${unit})`}</h2>
      <ul class="legend-list">
        {bands.map((band) => (
          <li key={band.rank}>
            <Swatch band={band} />
            <span>{band.names[language]}</span>
            <span class="legend-range">{rangeOf(band, isWhole)}</span>
          </li>
        ))}
      </ul>
      <p class="note">
        {t.lqiNote}
        {unconfirmed && ` (${unconfirmed[language]})`}
      </p>
    </div>
  );
}

interface StripProps {
  bands: readonly Band[];
  label: string;
  unit: string;
  names: string[];
}

/** Colours side by side with the bounds between them; screen readers get the ranges as a list. */
function Strip({ bands, label, unit, names }: StripProps) {
  return (
    <div class="legend">
      <ul class="visually-hidden" aria-label={label}>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <div class="legend-strip" aria-hidden="true">
        {bands.map((band) => (
          <span key={band.rank} class="legend-step">
            <Swatch band={band} />
            <span class="legend-bound">{band.to ?? unit}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

/** A patch in the class colour. */
export function Swatch({ band }: { band: Band }) {
  return <span class="swatch" style={{ backgroundColor: band.colour }} aria-hidden="true" />;
}

/** Bounds as the publisher prints them: `6–15` where values are rounded to whole numbers before they are judged. */
function rangeOf({ from, to }: Band, isWhole: boolean): string {
  if (to === null) return `> ${from}`;
  if (!from) return `0–${to}`;
  return isWhole ? `${from + 1}–${to}` : `> ${from}–${to}`;
}
