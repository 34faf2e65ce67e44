import type { Action } from '@farandole/accounts/roles';
import type { RemoteAddress } from '../net/remote-address.ts';
import type { SignedIn } from './authenticate.ts';

export const CONSOLE_API = '/console/api';

/** A sign-in request that came from a page of this server. */
export interface SignInRequest {
  readonly request: Request;
  readonly place: RemoteAddress;
  /** Origin of the requesting page; empty for a GET. */
  readonly origin: string;
  /** JSON body of the request; empty for a GET. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
  /** The machine's date, which authenticator apps use. */
  readonly machineMs: number;
}

export type MemberRequest = SignInRequest & { readonly signedIn: SignedIn };

/** A route below `CONSOLE_API`. Requests that change something are POSTs with a JSON body. */
export type SignInRoute = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
} & (
  | { readonly for: 'anybody'; readonly answer: (asked: SignInRequest) => Promise<Response> }
  | {
      readonly for: 'members';
      /** Permission that the member needs; null if every member may use the route. */
      readonly needs: Action | null;
      readonly answer: (asked: MemberRequest) => Promise<Response>;
    }
);

/** Makes a JSON response that caches must not store. */
export function reply(body: unknown, cookies: readonly string[] = []): Response {
  const headers = new Headers({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(JSON.stringify(body), { headers });
}

/** Returns a text field of a request's body; null if it is missing or longer than `charsMax`. */
export function textIn(
  body: Readonly<Record<string, unknown>>,
  name: string,
  charsMax: number,
): string | null {
  const value = body[name];
  return typeof value === 'string' && value.length <= charsMax ? value : null;
}
