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

/** The member who asks, by their session. */
export interface SignedIn {
  readonly member: Pick<Member, 'id' | 'name' | 'roles'>;
  readonly sessionId: ConsoleSessionId;
}

/** The member a request is from; undefined without a session, or if it has ended. */
export type Authenticate = (request: Request) => Promise<SignedIn | undefined>;

/** The cookie of a member who is signed in; its value is a token of which only the digest is kept. */
export const CONSOLE_COOKIE = '__Host-farandole-console';

/**
 * Makes the one function that says whose a request is: `undefined` where nobody is signed in, or not
 * any more. The store is asked each time, so that what was revoked is over at once, on every node. A
 * stream is asked about again while it lasts, with the request that began it; neither it nor what the
 * console asks by itself keeps a member signed in who does nothing.
 *
 * The promise rejects as the store does.
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

/** The session that a request names, whether there is one or not. */
export function sessionIn(request: Request): ConsoleSessionId | null {
  const token = namedCookie(request.headers.get('cookie') ?? undefined, CONSOLE_COOKIE);
  return token !== null && isToken(token) ? brandId<ConsoleSessionId>(digestOf(token)) : null;
}

/** The refusal of somebody who may not do this; null for somebody who may. */
export function requirePermission(
  signedIn: SignedIn | undefined,
  action: Action | null,
): Response | null {
  if (signedIn === undefined) return problem('signed-out', 'Sign in first.');
  if (action === null || may(signedIn.member.roles, action)) return null;
  return problem('not-allowed', 'Your roles do not allow this.');
}
