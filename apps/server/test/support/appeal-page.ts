import assert from 'node:assert/strict';
import { ask, type HttpReply } from './http.ts';
import type { TestServer } from './test-server.ts';

type Server = Pick<TestServer, 'port'>;

interface From {
  readonly cookie?: string;
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function look({ port }: Server, who: From): Promise<HttpReply> {
  return await ask({ port, path: '/appeal', headers: headersOf(who), ...addressOf(who) });
}

export async function post(
  { port }: Server,
  fields: Readonly<Record<string, string>>,
  who: From = {},
): Promise<HttpReply> {
  return await ask({
    method: 'POST',
    port,
    path: '/appeal',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: `http://localhost:${port}`,
      ...headersOf(who),
    },
    body: new URLSearchParams(fields).toString(),
    ...addressOf(who),
  });
}

export function formIn(answer: HttpReply): string {
  const [, form] = /name="form" value="([^"]+)"/.exec(answer.text()) ?? [];
  assert.ok(form !== undefined, answer.text());
  return form;
}

function headersOf({ cookie, headers }: From): Readonly<Record<string, string>> {
  return { ...(cookie === undefined ? {} : { Cookie: cookie }), ...headers };
}

function addressOf({ from }: From): { readonly from?: string } {
  return from === undefined ? {} : { from };
}
