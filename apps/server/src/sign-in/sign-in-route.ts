import type { Action } from '@farandole/accounts/roles';
import type { RemoteAddress } from '../net/remote-address.ts';
import type { SignedIn } from './authenticate.ts';

export const CONSOLE_API = '/console/api';

/** A request that is known to come from a page of this server. */
export interface SignInRequest {
  readonly request: Request;
  readonly place: RemoteAddress;
  /** The requesting page's origin; empty for a GET. */
  readonly origin: string;
  /** Empty for a GET. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
  /** The machine's date, which authenticators go by. */
  readonly machineMs: number;
}

export type MemberRequest = SignInRequest & { readonly signedIn: SignedIn };

/** One address below `CONSOLE_API`. Changes are POSTs with a JSON body. */
export type SignInRoute = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
} & (
  | { readonly for: 'anybody'; readonly answer: (asked: SignInRequest) => Promise<Response> }
  | {
      readonly for: 'members';
      /** The required permission; null: any member. */
      readonly needs: Action | null;
      readonly answer: (asked: MemberRequest) => Promise<Response>;
    }
);

/** A response that caches must not store. */
export function reply(body: unknown, cookies: readonly string[] = []): Response {
  const headers = new Headers({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(JSON.stringify(body), { headers });
}

/** Null if missing or out of bounds. */
export function textIn(
  body: Readonly<Record<string, unknown>>,
  name: string,
  charsMax: number,
): string | null {
  const value = body[name];
  return typeof value === 'string' && value.length <= charsMax ? value : null;
}
