import '../styles/area.css';
import { readPageContext } from '../state/pageContext.ts';
import { showThemeSwitch } from './themeSlot.tsx';

showThemeSwitch(readPageContext(window));
