import '../styles/host.css';
import { render } from 'preact';
import { readHostContext } from '../state/host/hosting.ts';
import { parseOwnerLink } from '../state/host/ownerLink.ts';
import { JoinPage } from '../views/host/joinPage.tsx';
import { lazily } from '../views/lazily.tsx';
import type { MyStationProps } from '../views/myStation.tsx';
import { fill } from './slots.ts';
import { showThemeSwitch } from './themeSlot.tsx';

const MyStation = lazily<MyStationProps>(() => import('../views/myStation.tsx').then((module) => module.MyStation));

const context = readHostContext(window);
const root = fill('host');
showThemeSwitch(context);
show();
window.addEventListener('hashchange', show);

/** With an owner link in the fragment: that station. Without: joining. */
function show(): void {
  const link = parseOwnerLink(location.hash);
  const view = link ? <MyStation key={link.stationId} context={context} link={link} /> : <JoinPage context={context} />;
  render(view, root);
}
