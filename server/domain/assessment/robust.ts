/** Statistics that one bad sensor cannot bend. All take finite numbers and return undefined for none. */

/** Makes the MAD of a normal distribution its standard deviation: 1 / (quantile 0.75 of the standard normal). */
export const MAD_TO_SIGMA = 1.4826;

/** Middle value; mean of the middle two for an even number. */
export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}

/**
 * Quantile `share` (0 to 1), linear between the neighbours: Hyndman and Fan's type 7, as DuckDB's `quantile_cont`, R
 * and NumPy have it.
 */
export function quantile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined;
  return sortedQuantile(new Float64Array(values).sort(), share);
}

/** `quantile` of the first `length` values, at least one, already in ascending order. */
export function sortedQuantile(ascending: ArrayLike<number>, share: number, length = ascending.length): number {
  const place = (length - 1) * share;
  const low = Math.floor(place);
  const [below, above] = [ascending[low]!, ascending[Math.min(low + 1, length - 1)]!];
  return below === above ? below : below + (above - below) * (place - low);
}

/**
 * `quantile` 0.5 of the first `length` values, at least one, which are put in another order: a third of the time that
 * sorting takes.
 */
export function medianOfScratch(values: Float64Array, length: number): number {
  const middle = (length - 1) >> 1;
  const below = selected(values, middle, length);
  if (length % 2 === 1) return below;
  let above = values[middle + 1]!;
  for (let at = middle + 2; at < length; at++) if (values[at]! < above) above = values[at]!;
  return below === above ? below : below + (above - below) * 0.5;
}

/** Hoare's selection: afterwards no value before `place` is larger, none after it smaller. */
function selected(values: Float64Array, place: number, length: number): number {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const moved = values[left]!;
      values[left++] = values[right]!;
      values[right--] = moved;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place]!;
}

/** Median of the distances from the median, raw: times `MAD_TO_SIGMA` it estimates the standard deviation. */
export function mad(values: readonly number[]): number | undefined {
  const middle = median(values);
  return middle === undefined ? undefined : median(values.map((value) => Math.abs(value - middle)));
}

/** Lower quartile, median, upper quartile. */
export function quartiles(values: readonly number[]): { lower: number; median: number; upper: number } | undefined {
  if (values.length === 0) return undefined;
  const ascending = Float64Array.from(values).sort();
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map((share) => sortedQuantile(ascending, share));
  return { lower: lower!, median: middle!, upper: upper! };
}

/** How many of `n` values may be arbitrarily wrong before their median can be. */
export function toleratedOutliers(n: number): number {
  return Math.max(0, Math.floor((n - 1) / 2));
}

/** Pearson's correlation of pairs, -1 to 1; undefined below three pairs or when one side does not vary. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | undefined {
  if (pairs.length < 3 || !varies(pairs, 0) || !varies(pairs, 1)) return undefined;
  const [meanX, meanY] = [0, 1].map((side) => pairs.reduce((sum, pair) => sum + pair[side]!, 0) / pairs.length) as [
    number,
    number,
  ];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  return xy / Math.sqrt(xx * yy);
}

/** Asked of the values, since the sum of squares of equal ones is not always 0. */
function varies(pairs: readonly (readonly [number, number])[], side: 0 | 1): boolean {
  return pairs.some((pair) => pair[side] !== pairs[0]![side]);
}
