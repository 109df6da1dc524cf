import { OFFICIAL_SENSORS } from '../../server/domain/correction/referenceMeans.ts';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { hourlyRow, reportStation, startReportHouse } from '../support/reportHouse.ts';

/** Where the period asked about begins, epoch ms. */
export const START = Date.parse('2025-02-01T00:00:00+01:00');
/** The stations. */
export const IDS = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(10));
/** What is asked in most tests: February, PM10. */
export const QUESTION = { area: 'ehrenfeld', quantity: 'pm10', from: '2025-02-01', to: '2025-02-28', rule: 'eu' };
/** When it is asked, epoch ms. */
export const NOW = Date.UTC(2025, 2, 10, 12);

/** Four stations over February at 30 to 60; `extra` is added to the first one's first day. */
export async function startCitingHouse() {
  const change = { extra: 0, isUpToDate: true };
  const raw = {
    ...{ days: 0, sensor: OFFICIAL_SENSORS['1h'] as string, isMeasuring: (_stationId: string) => true },
    /** Days of single stations, where they have others. */
    daysOf: new Map<string, number>(),
  };
  const made = await startReportHouse({
    stations: IDS.map((id) => reportStation(id)),
    rollups: (list) => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        quantity === 'humidity' || window === 'day'
          ? []
          : stationIds.flatMap((id) =>
              list.station(id) === undefined
                ? []
                : Array.from({ length: 28 * 24 }, (_, hour) =>
                    hourlyRow(
                      id,
                      START + hour * HOUR_MS,
                      30 + 10 * IDS.indexOf(id) + (hour < 24 && id === IDS[0] ? change.extra : 0),
                    ),
                  ).filter(({ start }) => start >= from && start < to),
            ),
      upToDate: async () => change.isUpToDate,
      markDirty: async () => undefined,
    }),
    raw: async ({ sensor, stationId }) =>
      sensor !== raw.sensor || !raw.isMeasuring(stationId)
        ? []
        : Array.from(
            { length: (raw.daysOf.get(stationId) ?? raw.days) * (sensor === OFFICIAL_SENSORS['1h'] ? 24 : 1) },
            (_, at) => ({
              measuredAt: START + at * (sensor === OFFICIAL_SENSORS['1h'] ? HOUR_MS : DAY_MS),
              value: 20,
              flags: 0,
            }),
          ),
    now: NOW,
  });
  const cite = async (body: object = QUESTION) => made.send('POST', '/api/v1/citations', { body });
  const bundleOf = async (id: string) => (await made.send('GET', `/api/v1/citations/${id}/bundle.json`)).text;
  return { ...made, cite, bundleOf, change, raw };
}
