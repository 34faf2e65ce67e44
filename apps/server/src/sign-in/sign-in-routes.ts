import { memberCookieHeader } from '../http/cookie.ts';
import { CONSOLE_COOKIE } from './authenticate.ts';
import { linkRoutes } from './link-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { passwordRoutes } from './password-routes.ts';
import { securityRoutes } from './security-routes.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { reply, type SignInRoute } from './sign-in-route.ts';

export function signInRoutes(signIn: SignInParts): readonly SignInRoute[] {
  return [
    ...sessionRoutes(signIn),
    ...passkeyRoutes(signIn),
    ...passwordRoutes(signIn),
    ...linkRoutes(signIn),
    ...securityRoutes(signIn),
    ...memberRoutes(signIn),
  ];
}

function sessionRoutes({ store }: SignInParts): readonly SignInRoute[] {
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
