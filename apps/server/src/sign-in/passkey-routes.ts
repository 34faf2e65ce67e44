import type { ChallengeId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import { passkeyIn, requestOptions, verifyAnswer } from './passkey.ts';
import { digestOf, freshToken } from './secrets.ts';
import type { SignInParts } from './sign-in-parts.ts';
import type { SignInRequest, SignInRoute } from './sign-in-route.ts';
import { reply } from './sign-in-route.ts';

export function passkeyRoutes(parts: SignInParts): readonly SignInRoute[] {
  return [
    {
      method: 'POST',
      path: '/sign-in/passkey-options',
      for: 'anybody',
      answer: async ({ origin, nowMs }) => {
        const challenge = freshToken();
        const options = await requestOptions(origin, challenge);
        const begun = { what: 'passkey-answer', value: challenge, member: '' } as const;
        return reply(options, [parts.ceremonies.begin(begun, nowMs)]);
      },
    },
    {
      method: 'POST',
      path: '/sign-in/passkey',
      for: 'anybody',
      answer: (asked) => parts.attempt(asked, 'passkey', () => signIn(parts, asked)),
    },
  ];
}

/**
 * Signs in with a passkey. Returns null for any failure, so that the response doesn't disclose the
 * reason.
 */
async function signIn(parts: SignInParts, asked: SignInRequest): Promise<Response | null> {
  const { request, origin, body, nowMs } = asked;
  const ceremony = parts.ceremonies.read(request, 'passkey-answer', nowMs);
  const credential = body['credential'];
  const id = passkeyIn(credential);
  if (ceremony === null || id === null) return null;
  const passkey = await parts.store.run('passkey.read', { passkey: id });
  if (passkey === null) return null;
  const { value: challenge } = ceremony;
  const counter = await verifyAnswer(credential, { origin, challenge, passkey });
  if (counter === null) return null;
  const beginning = parts.beginning(asked);
  const { session, replaces } = beginning;
  const signedIn = await parts.store.run('passkey.sign-in', {
    passkey: id,
    challenge: brandId<ChallengeId>(digestOf(challenge)),
    counter,
    session,
    replaces,
    nowMs,
  });
  return signedIn.ok ? parts.signedIn(beginning, 'passkey') : null;
}
