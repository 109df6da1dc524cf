import '../styles/map.css';
import { render } from 'preact';
import type { MapState } from '../../server/domain/contract.ts';
import { bindAddressBar } from '../state/addressBar.ts';
import { loadJson } from '../state/loadJson.ts';
import { MapModel } from '../state/mapModel.ts';
import { readPageContext } from '../state/pageContext.ts';
import { openSavedMaps } from '../state/savedMaps.ts';
import { parseUrlState } from '../state/urlState.ts';
import { HeaderTools } from '../views/headerTools.tsx';
import { MapPage } from '../views/mapPage.tsx';
import { whenIdle } from '../whenIdle.ts';
import { openLiveSocket } from './liveSocket.ts';
import { saveNowAndThen } from './saving.ts';
import { fill } from './slots.ts';
import { showThemeSwitch } from './themeSlot.tsx';

const context = readPageContext(window);
const model = new MapModel(context, parseUrlState(location.search, location.hash), {
  createSocket: openLiveSocket,
  fetchMap: (url) => loadJson(url) as Promise<MapState>,
  now: () => Date.now(),
  saved: openSavedMaps(window.indexedDB),
});
model.start();
bindAddressBar(model, window);
showThemeSwitch(context);
render(<HeaderTools model={model} />, fill('header-tools'));
render(<MapPage model={model} />, fill('app'));
whenIdle(() => void model.live.start());
saveNowAndThen(() => model.save());
