import type { DomUtil, GridLayer, Layer } from 'leaflet';
import { labelRules, leafletLayer, paintRules } from 'protomaps-leaflet';
import { fileFlavor } from './fileFlavor.ts';

/** What a layer of the operator's map file needs. */
export interface FileLayerOptions {
  url: string;
  maxZoom: number;
  language: string;
  isDark: boolean;
  /** What `protomaps-leaflet` takes from a global `L`; given here so that the rest of Leaflet is not. */
  leaflet: { GridLayer: typeof GridLayer; DomUtil: typeof DomUtil };
}

/** Vector tiles of the operator's PMTiles file. Without a ground colour of its own: where it has nothing the backdrop shows. */
export function createFileLayer({ url, maxZoom, language, isDark, leaflet }: FileLayerOptions): Layer {
  Object.assign(globalThis, { L: leaflet });
  const flavor = fileFlavor(isDark);
  return leafletLayer({
    url,
    maxDataZoom: maxZoom,
    paintRules: paintRules(flavor),
    labelRules: labelRules(flavor, language),
    attribution: '',
    // Above our backdrop: Leaflet's style sheet gives every canvas of the map 100.
    zIndex: 200,
  }) as unknown as Layer;
}
