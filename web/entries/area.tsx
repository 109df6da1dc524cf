import '../styles/area.css';
import { readPageContext } from '../state/pageContext.ts';
import { fetchThisPage, isBehind, renewOnceUpToDate } from '../state/renewing.ts';
import { pickStationsByName } from '../state/stationPicker.ts';
import { showThemeSwitch } from './themeSlot.tsx';

showThemeSwitch(readPageContext(window));
pickStationsByName(document);
if (isBehind(document)) {
  renewOnceUpToDate({ document, fetchPage: fetchThisPage }, '.area-page', () => pickStationsByName(document));
}
