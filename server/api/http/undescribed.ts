import type { RequestHandler } from 'express';
import type { OpenApiPaths } from './openApiTypes.ts';
import { NOT_FOUND, problem, sendProblem } from './problem.ts';

/**
 * Answers what no route took: 405 with `Allow` where the document describes the path with other methods, else 404.
 * One place instead of an `.all()` behind every route.
 */
export function createUndescribedHandler(paths: OpenApiPaths): RequestHandler {
  const described = Object.entries(paths).map(([path, operations]) => ({
    form: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^/]+\}/g, '[^/]+')}/?$`),
    allow: allowedMethods(Object.keys(operations)),
  }));
  return (request, response) => {
    const known = described.filter(({ form }) => form.test(request.path)).flatMap(({ allow }) => allow);
    if (known.length === 0 || known.includes(request.method)) return sendProblem(response, NOT_FOUND);
    const headers = { Allow: known.join(', ') };
    const detail = `This address answers to ${headers.Allow}.`;
    return sendProblem(response, problem(405, 'method-not-allowed', detail, { headers }));
  };
}

function allowedMethods(methods: readonly string[]): string[] {
  const names = methods.map((method) => method.toUpperCase());
  return names.includes('GET') ? [...names, 'HEAD'] : names;
}
