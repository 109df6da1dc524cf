import '../styles/text.css';
import { readPageContext } from '../state/pageContext.ts';
import { showThemeSwitch } from './themeSlot.tsx';

showThemeSwitch(readPageContext(window));
