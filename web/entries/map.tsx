import '../styles/base.css';
import { render } from 'preact';
import { MapModel } from '../state/mapModel.ts';
import { readPageContext } from '../state/pageContext.ts';
import { parseUrlState } from '../state/urlState.ts';
import { StationMap } from '../stationMap.tsx';

const model = new MapModel(readPageContext(document), parseUrlState(location.search, location.hash), {
  createSocket: async () => (await import('socket.io-client')).io({ autoConnect: false, transports: ['websocket', 'polling'] }),
  fetchMap: async (url) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return response.json();
  },
  now: () => Date.now(),
});
model.start();
void model.live.start();
const root = document.getElementById('app');
if (root) render(<StationMap model={model} />, root);
