import { render } from 'preact';
import type { PageContext } from '../state/pageContext.ts';
import { ThemeSwitch } from '../views/themeSwitch.tsx';
import { fill } from './slots.ts';

/** Puts the theme switch into the footer: it needs the script, so the server leaves its place empty. */
export function showThemeSwitch(context: PageContext): void {
  render(<ThemeSwitch context={context} />, fill('theme-switch'));
}
