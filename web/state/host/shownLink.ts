/**
 * A page that shows a new owner link has it in its address from then on: loaded anew it opens the station, instead of
 * asking with a key that is used up and losing the only link there is. So does the same page in the other language.
 */
export function keepShownLink({ document, history, location }: Window): void {
  const shown = document.querySelector<HTMLAnchorElement>('a.owner-link-open');
  if (!shown) return;
  const { pathname, hash } = new URL(shown.href);
  history.replaceState(null, '', pathname + location.search + hash);
  const other = document.getElementById('language-link');
  if (!(other instanceof HTMLAnchorElement)) return;
  other.pathname = pathname;
  other.hash = hash;
}
