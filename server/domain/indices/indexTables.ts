import { EAQI_2017, EAQI_2024, EAQI_CLASSIC, LQI_2025, LQI_OLD } from './europeanIndices.ts';
import { CAQI, UK_DAQI, US_AQI_2024 } from './furtherIndices.ts';
import type { IndexTable } from './indexTable.ts';

/** All indices, those in force and offered by default first. */
export const INDICES: readonly IndexTable[] = [
  LQI_2025,
  EAQI_2024,
  US_AQI_2024,
  UK_DAQI,
  LQI_OLD,
  EAQI_CLASSIC,
  EAQI_2017,
  CAQI,
];
