import { linkRoutes } from './link-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { passwordRoutes } from './password-routes.ts';
import { securityRoutes } from './security-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import type { SignInParts } from './sign-in-parts.ts';
import type { SignInRoute } from './sign-in-route.ts';

/** Every address of signing in and of members. */
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
