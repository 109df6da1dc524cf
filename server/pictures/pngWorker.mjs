// A thread of its own: drawing takes a tenth of a second, and a live server must not stand still for it. Plain JavaScript, so
// that it runs from here for the compiled server as for the sources.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const FAMILY = 'DejaVu Sans';
const fontBuffers = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  readFileSync(new URL(`./fonts/${name}`, import.meta.url)),
);
const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
await initWasm(readFileSync(wasm));

parentPort?.on('message', ({ id, svg, width }) => {
  try {
    parentPort?.postMessage({ id, png: draw(svg, width) });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});

/** The picture as PNG, `width` pixels wide. */
function draw(svg, width) {
  const drawing = new Resvg(svg, {
    font: { fontBuffers, defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
    fitTo: { mode: 'width', value: width },
  });
  const image = drawing.render();
  const png = image.asPng();
  image.free();
  drawing.free();
  return png;
}
