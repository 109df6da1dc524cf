import '../styles/station.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { MapState } from '../../server/domain/contract.ts';
import { bindAddressBar } from '../state/addressBar.ts';
import { loadJson } from '../state/loadJson.ts';
import { MapModel } from '../state/mapModel.ts';
import { boxAround } from '../state/neighbours.ts';
import { readPageContext } from '../state/pageContext.ts';
import { fetchThisPage, isBehind, renewOnceUpToDate } from '../state/renewing.ts';
import { StationHistory } from '../state/stationHistory.ts';
import { parseUrlState } from '../state/urlState.ts';
import { loadChart } from '../views/chartSlot.tsx';
import { StationPage, type StationStart } from '../views/stationPage.tsx';
import { whenIdle } from '../whenIdle.ts';
import { openLiveSocket } from './liveSocket.ts';
import { fill } from './slots.ts';
import { showThemeSwitch } from './themeSlot.tsx';

/** The server's page stays up this long at most while the live one is prepared, ms. */
const PATIENCE_MS = 4_000;

const context = readPageContext(window);
showThemeSwitch(context);
const startText = document.getElementById('station')?.textContent;
if (startText) void showStation(JSON.parse(startText) as StationStart);

/** Replaces the server's page by the live one in a single step, once there is as much to see. */
async function showStation(start: StationStart): Promise<void> {
  const model = new MapModel(context, parseUrlState(location.search, location.hash), {
    createSocket: openLiveSocket,
    fetchMap: (url) => loadJson(url) as Promise<MapState>,
    now: () => Date.now(),
    box: boxAround(start),
  });
  const history = new StationHistory(start.id, { now: model.now, load: loadJson });
  model.start();
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([Promise.all([history.open(model.quantity.peek()), model.whenReady(), loadChart()]), patience]);
  bindAddressBar(model, window);
  const part = (id: string) => document.getElementById(id) ?? undefined;
  const kept = { days: part('days'), indices: part('indices') };
  const isKeptBehind = signal(isBehind(document));
  if (isKeptBehind.peek()) {
    renewOnceUpToDate({ document, fetchPage: fetchThisPage }, '#days, #indices', () => {
      isKeptBehind.value = false;
    });
  }
  const page = { model, history, start, kept, isKeptBehind };
  render(<StationPage {...page} />, fill('app'));
  whenIdle(() => void model.live.start());
}
