import type { ConsoleSessionId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { type Action, may } from '@farandole/accounts/roles';
import type { Clock } from '@farandole/kernel/clock';
import { brandId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { CONSOLE_UNATTENDED_HEADER } from '@farandole/protocol/console-api';
import { namedCookie } from '../http/cookie.ts';
import { problem } from '../http/problem.ts';
import { digestOf, isToken } from './secrets.ts';

export interface SignedIn {
  readonly member: Pick<Member, 'id' | 'name' | 'roles'>;
  readonly sessionId: ConsoleSessionId;
}

/**
 * Finds the member who sent a request. Resolves to undefined if the request has no session or its
 * session has ended.
 */
export type Authenticate = (request: Request) => Promise<SignedIn | undefined>;

/**
 * Name of the session cookie. The cookie's value is a token, and the store has only the token's
 * digest.
 */
export const CONSOLE_COOKIE = '__Host-farandole-console';

/**
 * Returns a function that authenticates requests. The function reads the store each time, so that a
 * revoked session ends at once on every node. It rejects if the store fails.
 *
 * Streams and polling don't extend a session, so an idle member is signed out.
 */
export function authenticatorOf(
  store: Pick<ModerationStore, 'run'>,
  clock: Pick<Clock, 'wallMs'>,
): Authenticate {
  return async (request) => {
    const session = sessionIn(request);
    if (session === null) return undefined;
    const { headers } = request;
    const isActivity =
      headers.get('accept') !== 'text/event-stream' && !headers.has(CONSOLE_UNATTENDED_HEADER);
    const nowMs = clock.wallMs();
    const found = await store.run('session.read', { session, isActivity, nowMs });
    if (found === null) return undefined;
    const { id, name, roles } = found.member;
    return { member: { id, name, roles }, sessionId: found.session.id };
  };
}

/** Returns the session id that a request's cookie claims. There may be no such session. */
export function sessionIn(request: Request): ConsoleSessionId | null {
  const token = namedCookie(request.headers.get('cookie') ?? undefined, CONSOLE_COOKIE);
  return token !== null && isToken(token) ? brandId<ConsoleSessionId>(digestOf(token)) : null;
}

/** Returns null if the member has the permission, otherwise the refusal to send. */
export function requirePermission(
  signedIn: SignedIn | undefined,
  action: Action | null,
): Response | null {
  if (signedIn === undefined) return problem('signed-out', 'Sign in first.');
  if (action === null || may(signedIn.member.roles, action)) return null;
  return problem('not-allowed', 'Your roles do not allow this.');
}
