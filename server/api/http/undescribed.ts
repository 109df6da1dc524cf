import type { RequestHandler } from 'express';
import type { OpenApiPaths } from './openApiTypes.ts';
import { NOT_FOUND, type Problem, problem, sendProblem } from './problem.ts';

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
    return sendProblem(response, notAllowed(known));
  };
}

/** The problem of an address that answers to other methods. */
export function notAllowed(allow: readonly string[]): Problem {
  const headers = { Allow: allow.join(', ') };
  return problem(405, 'method-not-allowed', `This address answers to ${headers.Allow}.`, { headers });
}

/** Methods as `Allow` names them: in capitals, HEAD wherever there is GET. */
export function allowedMethods(methods: readonly string[]): string[] {
  const names = methods.map((method) => method.toUpperCase());
  return names.includes('GET') ? [...names, 'HEAD'] : names;
}
