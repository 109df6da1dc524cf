import '../styles/report.css';
import { readPageContext } from '../state/pageContext.ts';
import { pickStationsByName } from '../state/stationPicker.ts';
import { addCopyButtons, addPrintButtons } from '../state/takeAway.ts';
import { showThemeSwitch } from './themeSlot.tsx';

showThemeSwitch(readPageContext(window));
addPrintButtons(document);
addCopyButtons(document);
pickStationsByName(document);
