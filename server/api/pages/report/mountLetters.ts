import express from 'express';
import { sendLetterFeed } from './letterFeed.ts';
import { takeLetterForm } from './letterForm.ts';
import { type LetterDeps, sendLetter } from './letterPage.ts';
import type { PageMount } from './mountReports.ts';

/** `/area/<id>/letter` and `/area/<id>/feed.xml`. */
export function mountLetters(parts: Omit<LetterDeps, 'writer'>): PageMount {
  return (router, writer) => {
    const deps = { ...parts, writer };
    router.get('/area/:id/letter', (request, response) => sendLetter(deps, request, response));
    const form = express.urlencoded({ extended: false, limit: '2kb', parameterLimit: 10 });
    router.post('/area/:id/letter', form, (request, response) => takeLetterForm(deps, request, response));
    router.get('/area/:id/feed.xml', (request, response) => sendLetterFeed(deps, request, response));
  };
}
