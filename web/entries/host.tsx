import '../styles/host.css';
import { render } from 'preact';
import { readHostContext } from '../state/host/hosting.ts';
import { JoinModel } from '../state/host/joinModel.ts';
import { isBrokenOwnerLink, type OwnerLink, ownerFragment, parseOwnerLink } from '../state/host/ownerLink.ts';
import { tabStorage } from '../state/tabStorage.ts';
import { JoinPage } from '../views/host/joinPage.tsx';
import { lazily } from '../views/lazily.tsx';
import type { MyStationProps } from '../views/myStation/myStation.tsx';
import { openLiveSocket } from './liveSocket.ts';
import { fill } from './slots.ts';
import { showThemeSwitch } from './themeSlot.tsx';

const MyStation = lazily<MyStationProps>(() =>
  import('../views/myStation/myStation.tsx').then((module) => module.MyStation),
);

const context = readHostContext(window);
const model = new JoinModel(context, { createSocket: openLiveSocket, storage: tabStorage(), now: () => Date.now() });
const root = fill('host');
model.start();
showThemeSwitch(context);
show();
window.addEventListener('hashchange', show);

/** With an owner link in the fragment: that station. Without: joining, with a word on a link that is not whole. */
function show(): void {
  const link = parseOwnerLink(location.hash);
  carryFragment();
  const own = link && <MyStation key={location.hash} context={context} link={link} onRenewed={keepLink} />;
  const brokenLink = isBrokenOwnerLink(location.hash) ? location.href : undefined;
  render(own ?? <JoinPage model={model} brokenLink={brokenLink} />, root);
}

/** A link just made takes the place of the one it ended, wherever this tab has it: a reload would ask with the old one. */
function keepLink(link: OwnerLink): void {
  history.replaceState(null, '', location.pathname + location.search + ownerFragment(link));
  carryFragment();
  model.renewed(link);
}

/** The other language shows the same station: its link needs the fragment, which the server never saw. */
function carryFragment(): void {
  const other = document.getElementById('language-link');
  if (other instanceof HTMLAnchorElement) other.hash = location.hash;
}
