import { CONSOLE_API_PATH } from '@farandole/protocol/console-api';
import type { HttpProblem } from '@farandole/protocol/http-api';

/** What became of a request: what it gave, or why not. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** `error` is the node's own word for it, or one of ours: nothing answered, or not as it should. */
export type Problem = Omit<HttpProblem, 'error'> & {
  readonly error: string;
  readonly status: number | null;
};

/** How the console asks its node. */
export interface Api {
  get<Value>(path: string): Promise<Answer<Value>>;
  post<Value>(path: string, body: unknown): Promise<Answer<Value>>;
}

const ACCEPT = { Accept: 'application/json' } as const;

/** Longer than that a moderator should not wait without a word. */
const ANSWER_WITHIN_MS = 10_000;

/** The node that served this page, by the browser's own `fetch`. */
export function createApi(): Api {
  return {
    get: (path) => ask(path, { method: 'GET', headers: ACCEPT }),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { ...ACCEPT, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}

async function ask<Value>(path: string, init: RequestInit): Promise<Answer<Value>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${CONSOLE_API_PATH}/${path}`, {
      ...init,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    body = await response.json();
  } catch {
    return { ok: false, problem: { error: 'offline', detail: '', status: null } };
  }
  if (response.ok) return { ok: true, value: body as Value };
  const { error = 'server-error', detail = '' } = body as Partial<HttpProblem>;
  return { ok: false, problem: { error, detail, status: response.status } };
}
