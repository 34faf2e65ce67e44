import type { ConsoleSessionId, PasskeyId } from '@farandole/accounts/ids';
import { FRESH_SIGN_IN_MS } from '@farandole/accounts/limits';
import { brandId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import type { ConsoleSecurity } from '@farandole/protocol/console-sign-in';
import { problem } from '../http/problem.ts';
import { creationOptions, verifyCreation } from './passkey.ts';
import { beginPassword, endPassword } from './password-enrolment.ts';
import { freshRecoveryCodes } from './recovery-codes.ts';
import { freshToken } from './secrets.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { labelIn, refusalOf } from './sign-in-refusals.ts';
import { type MemberRequest, reply, type SignInRoute, textIn } from './sign-in-route.ts';

const ID_CHARS_MAX = 2_000;

/**
 * Returns the routes by which members change their own sign-in methods. The commands behind the
 * routes require a recent sign-in for every change.
 */
export function securityRoutes(parts: SignInParts): readonly SignInRoute[] {
  const { store } = parts;
  const own = (
    path: string,
    answer: (asked: MemberRequest) => Promise<Response>,
    method: 'GET' | 'POST' = 'POST',
  ): SignInRoute => ({ method, path, for: 'members', needs: null, answer });
  return [
    own('/security', (asked) => show(parts, asked), 'GET'),
    own('/security/end-session', async ({ body, signedIn, nowMs }) => {
      const session = brandId<ConsoleSessionId>(textIn(body, 'session', ID_CHARS_MAX) ?? '');
      const by = signedIn.member.id;
      return resultReply(await store.run('session.end', { session, by, nowMs }));
    }),
    own('/security/passkey-options', async ({ origin, signedIn, nowMs }) => {
      const challenge = freshToken();
      const { member } = signedIn;
      const { passkeys } = await store.run('sign-in.read', { member: member.id, nowMs });
      const others = passkeys.map(({ id }) => id);
      const { siteName, ceremonies } = parts;
      const options = await creationOptions({ origin, siteName, challenge, member, others });
      const begun = { what: 'passkey-new', value: challenge, member: member.id } as const;
      return reply(options, [ceremonies.begin(begun, nowMs)]);
    }),
    own('/security/passkey', async (asked) => {
      const { request, origin, body, signedIn, nowMs } = asked;
      const ceremony = parts.ceremonies.read(request, 'passkey-new', nowMs);
      if (ceremony?.member !== signedIn.member.id) return tooLong();
      const { value: challenge } = ceremony;
      const created = await verifyCreation(body['credential'], { origin, challenge });
      if (created === null)
        return problem('bad-request', 'This passkey was not just created by you.');
      const passkey = { ...created, label: labelIn(body) };
      const session = signedIn.sessionId;
      return resultReply(await store.run('passkey.add', { session, passkey, nowMs }));
    }),
    own('/security/remove-passkey', async ({ body, signedIn, nowMs }) => {
      const passkey = brandId<PasskeyId>(textIn(body, 'passkey', ID_CHARS_MAX) ?? '');
      const session = signedIn.sessionId;
      return resultReply(await store.run('passkey.remove', { session, passkey, nowMs }));
    }),
    own('/security/password-options', async ({ signedIn, nowMs }) =>
      beginPassword(parts, signedIn.member.name, nowMs),
    ),
    own('/security/password', async (asked) => {
      const { signedIn, nowMs } = asked;
      const enrolled = await endPassword(parts, asked, signedIn.member.name);
      if (enrolled instanceof Response) return enrolled;
      const { password, recoveryCodes } = enrolled;
      const session = signedIn.sessionId;
      return resultReply(await store.run('password.set', { session, password, nowMs }), {
        recoveryCodes,
      });
    }),
    own('/security/recovery-codes', async ({ signedIn, nowMs }) => {
      const { codes, digests } = freshRecoveryCodes();
      const session = signedIn.sessionId;
      const renewed = await store.run('recovery-codes.renew', { session, digests, nowMs });
      return resultReply(renewed, { recoveryCodes: codes });
    }),
  ];
}

async function show({ store }: SignInParts, { signedIn, nowMs }: MemberRequest) {
  const { member, sessionId } = signedIn;
  const own = await store.run('sign-in.read', { member: member.id, nowMs });
  const current = own.sessions.find(({ id }) => id === sessionId);
  const security: ConsoleSecurity = {
    passkeys: own.passkeys,
    sessions: own.sessions.map(({ id, way, atMs, seenAtMs }) => ({
      id,
      way,
      atMs,
      seenAtMs,
      isThis: id === sessionId,
    })),
    recoveryCodesLeft: own.recoveryCodesLeft,
    freshUntilMs: (current?.atMs ?? 0) + FRESH_SIGN_IN_MS,
  };
  return reply(security);
}

function resultReply(result: Result<unknown, Parameters<typeof refusalOf>[0]>, body: object = {}) {
  return result.ok ? reply(body) : refusalOf(result.reason);
}

function tooLong(): Response {
  return problem('ceremony-over', 'This took too long. Begin again.');
}
