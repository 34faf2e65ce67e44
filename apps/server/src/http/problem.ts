import type { HttpProblem } from '@farandole/protocol/http-api';

/** Every way in which a request is refused, with its status. */
const STATUS_OF = {
  'bad-request': 400,
  'no-cookie': 401,
  'bad-receipt': 403,
  'origin-refused': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'too-large': 413,
  'not-json': 415,
  'expectation-failed': 417,
  'wrong-host': 421,
  'needs-https': 426,
  'too-many': 429,
  'headers-too-large': 431,
  'server-error': 500,
  stopping: 503,
} as const;

export type ProblemKind = keyof typeof STATUS_OF;

export function statusOf(kind: ProblemKind): number {
  return STATUS_OF[kind];
}

/**
 * A refusal as an answer: JSON by RFC 9457's media type, with a word for programs and a sentence
 * for people.
 */
export function problem(
  kind: ProblemKind,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body: HttpProblem = { error: kind, detail };
  return new Response(JSON.stringify(body), {
    status: STATUS_OF[kind],
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...headers,
    },
  });
}
