import type { Viewport } from './mercator.ts';
import type { Box } from './nameLayout.ts';

/** Share of the map's size a canvas reaches beyond each edge, so that dragging needs no repaint until the drag ends. */
export const PADDING = 0.2;

/** What of a canvas is seen while its map is at rest: canvas coordinates. */
export function seenOf({ width, height }: Viewport): Box {
  const share = PADDING / (1 + 2 * PADDING);
  const [aside, above] = [width * share, height * share];
  return { left: aside, right: width - aside, top: above, bottom: height - above };
}
