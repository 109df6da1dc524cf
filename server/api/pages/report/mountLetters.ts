import { sendLetterFeed } from './letterFeed.ts';
import { type LetterDeps, sendLetter } from './letterPage.ts';
import type { PageMount } from './mountReports.ts';

/** `/area/<id>/letter` and `/area/<id>/feed.xml`. */
export function mountLetters(parts: Omit<LetterDeps, 'writer'>): PageMount {
  return (router, writer) => {
    const deps = { ...parts, writer };
    router.get('/area/:id/letter', (request, response) => sendLetter(deps, request, response));
    router.get('/area/:id/feed.xml', (request, response) => sendLetterFeed(deps, request, response));
  };
}
