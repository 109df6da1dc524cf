import { useComputed } from '@preact/signals';
import type { MapModel } from '../state/mapModel.ts';
import { figureInWords } from '../state/stationWords.ts';

/**
 * How many stations the map shows and their median. Follows the clock and every other layer or hour, not every message: it is
 * read, not watched.
 */
export function ViewSummary({ model }: { model: MapModel }) {
  const { t, format } = model.context;
  const layout = useComputed(() => model.store.version.value.layout);
  const text = useComputed(() => {
    void [layout.value, model.valueNow.value, model.loading.value, model.quantity.value, model.average.value];
    const { stations, valid, median } = figureInWords(model, model.stationsInView());
    if (stations === 0) return t.summaryNone;
    const count = (value: number) => format.number(value, 0);
    if (!median) return t.summaryFew({ stations: count(stations), valid: count(valid) });
    return t.summary({ valid: count(valid), invalid: count(stations - valid), median });
  });
  return model.loading.value === 'loading' ? null : <p class="view-summary">{text}</p>;
}
