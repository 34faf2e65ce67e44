import { CONSOLE_API_PATH, CONSOLE_UNATTENDED_HEADER } from '@farandole/protocol/console-api';
import type { HttpProblem } from '@farandole/protocol/http-api';

export type ApiReply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/**
 * `error` is the node's error code, or a code of the console if the answer is missing or
 * malformed.
 */
export type Problem = Omit<HttpProblem, 'error'> & {
  readonly error: string;
  readonly status: number | null;
};

export interface Api {
  /**
   * @param unattended whether no member asked for the request, so that it doesn't extend the
   * session
   */
  get<Value>(path: string, unattended?: boolean): Promise<ApiReply<Value>>;
  post<Value>(path: string, body: unknown): Promise<ApiReply<Value>>;
  bytes(path: string): Promise<ApiReply<ArrayBuffer>>;
}

const ACCEPT = { Accept: 'application/json' } as const;

const ANSWER_WITHIN_MS = 10_000;

const EMPTY = {
  method: 'POST',
  body: '{}',
  headers: { 'Content-Type': 'application/json' },
} as const;

export function createApi(): Api {
  return {
    get: (path, unattended = false) =>
      askJson(path, {
        method: 'GET',
        headers: { ...ACCEPT, ...(unattended ? { [CONSOLE_UNATTENDED_HEADER]: '?1' } : {}) },
      }),
    post: (path, body) =>
      askJson(path, {
        ...EMPTY,
        headers: { ...ACCEPT, ...EMPTY.headers },
        body: JSON.stringify(body),
      }),
    bytes: (path) => ask(path, EMPTY, (response) => response.arrayBuffer()),
  };
}

function askJson<Value>(path: string, init: RequestInit): Promise<ApiReply<Value>> {
  return ask(path, init, async (response) => (await response.json()) as Value);
}

async function ask<Value>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<Value>,
): Promise<ApiReply<Value>> {
  try {
    const response = await fetch(`${CONSOLE_API_PATH}/${path}`, {
      ...init,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.ok) return { ok: true, value: await read(response) };
    const { error = 'server-error', detail = '' } = (await response.json()) as Partial<HttpProblem>;
    return { ok: false, problem: { error, detail, status: response.status } };
  } catch {
    return { ok: false, problem: { error: 'offline', detail: '', status: null } };
  }
}
