import '../styles/area.css';
import { readPageContext } from '../state/pageContext.ts';
import { pickStationsByName } from '../state/stationPicker.ts';
import { showThemeSwitch } from './themeSlot.tsx';

showThemeSwitch(readPageContext(window));
pickStationsByName(document);
