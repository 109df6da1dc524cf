/** Where two JSON values differ first, in order of keys; undefined when they say the same. */
export interface Difference {
  /** `figure.ledger.above`, `days[12].value`. */
  path: string;
  stated: unknown;
  computed: unknown;
}

/** Compares what a bundle states with what follows from its rows. */
export function firstDifference(stated: unknown, computed: unknown, path: string): Difference | undefined {
  if (Object.is(stated, computed)) return undefined;
  if (!isContainer(stated) || !isContainer(computed) || Array.isArray(stated) !== Array.isArray(computed)) {
    return { path, stated, computed };
  }
  const keys = [...new Set([...Object.keys(stated), ...Object.keys(computed)])];
  for (const key of Array.isArray(stated) ? keys : keys.sort()) {
    const place = Array.isArray(stated) ? `${path}[${key}]` : `${path}.${key}`;
    const found = firstDifference(stated[key], computed[key], place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
