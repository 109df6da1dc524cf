/** Something with a place on the canvas. */
interface Placed {
  x: number;
  y: number;
}

/** The item nearest to a point within `reachPx`; of equally near ones the last, which is painted on top. */
export function nearest<T extends Placed>(items: readonly T[], point: Placed, reachPx: number): T | undefined {
  let best: T | undefined;
  let bestDistance = reachPx;
  for (const item of items) {
    const distance = Math.hypot(item.x - point.x, item.y - point.y);
    if (distance > bestDistance) continue;
    best = item;
    bestDistance = distance;
  }
  return best;
}

/** Directions of the arrow keys, as unit vectors in canvas coordinates. */
export const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The next item in the direction of an arrow key: least distance along the arrow plus twice the distance beside it, among
 * those within 60° of it. Undefined when there is none.
 */
export function nextInDirection<T extends Placed>(items: readonly T[], from: Placed, arrow: string): T | undefined {
  const direction = ARROWS[arrow];
  if (!direction) return undefined;
  let best: T | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const dx = item.x - from.x;
    const dy = item.y - from.y;
    const along = dx * direction[0] + dy * direction[1];
    const beside = Math.abs(dx * direction[1] - dy * direction[0]);
    if (along <= 0 || beside > along * Math.sqrt(3)) continue;
    const cost = along + 2 * beside;
    if (cost >= bestCost) continue;
    best = item;
    bestCost = cost;
  }
  return best;
}
