import type { HttpProblem } from '@farandole/protocol/http-api';
import { jsonReply } from './json-reply.ts';
import type { BodyFault } from './read-body.ts';

const STATUS_OF = {
  'bad-request': 400,
  'no-cookie': 401,
  'no-ticket': 401,
  'signed-out': 401,
  'bad-receipt': 403,
  'not-allowed': 403,
  'not-fresh': 403,
  'origin-refused': 403,
  'sign-in-failed': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'already-there': 409,
  'last-holder': 409,
  'last-way-in': 409,
  'name-taken': 409,
  'ceremony-over': 410,
  gone: 410,
  'too-large': 413,
  'not-json': 415,
  'wrong-type': 415,
  'expectation-failed': 417,
  'wrong-host': 421,
  'password-too-common': 422,
  'password-too-long': 422,
  'password-too-short': 422,
  'wrong-code': 422,
  'wrong-label': 422,
  'wrong-name': 422,
  'needs-https': 426,
  'too-many': 429,
  'headers-too-large': 431,
  'server-error': 500,
  'not-kept': 503,
  stopping: 503,
} as const;

export type ProblemKind = keyof typeof STATUS_OF;

export function statusOf(kind: ProblemKind): number {
  return STATUS_OF[kind];
}

/**
 * Makes a refusal in the media type of RFC 9457, with a code for programs and a sentence for users.
 */
export function problem(
  kind: ProblemKind,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body: HttpProblem = { error: kind, detail };
  return jsonReply(body, {
    status: STATUS_OF[kind],
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });
}

export function methodNotAllowed(allow: string): Response {
  return problem('method-not-allowed', `Only ${allow} can be used here.`, { Allow: allow });
}

/** Returns a wait in whole seconds for the header `Retry-After`; at least 1. */
export function secondsOf(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}

export function waitProblem(waitMs: number): Response {
  const seconds = secondsOf(waitMs);
  return problem('too-many', `Too many requests from your network. Wait ${seconds} s.`, {
    'Retry-After': String(seconds),
  });
}

export function bodyProblem(fault: BodyFault, mediaType = 'application/json'): Response {
  switch (fault) {
    case 'wrong-type':
      return problem(
        mediaType === 'application/json' ? 'not-json' : 'wrong-type',
        `The body must be ${mediaType}.`,
      );
    case 'too-large':
      return problem('too-large', 'The body is too large.');
    case 'bad-request':
      return problem('bad-request', 'The body is invalid.');
  }
}
