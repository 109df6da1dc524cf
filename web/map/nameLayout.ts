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
 * a name less is better than one that hides a value or is hidden by one.
 */
export function placeName({ width, at: [x, y], isInside }: NameRequest, taken: Box[]): [number, number] | undefined {
  for (const [aside, down] of OFFSETS) {
    const box = boxAround(x + aside, y + down, width);
    if (taken.some((other) => isOverlapping(box, other)) || !isInside(x + aside, y + down)) continue;
    taken.push(box);
    return [x + aside, y + down];
  }
  return undefined;
}

function boxAround(x: number, y: number, width: number): Box {
  const half = width / 2 + MARGIN;
  return { left: x - half, right: x + half, top: y - HALF_HEIGHT, bottom: y + HALF_HEIGHT };
}

function isOverlapping(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
