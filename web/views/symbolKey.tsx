import { useEffect, useRef } from 'preact/hooks';
import { bandsOf } from '../../server/domain/airQuality.ts';
import { readMapTheme } from '../map/mapTheme.ts';
import { type MarkerLook, paintMarker } from '../map/marker.ts';
import type { MapModel } from '../state/mapModel.ts';

type Symbol = Exclude<keyof MapModel['context']['t']['symbol'], 'hexagon'>;

const LOOKS: Readonly<Record<Symbol, MarkerLook>> = {
  ring: { appearance: 'ok', shape: 'circle', text: '12', freshness: 8 },
  sparse: { appearance: 'sparse', shape: 'circle', text: '~12', freshness: 0 },
  doubtful: { appearance: 'doubtful', shape: 'circle', text: '12?', freshness: 0 },
  stale: { appearance: 'stale', shape: 'circle', text: '12', freshness: 0 },
  none: { appearance: 'none', shape: 'circle', text: '–', freshness: 0 },
  reference: { appearance: 'ok', shape: 'square', text: '12', freshness: 0 },
  indoor: { appearance: 'ok', shape: 'house', text: '12', freshness: 0 },
};
const SYMBOLS = Object.keys(LOOKS) as Symbol[];
const SIDE_PX = 40;

/** The meaning of every kind of marker, each drawn by the code that draws the map. */
export function SymbolKey({ model }: { model: MapModel }) {
  const { t } = model.context;
  return (
    <details class="symbol-key">
      <summary>{t.symbols}</summary>
      <ul>
        {SYMBOLS.map((symbol) => (
          <li key={symbol}>
            <MarkerSample model={model} look={LOOKS[symbol]} />
            <span>{t.symbol[symbol]}</span>
          </li>
        ))}
      </ul>
      <p class="note">
        {t.symbol.hexagon}. {t.noHealthAdvice}
      </p>
    </details>
  );
}

function MarkerSample({ model, look }: { model: MapModel; look: MarkerLook }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = model.context.theme.inForce.value;
  const band = bandsOf(model.scale.value, model.quantity.value)[2];
  useEffect(() => {
    const ctx = canvas.current?.getContext('2d');
    if (!canvas.current || !ctx) return;
    const ratio = devicePixelRatio;
    canvas.current.width = SIDE_PX * ratio;
    canvas.current.height = SIDE_PX * ratio;
    ctx.setTransform(ratio, 0, 0, ratio, (SIDE_PX * ratio) / 2, (SIDE_PX * ratio) / 2);
    const colours = look.appearance === 'ok' && band ? { fill: band.colour, textColour: band.textColour } : {};
    paintMarker(ctx, { ...look, ...colours }, 14, readMapTheme(canvas.current));
  }, [look, band, theme]);
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: this canvas cannot take focus
  return <canvas ref={canvas} class="marker-sample" aria-hidden="true" />;
}
