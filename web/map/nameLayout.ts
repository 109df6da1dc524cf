/** A rectangle on the canvas, CSS pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A name that looks for its place. */
export interface NameRequest {
  /** Of the written name, CSS pixels. */
  width: number;
  /** Where it would stand best: the middle of what it names. */
  at: readonly [x: number, y: number];
  /** Whether a point belongs to what is named: a name outside would name the neighbour. */
  isInside(x: number, y: number): boolean;
  /** The part of the canvas that is seen: no name is cut by its edge. */
  seen: Box;
}

const HALF_HEIGHT = 9;
const MARGIN = 4;
const STEPS_DOWN = [0, 14, -14, 28, -28, 42, -42, 56, -56, 72, -72, 90, -90];
const STEPS_ASIDE = [0, 22, -22, 44, -44];
/** Ways aside, the nearest first. */
const OFFSETS = STEPS_DOWN.flatMap((down) => STEPS_ASIDE.map((aside) => [aside, down] as const)).sort(
  ([x, y], [otherX, otherY]) => Math.hypot(x, y) - Math.hypot(otherX, otherY),
);

/**
 * Where a name can be read without covering anything in `taken`, which its box then joins; undefined where all is full:
 * a name less is better than one that hides a value, is hidden by one or is cut by the edge.
 */
export function placeName(
  { width, at: [x, y], isInside, seen }: NameRequest,
  taken: Box[],
): [number, number] | undefined {
  const middle = isOverlapping(boxAround(x, y, 0), seen) ? awayFromEdges(x, width, seen) : x;
  for (const [aside, down] of OFFSETS) {
    const box = boxAround(middle + aside, y + down, width);
    if (isCut(box, seen) || taken.some((other) => isOverlapping(box, other))) continue;
    if (!isInside(middle + aside, y + down)) continue;
    taken.push(box);
    return [middle + aside, y + down];
  }
  return undefined;
}

/** The middle nearest to `x` at which a name of this width is seen whole; of one too wide, its own. */
function awayFromEdges(x: number, width: number, seen: Box): number {
  const half = width / 2 + MARGIN;
  if (seen.right - seen.left < 2 * half) return x;
  return Math.min(Math.max(x, seen.left + half), seen.right - half);
}

/** Partly seen; what lies beyond the edge altogether is there for whoever drags the map. */
function isCut(box: Box, seen: Box): boolean {
  const isWhole = box.left >= seen.left && box.right <= seen.right && box.top >= seen.top && box.bottom <= seen.bottom;
  return !isWhole && isOverlapping(box, seen);
}

function boxAround(x: number, y: number, width: number): Box {
  const half = width / 2 + MARGIN;
  return { left: x - half, right: x + half, top: y - HALF_HEIGHT, bottom: y + HALF_HEIGHT };
}

function isOverlapping(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
