/** How long after a page or a course whose means are being made anew is asked for again, ms. */
export const RENEW_AFTER_MS = 60_000;

/** What the server marks its notice with. */
const BEHIND = '[data-behind]';

/** A page as it is renewed. */
export interface RenewedPage {
  document: Document;
  /** Fetches the page as it is now. */
  fetchPage: () => Promise<Document>;
  /** How often it is asked for; `RENEW_AFTER_MS` where nothing is said. */
  everyMs?: number;
}

/** True while the page says that its means are being made anew. */
export function isBehind(page: ParentNode): boolean {
  return page.querySelector(BEHIND) !== null;
}

/**
 * Asks for a page of the server again until its means are up to date, then puts what `selector` names in place of what is
 * shown, and calls back. It waits while nobody sees the page, and while the reader is at what would be replaced.
 */
export function renewOnceUpToDate(
  { document, fetchPage, everyMs = RENEW_AFTER_MS }: RenewedPage,
  selector: string,
  renewed: () => void,
): void {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    const fresh = await fetchPage().catch((error: unknown) => console.warn('The page could not be renewed', error));
    if (!fresh || isBehind(fresh) || isReaderIn(document, selector)) return;
    clearInterval(timer);
    for (const part of fresh.querySelectorAll(selector)) {
      const shown = part.id ? document.getElementById(part.id) : document.querySelector(selector);
      shown?.replaceWith(document.importNode(part, true));
    }
    renewed();
  }, everyMs);
}

function isReaderIn(document: Document, selector: string): boolean {
  return document.activeElement?.closest(selector) != null;
}

/** Fetches the page that is open. Throws when the answer is no success. */
export async function fetchThisPage(): Promise<Document> {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!response.ok) throw new Error(`${location.pathname} answered ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}
