/** Colours of a map that are not a class: read from the style sheet, so that light, dark and print are decided there. */
export interface MapTheme {
  land: string;
  water: string;
  border: string;
  river: string;
  district: string;
  grid: string;
  placeText: string;
  /** Around land-coloured text, so that it stays readable on lines. */
  halo: string;
  /** Inside of markers without a class. */
  hollow: string;
  /** Outline and text of markers without a class. */
  muted: string;
  /** Outline that separates every class colour from the land. */
  outline: string;
  focus: string;
  /** Between focus ring and marker. */
  focusGap: string;
}

const PROPERTIES: Readonly<Record<keyof MapTheme, string>> = {
  land: '--map-land',
  water: '--map-water',
  border: '--map-border',
  river: '--map-river',
  district: '--map-district',
  grid: '--map-grid',
  placeText: '--map-place',
  halo: '--map-halo',
  hollow: '--map-hollow',
  muted: '--map-muted',
  outline: '--map-outline',
  focus: '--focus',
  focusGap: '--map-focus-gap',
};

/** Reads the colours in force on `element`. */
export function readMapTheme(element: Element): MapTheme {
  const style = getComputedStyle(element);
  const entries = Object.entries(PROPERTIES).map(([key, name]) => [key, style.getPropertyValue(name).trim()]);
  return Object.fromEntries(entries) as MapTheme;
}
