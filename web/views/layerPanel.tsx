import { useSignal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { isScaleDefined, type MapModel } from '../state/mapModel.ts';
import { MAP_QUANTITIES, MAP_SCALES } from '../state/urlState.ts';
import { Choice } from './choice.tsx';
import { DayNotices } from './dayNotices.tsx';
import { HourSlider } from './hourSlider.tsx';
import { Icon } from './icons.tsx';
import { Legend } from './legend.tsx';
import { canLocate } from './ownPosition.tsx';
import { SymbolKey } from './symbolKey.tsx';
import { ViewSummary } from './viewSummary.tsx';

/** What is shown, in words; the scale; and everything to choose. Folds to words and scale on a phone. */
export function LayerPanel({ model }: { model: MapModel }) {
  const isOpen = useSignal(false);
  const { t } = model.context;
  return (
    <section class={`layer-panel ${isOpen.value ? 'is-open' : ''}`} aria-labelledby="layer-heading">
      <div class="layer-head">
        <h1 id="layer-heading">{model.chosenHour.value === undefined ? t.mapHeading : t.mapHeadingPast}</h1>
        <LayerSentence model={model} />
      </div>
      <DayNotices model={model} />
      <button
        type="button"
        class="layer-toggle"
        aria-expanded={isOpen.value}
        aria-controls="layer-more"
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <span>{isOpen.value ? t.hideLayer : t.changeLayer}</span>
        <Icon name={isOpen.value ? 'down' : 'up'} />
      </button>
      <div class="layer-more" id="layer-more">
        <LayerChoices model={model} />
      </div>
      {/* Folded away on a phone, but not while it says that a past hour is shown. */}
      <div class={model.chosenHour.value === undefined ? 'layer-more' : ''}>
        <HourSlider model={model} />
      </div>
      <Legend model={model} />
      <p class="only-particulates">{t.onlyParticulates}</p>
      <div class="layer-more">
        <ViewSummary model={model} />
        {model.view.value === 'map' && !canLocate() && <p class="note">{t.nearMeNeedsHttps}</p>}
        <SymbolKey model={model} />
      </div>
    </section>
  );
}

/** What the numbers are: averaging, quantity, coverage. */
function LayerSentence({ model }: { model: MapModel }) {
  const { t, nameOf } = model.context;
  return <p class="layer-sentence">{layerSentence(model, t, nameOf(model.quantity.value))}</p>;
}

/** The layer as one sentence. */
export function layerSentence(
  model: MapModel,
  t = model.context.t,
  quantity = model.context.nameOf(model.quantity.value),
) {
  const average = model.average.value;
  const hour = model.hour.value;
  if (hour !== undefined) return t.hourSentence({ quantity, ...hourWords(model, hour) });
  return average === 'latest' ? t.latestSentence(quantity) : t.layerSentence({ average: t.average[average], quantity });
}

/** Day and hour of a clock hour by its end. */
function hourWords({ context: { format } }: MapModel, end: number) {
  const start = end - HOUR_MS;
  return { day: format.day(start), from: format.time(start), to: format.time(end) };
}

/** Quantity, period and scale. */
export function LayerChoices({ model }: { model: MapModel }) {
  const { t, nameOf } = model.context;
  return (
    <div class="layer-choices">
      <Choice
        name="quantity"
        label={t.quantityLabel}
        options={MAP_QUANTITIES.map((value) => ({ value, label: nameOf(value) }))}
        value={model.quantity.value}
        onChoose={(quantity) => model.chooseQuantity(quantity)}
      />
      <AverageChoice model={model} />
      <Choice
        name="scale"
        label={t.scaleLabel}
        options={MAP_SCALES.map((value) => ({ value, label: t.scaleShort[value] }))}
        value={model.scale.value}
        onChoose={(scale) => model.chooseScale(scale)}
      />
      {model.quantity.value === 'pm10' && <p class="note">{t.pm10Note}</p>}
    </div>
  );
}

/** Snapshots appear only after an extra switch: they invite to read too much into one number. */
function AverageChoice({ model }: { model: MapModel }) {
  const { t } = model.context;
  const average = model.average.value;
  const hasSnapshots = model.hasSnapshots.value;
  const offered: Average[] = hasSnapshots ? ['1h', '24h', 'latest'] : ['1h', '24h'];
  return (
    <div>
      <Choice
        name="average"
        label={t.averageLabel}
        options={offered.map((value) => ({
          value,
          label: value === '1h' && model.hour.value !== undefined ? t.clockHour : t.averageShort[value],
          disabledBecause: isScaleDefined(model.scale.value, value) ? undefined : t.scaleNeedsHour,
        }))}
        value={average}
        onChoose={(value) => model.chooseAverage(value)}
      />
      <label class="check">
        <input type="checkbox" checked={hasSnapshots} onChange={() => model.offerSnapshots(!hasSnapshots)} />
        <span>{t.expertSwitch}</span>
      </label>
      {average === 'latest' && <p class="note">{t.latestNote}</p>}
    </div>
  );
}
