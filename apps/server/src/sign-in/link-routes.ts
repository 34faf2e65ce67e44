import type { MemberId, SignInLinkId } from '@farandole/accounts/ids';
import { MEMBER_NAME_UNITS_MAX } from '@farandole/accounts/limits';
import type { Credential } from '@farandole/accounts/sign-in-links';
import { brandId } from '@farandole/kernel/id';
import type { ConsoleLink } from '@farandole/protocol/console-sign-in';
import { creationOptions, verifyCreation } from './passkey.ts';
import { beginPassword, endPassword } from './password-enrolment.ts';
import { digestOf, freshToken, isToken } from './secrets.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { labelIn, refusalOf } from './sign-in-refusals.ts';
import { reply, type SignInRequest, type SignInRoute, textIn } from './sign-in-route.ts';

/**
 * Returns the routes for signing in by a one-time link. The first member and members whom an
 * operator invites use such a link.
 */
export function linkRoutes(parts: SignInParts): readonly SignInRoute[] {
  return [
    {
      method: 'POST',
      path: '/link',
      for: 'anybody',
      answer: (asked) =>
        parts.attempt(asked, 'link', async () => {
          const member = await whose(parts, asked);
          if (member === undefined) return null;
          const link: ConsoleLink = { name: member?.name ?? null };
          return reply(link);
        }),
    },
    {
      method: 'POST',
      path: '/link/passkey-options',
      for: 'anybody',
      answer: (asked) => parts.attempt(asked, 'link', () => askForPasskey(parts, asked)),
    },
    {
      method: 'POST',
      path: '/link/passkey',
      for: 'anybody',
      answer: (asked) => parts.attempt(asked, 'link', () => acceptInviteByPasskey(parts, asked)),
    },
    {
      method: 'POST',
      path: '/link/password-options',
      for: 'anybody',
      answer: (asked) =>
        parts.attempt(asked, 'link', async () => {
          const known = await whose(parts, asked);
          if (known === undefined) return null;
          return beginPassword(parts, known?.name ?? nameIn(asked.body), asked.nowMs);
        }),
    },
    {
      method: 'POST',
      path: '/link/password',
      for: 'anybody',
      answer: (asked) => parts.attempt(asked, 'link', () => acceptInviteByPassword(parts, asked)),
    },
  ];
}

/**
 * Returns the owner of a sign-in link. The result is undefined for an invalid link, and null for
 * the link of the first member.
 */
async function whose(parts: SignInParts, { body, nowMs }: SignInRequest) {
  const link = linkIn(body);
  if (link === null) return undefined;
  const read = await parts.store.run('link.read', { link, nowMs });
  return read.ok ? read.value : undefined;
}

async function askForPasskey(parts: SignInParts, asked: SignInRequest): Promise<Response | null> {
  const { origin, body, nowMs } = asked;
  const known = await whose(parts, asked);
  if (known === undefined) return null;
  const challenge = freshToken();
  const member = {
    id: known?.id ?? parts.signer.randomId(),
    name: known?.name ?? nameIn(body),
  };
  const { siteName, ceremonies } = parts;
  const options = await creationOptions({ origin, siteName, challenge, member, others: [] });
  const begun = { what: 'passkey-new', value: challenge, member: member.id } as const;
  return reply(options, [ceremonies.begin(begun, nowMs)]);
}

async function acceptInviteByPasskey(
  parts: SignInParts,
  asked: SignInRequest,
): Promise<Response | null> {
  const { request, origin, body, nowMs } = asked;
  const link = linkIn(body);
  const ceremony = parts.ceremonies.read(request, 'passkey-new', nowMs);
  if (link === null || ceremony === null) return null;
  const { value: challenge } = ceremony;
  const created = await verifyCreation(body['credential'], { origin, challenge });
  if (created === null) return null;
  const label = labelIn(body);
  const credential: Credential = { by: 'passkey', passkey: { ...created, label } };
  return await useLink(parts, asked, link, { member: ceremony.member, credential });
}

async function acceptInviteByPassword(
  parts: SignInParts,
  asked: SignInRequest,
): Promise<Response | null> {
  const link = linkIn(asked.body);
  const known = await whose(parts, asked);
  if (link === null || known === undefined) return null;
  const enrolled = await endPassword(parts, asked, known?.name ?? nameIn(asked.body));
  if (enrolled instanceof Response) return enrolled;
  const { password, recoveryCodes } = enrolled;
  const credential: Credential = { by: 'password', password };
  const member = parts.signer.randomId();
  return await useLink(parts, asked, link, { member, credential }, { recoveryCodes });
}

async function useLink(
  parts: SignInParts,
  asked: SignInRequest,
  link: SignInLinkId,
  given: { readonly member: string; readonly credential: Credential },
  extra: object = {},
): Promise<Response | null> {
  const { body, nowMs } = asked;
  const beginning = parts.beginning(asked);
  const { session, replaces } = beginning;
  const used = await parts.store.run('link.use', {
    link,
    name: nameIn(body),
    freshMember: brandId<MemberId>(given.member),
    credential: given.credential,
    session,
    replaces,
    nowMs,
  });
  if (used.ok) return parts.signedIn(beginning, 'link', extra);
  return used.reason === 'unknown' ? null : refusalOf(used.reason);
}

function nameIn(body: SignInRequest['body']): string {
  return textIn(body, 'name', MEMBER_NAME_UNITS_MAX) ?? '';
}

function linkIn(body: SignInRequest['body']): SignInLinkId | null {
  const token = textIn(body, 'token', 64);
  return token !== null && isToken(token) ? brandId<SignInLinkId>(digestOf(token)) : null;
}
