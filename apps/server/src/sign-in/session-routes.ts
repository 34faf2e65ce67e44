import { memberCookieHeader } from '../http/cookie.ts';
import { CONSOLE_COOKIE } from './authenticate.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { reply, type SignInRoute } from './sign-in-route.ts';

/** Signing out. */
export function sessionRoutes({ store }: SignInParts): readonly SignInRoute[] {
  return [
    {
      method: 'POST',
      path: '/sign-out',
      for: 'members',
      needs: null,
      answer: async ({ signedIn, nowMs }) => {
        const { member, sessionId } = signedIn;
        await store.run('session.end', { session: sessionId, by: member.id, nowMs });
        return reply({}, [memberCookieHeader(CONSOLE_COOKIE, null, 0)]);
      },
    },
  ];
}
