import { effect } from '@preact/signals';
import type { MapModel } from './mapModel.ts';
import { formatUrlState, parseUrlState } from './urlState.ts';

/**
 * Keeps address bar and model alike. Opening or closing a station makes an entry in the history, so that Back closes the
 * sheet; everything else replaces the entry. Links to the other language carry the same state. Returns what ends it.
 */
export function bindAddressBar(model: MapModel, view: Window): () => void {
  const asked = new URLSearchParams(view.location.search);
  const [lang, limit] = [asked.get('lang'), asked.get('limit')];
  // The value that a station's daily means are compared with is the server's part of the page.
  const compared: Record<string, string> = limit ? { limit } : {};
  const kept = { ...(lang && { lang }), ...compared };
  let shown = model.selectedId.peek();
  const stop = effect(() => {
    const state = model.urlState();
    const url = `${view.location.pathname}${formatUrlState(state, kept)}`;
    const isSame = url === view.location.pathname + view.location.search + view.location.hash;
    if (!isSame && state.station !== shown) view.history.pushState(null, '', url);
    else if (!isSame) view.history.replaceState(null, '', url);
    shown = state.station;
    carryState(view.document, formatUrlState(state, compared));
  });
  const onBack = () => {
    const state = parseUrlState(view.location.search, view.location.hash);
    shown = state.station;
    model.restore(state);
  };
  view.addEventListener('popstate', onBack);
  return () => {
    stop();
    view.removeEventListener('popstate', onBack);
  };
}

/** Points the language link at the same state in the other language. */
function carryState(page: Document, state: string): void {
  const link = page.getElementById('language-link');
  if (!(link instanceof HTMLAnchorElement)) return;
  const lang = link.hreflang;
  const [query = '', hash] = state.split('#');
  link.href = `${link.pathname}?lang=${lang}${query ? `&${query.slice(1)}` : ''}${hash ? `#${hash}` : ''}`;
}
