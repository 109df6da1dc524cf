/**
 * Names under which stores keep the numbers a device reports about itself, with their field of `DeviceHealth`. DuckDB has
 * them as columns in this order: append only.
 */
export const HEALTH_COLUMNS = [
  ['signal', 'signal'],
  ['samples', 'samples'],
  ['min_micro', 'minMicro'],
  ['max_micro', 'maxMicro'],
  ['interval_ms', 'interval'],
] as const;
