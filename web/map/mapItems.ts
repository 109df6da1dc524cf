import type { MapModel } from '../state/mapModel.ts';
import type { MapStation } from '../state/station.ts';
import { figureInWords, spokenLine } from '../state/stationWords.ts';
import { innerRadius, paintHexagons, traceHexagon } from './hexagonPainter.ts';
import { groupByCell, type H3, HEXAGONS_BELOW_ZOOM, type HexagonCell, resolutionAt } from './hexagons.ts';
import { nearest } from './hitTest.ts';
import { markerRadius, RING_PX } from './marker.ts';
import { middleOf, nearestCopy, toCanvas, type Viewport } from './mercator.ts';
import type { Box } from './nameLayout.ts';
import { RememberedCells } from './rememberedCells.ts';
import { Sprites } from './sprites.ts';
import { paintStations, type StationLook, type Surface } from './stationPainter.ts';

/** What can be pointed at on the map. */
export type MapItem = { kind: 'station'; station: MapStation } | { kind: 'hexagon'; cell: HexagonCell };

/** An item with its place on the canvas. */
export interface PlacedItem {
  item: MapItem;
  id: string;
  x: number;
  y: number;
}

/** How far beside a marker a finger still hits it, CSS pixels. */
const SLACK_PX = 8;

/** Half of what the number in a hexagon takes, CSS pixels. */
const HEXAGON_TEXT_PX = 16;

/** What lies on the map: stations, or hexagons when zoomed out. Paints, finds and names them; knows nothing of Leaflet. */
export class MapItems {
  readonly #model: MapModel;
  readonly #loadH3: () => Promise<H3>;
  readonly #onReady: () => void;
  readonly #sprites = new Sprites();
  #remembered: RememberedCells | undefined;
  #isLoading = false;
  #cells: HexagonCell[] = [];
  #cellsOf = '';

  constructor(model: MapModel, options: { loadH3: () => Promise<H3>; onReady: () => void }) {
    this.#model = model;
    this.#loadH3 = options.loadH3;
    this.#onReady = options.onReady;
  }

  /** Forgets painted markers: the theme changed. */
  repaint(): void {
    this.#sprites.clear();
  }

  paint(surface: Surface): void {
    if (surface.viewport.zoom < HEXAGONS_BELOW_ZOOM)
      paintHexagons(surface, this.#hexagons(surface.viewport), this.#look());
    else paintStations(surface, this.#model.store.stations, this.#sprites, this.#look());
  }

  /** Paints an item that has the keyboard's focus or is chosen: on top of all others, with a ring around. */
  paintMarked(surface: Surface, item: MapItem): void {
    const { ctx, viewport, theme } = surface;
    if (item.kind === 'hexagon') traceHexagon(ctx, item.cell, viewport);
    else {
      paintStations(surface, [item.station], this.#sprites, this.#look());
      const [x, y] = toCanvas(viewport, nearestCopy(item.station.x, middleOf(viewport)), item.station.y);
      ctx.beginPath();
      ctx.arc(x, y, markerRadius(viewport.zoom) + RING_PX + 1.5, 0, 2 * Math.PI);
    }
    for (const [width, colour] of [
      [6, theme.focusGap],
      [3, theme.focus],
    ] as const) {
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
  }

  /** The item under a canvas point. */
  at(viewport: Viewport, point: { x: number; y: number }): MapItem | undefined {
    const reach = viewport.zoom < HEXAGONS_BELOW_ZOOM ? 40 : markerRadius(viewport.zoom) + SLACK_PX;
    return nearest(this.inView(viewport), point, reach)?.item;
  }

  /** Everything on the canvas. */
  inView(viewport: Viewport): PlacedItem[] {
    const placed: PlacedItem[] = [];
    const middle = middleOf(viewport);
    const put = (item: MapItem, id: string, place: { x: number; y: number }) => {
      const [x, y] = toCanvas(viewport, nearestCopy(place.x, middle), place.y);
      if (x >= 0 && y >= 0 && x <= viewport.width && y <= viewport.height) placed.push({ item, id, x, y });
    };
    if (viewport.zoom < HEXAGONS_BELOW_ZOOM) {
      for (const cell of this.#hexagons(viewport)) put({ kind: 'hexagon', cell }, cell.id, cell);
    } else {
      for (const station of this.#model.store.stations) put({ kind: 'station', station }, station.id, station);
    }
    return placed;
  }

  /** What names must not cover: markers as a whole, of hexagons the number. */
  boxes(viewport: Viewport): Box[] {
    const ofMarker = markerRadius(viewport.zoom) + RING_PX;
    return this.inView(viewport).map(({ item, x, y }) => {
      const half = item.kind === 'station' ? ofMarker : Math.min(HEXAGON_TEXT_PX, innerRadius(item.cell, viewport));
      return { left: x - half, right: x + half, top: y - half, bottom: y + half };
    });
  }

  /** The item as a sentence. */
  name(item: MapItem): string {
    if (item.kind === 'station') return spokenLine(this.#model, item.station);
    const { t } = this.#model.context;
    const figure = figureInWords(this.#model, item.cell.stations);
    return figure.median ? t.hexagon({ median: figure.median, count: figure.valid }) : t.hexagonFew(figure.valid);
  }

  #look(): StationLook {
    const model = this.#model;
    return {
      quantity: model.quantity.peek(),
      average: model.average.peek(),
      scaleId: model.scale.peek(),
      format: model.context.format,
      now: model.valueNow.peek(),
    };
  }

  #hexagons(viewport: Viewport): readonly HexagonCell[] {
    if (!this.#remembered) {
      this.#load();
      return [];
    }
    const resolution = resolutionAt(viewport.zoom);
    const { layout } = this.#model.store.version.peek();
    const key = `${resolution} ${layout}`;
    if (key !== this.#cellsOf) {
      const { stations } = this.#model.store;
      this.#cells = groupByCell(stations, resolution, this.#remembered);
      this.#cellsOf = key;
      this.#remembered.prepareFiner(stations, resolution);
    }
    return this.#cells;
  }

  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    this.#loadH3().then(
      (h3) => {
        this.#remembered = new RememberedCells(h3);
        this.#onReady();
      },
      () => {
        // The network failed; the next paint tries again.
        this.#isLoading = false;
      },
    );
  }
}
