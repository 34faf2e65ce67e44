import type { Action } from '@farandole/accounts/roles';
import type { ClientPlace } from '../net/client-place.ts';
import type { SignedIn } from './authenticate.ts';

/** Everything that a console asks is below this. */
export const CONSOLE_API = '/console/api';

/** What was asked, once it is known to come from a page of this server. */
export interface Asked {
  readonly request: Request;
  readonly place: ClientPlace;
  /** Of the page that asks; empty for a GET. */
  readonly origin: string;
  /** Empty for a GET. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
  /** The machine's date, which an authenticator goes by. */
  readonly machineMs: number;
}

export type AskedByMember = Asked & { readonly signedIn: SignedIn };

/** One address below `CONSOLE_API`, of signing in and of members. What changes anything is a POST with a JSON body. */
export type SignInRoute = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
} & (
  | { readonly for: 'anybody'; readonly answer: (asked: Asked) => Promise<Response> }
  | {
      readonly for: 'members';
      /** What a member's roles must allow; null where it is enough to be one. */
      readonly needs: Action | null;
      readonly answer: (asked: AskedByMember) => Promise<Response>;
    }
);

/** An answer that nothing on the way keeps. */
export function reply(body: unknown, cookies: readonly string[] = []): Response {
  const headers = new Headers({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(JSON.stringify(body), { headers });
}

/** A text of the body within its bounds, or null. */
export function textIn(
  body: Readonly<Record<string, unknown>>,
  name: string,
  charsMax: number,
): string | null {
  const value = body[name];
  return typeof value === 'string' && value.length <= charsMax ? value : null;
}
