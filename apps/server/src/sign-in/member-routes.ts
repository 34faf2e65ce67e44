import type { MemberId, SignInLinkId } from '@farandole/accounts/ids';
import { MEMBER_NAME_UNITS_MAX, SIGN_IN_LINK_MS } from '@farandole/accounts/limits';
import { isRole, ROLES } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import type { ApprovalId } from '@farandole/moderation/ids';
import type { ConsoleMemberLink, ConsoleMembers } from '@farandole/protocol/console-sign-in';
import { problem } from '../http/problem.ts';
import { signInAddress } from './owner-link.ts';
import { digestOf, freshToken } from './secrets.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { refusalOf } from './sign-in-refusals.ts';
import { type MemberRequest, reply, type SignInRoute, textIn } from './sign-in-route.ts';

const ID_CHARS_MAX = 64;

export function memberRoutes({ store, signer }: SignInParts): readonly SignInRoute[] {
  const managed = (
    path: string,
    answer: (asked: MemberRequest, member: MemberId) => Promise<Response>,
  ): SignInRoute => ({
    method: 'POST',
    path,
    for: 'members',
    needs: 'member.manage',
    answer: (asked) => answer(asked, memberIn(asked.body)),
  });
  return [
    {
      method: 'GET',
      path: '/members',
      for: 'members',
      needs: 'member.manage',
      answer: async ({ signedIn }) => {
        const listed = await store.run('member.read', { by: signedIn.member.id });
        if (!listed.ok) return refusalOf(listed.reason);
        const members: ConsoleMembers = { members: listed.value };
        return reply(members);
      },
    },
    managed('/members/add', async ({ body, signedIn, nowMs }) => {
      const name = textIn(body, 'name', MEMBER_NAME_UNITS_MAX) ?? '';
      const id = brandId<MemberId>(signer.randomId());
      const by = signedIn.member.id;
      return resultReply(await store.run('member.add', { id, name, roles: [], by, nowMs }));
    }),
    managed('/members/disable', async ({ signedIn, nowMs }, id) =>
      resultReply(await store.run('member.remove', { id, by: signedIn.member.id, nowMs })),
    ),
    managed('/members/sign-out', async ({ signedIn, nowMs }, member) =>
      resultReply(await store.run('member.sign-out', { member, by: signedIn.member.id, nowMs })),
    ),
    managed('/members/propose-roles', async ({ body, signedIn, nowMs }, member) => {
      const said: readonly unknown[] = Array.isArray(body['roles']) ? body['roles'] : [];
      const roles = ROLES.filter((role) => said.includes(role));
      if (roles.length < said.length || !said.every((role) => isRole(String(role)))) {
        return problem('bad-request', 'There is no such role.');
      }
      const freshApproval = brandId<ApprovalId>(signer.randomId());
      const by = signedIn.member.id;
      return resultReply(
        await store.run('roles.propose', { member, roles, by, freshApproval, nowMs }),
      );
    }),
    managed('/members/link', async ({ origin, signedIn, nowMs }, of) => {
      const token = freshToken();
      const link = brandId<SignInLinkId>(digestOf(token));
      const given = await store.run('link.give', { link, of, by: signedIn.member.id, nowMs });
      const untilMs = nowMs + SIGN_IN_LINK_MS;
      const body: ConsoleMemberLink = { link: signInAddress(origin, token), untilMs };
      return resultReply(given, body);
    }),
  ];
}

function memberIn(body: MemberRequest['body']): MemberId {
  return brandId<MemberId>(textIn(body, 'member', ID_CHARS_MAX) ?? '');
}

function resultReply(result: Result<unknown, Parameters<typeof refusalOf>[0]>, body: object = {}) {
  return result.ok ? reply(body) : refusalOf(result.reason);
}
