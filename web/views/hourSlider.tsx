import { useRef } from 'preact/hooks';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { MapModel } from '../state/mapModel.ts';

/** How far back the slider goes, hours. */
const HOURS_BACK = 72;

/** Goes back hour by hour through the last three days; its right end is now. */
export function HourSlider({ model }: { model: MapModel }) {
  const { t, format } = model.context;
  const slider = useRef<HTMLInputElement>(null);
  const last = model.hourEndBefore(model.now.value);
  const chosen = model.chosenHour.value;
  const isOfClasses = model.hour.value !== undefined;
  const place = chosen === undefined ? HOURS_BACK + 1 : HOURS_BACK - Math.round((last - chosen) / HOUR_MS);
  const choose = (to: number) => {
    const isNow = to > HOURS_BACK;
    model.chooseHour(isNow ? undefined : last - (HOURS_BACK - Math.max(0, to)) * HOUR_MS);
  };
  const toNow = () => {
    model.chooseHour(undefined);
    // The button has nothing left to do and would take the focus with it.
    slider.current?.focus();
  };
  const said =
    chosen === undefined
      ? isOfClasses
        ? t.hourLast
        : t.hourNow
      : t.hourChosen({
          day: format.day(chosen - HOUR_MS),
          from: format.time(chosen - HOUR_MS),
          to: format.time(chosen),
        });
  return (
    <div class="hour-slider">
      <label class="field-label" for="hour-slider">
        {t.hourLabel}
      </label>
      <div class="hour-row">
        <input
          ref={slider}
          id="hour-slider"
          type="range"
          min={0}
          max={HOURS_BACK + 1}
          step={1}
          value={Math.max(0, place)}
          aria-valuetext={said}
          onInput={(event) => choose(Number(event.currentTarget.value))}
        />
        <button type="button" class="button" disabled={chosen === undefined} onClick={toNow}>
          {t.hourToNow}
        </button>
      </div>
      <p class="hour-said">{said}</p>
    </div>
  );
}
