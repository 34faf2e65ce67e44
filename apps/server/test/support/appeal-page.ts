import assert from 'node:assert/strict';
import { type Answer, ask } from './http.ts';
import type { TestServer } from './test-server.ts';

type Server = Pick<TestServer, 'port'>;

/** Who opens the page of decisions, and from where. */
interface From {
  readonly cookie?: string;
  readonly from?: string;
  /** In the place of those that a form is sent with. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What somebody reads there. */
export async function look({ port }: Server, who: From): Promise<Answer> {
  return await ask({ port, path: '/appeal', headers: headersOf(who), ...addressOf(who) });
}

/** What is answered to one of its forms, which need no script. */
export async function post(
  { port }: Server,
  fields: Readonly<Record<string, string>>,
  who: From = {},
): Promise<Answer> {
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

/** The mark of the one form for an appeal that a page has. */
export function formIn(answer: Answer): string {
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
