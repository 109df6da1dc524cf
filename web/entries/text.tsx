import '../styles/text.css';
import { keepShownLink } from '../state/host/shownLink.ts';
import { readPageContext } from '../state/pageContext.ts';
import { showThemeSwitch } from './themeSlot.tsx';

showThemeSwitch(readPageContext(window));
keepShownLink(window);
