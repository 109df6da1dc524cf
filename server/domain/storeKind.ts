/** Where readings can be kept: the setting `STORE`. */
export const STORE_KINDS = ['duckdb', 'influxdb'] as const;
/** One of `STORE_KINDS`. */
export type StoreKind = (typeof STORE_KINDS)[number];
