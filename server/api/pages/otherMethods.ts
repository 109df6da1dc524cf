import { type RequestHandler, Router } from 'express';
import { sendProblem } from '../http/problem.ts';
import { allowedMethods, notAllowed } from '../http/undescribed.ts';

/** Methods that are answered without this: a page, or what Express says of a route. */
const ANSWERED: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Answers 405 with `Allow` at the addresses of the pages mounted on `router` so far, whatever they do not answer to
 * themselves. The API's addresses have its description for that; pages have only their routes.
 */
export function refuseOtherMethods(router: Router): RequestHandler {
  const pages = Router();
  for (const [path, methods] of methodsByPath(router)) {
    pages.all(path, (_request, response) => sendProblem(response, notAllowed(allowedMethods([...methods]))));
  }
  return (request, response, next) => (ANSWERED.has(request.method) ? next() : pages(request, response, next));
}

/** Methods of each path, those of routers mounted at the same address too. */
function methodsByPath(router: Router, found = new Map<string, Set<string>>()): Map<string, Set<string>> {
  for (const { route, handle } of router.stack) {
    if (route) {
      const methods = found.get(route.path) ?? new Set();
      for (const { method } of route.stack) methods.add(method);
      found.set(route.path, methods);
    } else if ('stack' in handle) methodsByPath(handle as Router, found);
  }
  return found;
}
