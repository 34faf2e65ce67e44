import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { type Action, may, ROLES, type Role } from '@farandole/accounts/roles';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import { APPEAL_OUTCOMES, type AppealOutcome } from '@farandole/moderation/appeals/appeal';
import type { CaseStep } from '@farandole/moderation/cases/case-steps';
import type { DecisionInput } from '@farandole/moderation/cases/decision';
import type { ApprovalId, CaseId, DecisionId } from '@farandole/moderation/ids';
import { actionInQueue, QUEUES, type QueueName } from '@farandole/moderation/reports/queue-name';
import { COMMANDS, type CommandName, type InputOf } from '@farandole/moderation/service/commands';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, type Desk, member, networkId } from './support/desk.ts';
import { memoryStore } from './support/memory-store.ts';
import { type Can, Scene } from './support/scene.ts';

type Expected = (can: Can, lane: QueueName) => string;

interface Rule {
  /** The outcome that the permission table expects: `ok`, or the reason of the refusal. */
  readonly expected: Expected;
  readonly lanes: readonly QueueName[];
}

/** One store command, with an input that a permitted member could send. */
interface Row<Name extends CommandName> extends Rule {
  /** Name of the command's variant that this row tests. */
  readonly what?: string;
  /** The reason with which a former member is refused, by default `not-allowed`. */
  readonly whoLeft?: string;
  readonly input: (scene: Scene) => Promise<InputOf<Name>>;
}

type TakesMember<Name extends CommandName> =
  InputOf<Name> extends { readonly by: infer By } ? (MemberId extends By ? true : false) : false;

/** Rows for each command that a member sends. Null for other commands, which need no permission. */
type Rows = {
  readonly [Name in CommandName]: TakesMember<Name> extends true ? readonly Row<Name>[] : null;
};

const ANYWHERE: readonly QueueName[] = ['normal'];

/** Expects that the member needs all of these permissions. */
function needs(...actions: readonly Action[]): Rule {
  return { expected: (can) => (actions.every(can) ? 'ok' : 'not-allowed'), lanes: ANYWHERE };
}

/** Expects that the member needs all of these permissions for a case of a possible minor. */
function needsSealed(...actions: readonly Action[]): Rule {
  return { ...needs(...actions), lanes: ['child-safety'] };
}

/**
 * Expects that the member needs these permissions, and also the one to read, or to decide, cases
 * in the case's queue.
 */
function needsIn(what: 'read' | 'decide', ...actions: readonly Action[]): Rule {
  const expected: Expected = (can, lane) =>
    [...actions, actionInQueue(what, lane)].every(can) ? 'ok' : 'not-allowed';
  return { expected, lanes: QUEUES };
}

const step = (
  what: CaseStep,
  action: Action,
  prepare: (scene: Scene) => Promise<CaseId>,
): Row<'case.step'> => ({
  what: what.event,
  ...needsIn('read', action),
  input: async (scene) => ({ ...scene.base, case: await prepare(scene), step: what }),
});

const decideAs = (
  what: string,
  rule: Rule,
  measure: DecisionInput['measure'],
): Row<'case.decide'> => ({
  what,
  ...rule,
  input: async (scene) => scene.decide(await scene.held(), measure),
});

const answer = (
  what: string,
  rule: Rule,
  ask: (scene: Scene) => Promise<ApprovalId>,
): readonly Row<'approval.answer'>[] =>
  (['approved', 'declined'] as const).map((said) => ({
    what: `${what} ${said}`,
    ...rule,
    input: async (scene) => ({
      ...scene.base,
      approval: await ask(scene),
      answer: said,
      freshDecision: scene.fresh<DecisionId>('decision'),
    }),
  }));

const answerAppeal = (outcome: AppealOutcome): Row<'appeal.answer'> => ({
  what: outcome,
  ...needsIn('decide', 'appeal.decide'),
  input: async (scene) => ({
    ...scene.base,
    appeal: await scene.appealed(),
    outcome,
    endsAtMs: outcome === 'shorten' ? scene.desk.nowMs + DAY_MS / 2 : null,
  }),
});

const COMMUNITY = { title: 'Painters', language: 'en', rules: '', door: 'code' } as const;

/** Creates a community in the name of a member with all roles. */
async function communityOf({ desk, boss, n }: Scene): Promise<string> {
  const name = `painters-${n}`;
  const input = { ...COMMUNITY, name, by: boss, nowMs: desk.nowMs };
  assert.ok((await desk.store.run('community.create', input)).ok);
  return name;
}

const RUN = { source: 'node-1', faults: [], channels: [], settled: [], earlier: [] } as const;

const NO_HOUSE_RULES = { texts: {}, before: 0 } as const;

const ROWS: Rows = {
  'report.take': null,
  'report.outcome': null,
  'pictures.place': null,
  'pictures.add': null,
  'pictures.bytes': null,
  'pictures.import': null,
  'picture-keys.list': null,
  'picture-keys.rewrap': null,
  'words.rewrap': null,
  'words.use-keys': null,
  'keys.fit': null,
  'keys.read': null,
  'keys.rotate': null,
  'picture.reveal': [
    {
      expected: (can, lane) => {
        const isAllowed = can('evidence.reveal') && can(actionInQueue('read', lane));
        const allowed = lane === 'normal' ? 'ok' : 'sealed';
        return isAllowed ? allowed : 'not-allowed';
      },
      lanes: QUEUES,
      input: async (scene) => ({
        ...scene.base,
        picture: await scene.picture(),
        shiftMax: 1_000,
      }),
    },
  ],
  'reveals.ask': [
    {
      ...needs('case.read'),
      input: async (scene) => ({ ...scene.base, freshApproval: scene.fresh('approval') }),
    },
  ],
  'unsealing.ask': [
    {
      ...needsSealed('evidence.reveal-sealed'),
      input: async (scene) => ({
        ...scene.base,
        picture: await scene.picture(),
        freshApproval: scene.fresh('approval'),
      }),
    },
  ],
  'deletion.ask': [
    {
      ...needsSealed('evidence.delete-early'),
      input: async (scene) => ({
        ...scene.base,
        case: (await scene.decision()).decision.case,
        freshApproval: scene.fresh('approval'),
      }),
    },
  ],
  'sealed.due': [{ ...needs('evidence.delete-early'), input: async ({ base }) => base }],
  'sessions.clean': null,
  'calls.count': null,
  'pairs.note': null,
  'apart.note': null,
  'apart.read': null,
  'person.read': null,
  'anchors.see': null,
  'desk.version': null,
  'desk.revision': null,
  // Every member may send this command. It returns null for figures that the member may not see.
  'desk.counts': null,
  // The server runs this command, and no member sends it.
  'backlog.read': null,
  'trust.read': null,
  'queue.read': [{ ...needs('queue.read'), input: async ({ base }) => base }],
  'case.open': [
    {
      ...needsIn('decide'),
      input: async (scene) => ({
        ...scene.base,
        subject: brandId<SubjectId>(scene.of),
        reason: scene.lane === 'normal' ? 'hate' : 'may-be-under-18',
        freshCase: scene.fresh('case'),
      }),
    },
  ],
  'case.show': [
    {
      ...needsIn('read', 'case.read'),
      input: async (scene) => ({ ...scene.base, case: await scene.report() }),
    },
  ],
  'case.step': [
    step({ event: 'assign' }, 'case.assign', (scene) => scene.report()),
    step({ event: 'release' }, 'case.assign', (scene) => scene.held()),
    step({ event: 'escalate', to: 'senior' }, 'case.escalate', (scene) => scene.held()),
    step({ event: 'escalate', to: 'child-safety' }, 'case.escalate', (scene) => scene.held()),
    step({ event: 'prioritise', imminent: true }, 'case.prioritise', (scene) => scene.report()),
    step({ event: 'reopen', why: 'new-facts' }, 'case.reopen', async (scene) => {
      return (await scene.decision()).decision.case;
    }),
    {
      what: 'safeguard',
      ...needs('case.read', 'case.decide-child-safety'),
      input: async (scene) => ({
        ...scene.base,
        case: await scene.besideSealed(),
        step: { event: 'safeguard' },
      }),
    },
  ],
  'case.decide': [
    decideAs('dismiss', needsIn('decide'), 'dismiss'),
    decideAs('suspend', needsIn('decide'), 'suspend-7d'),
    decideAs('propose', needsIn('decide', 'sanction.permanent'), 'suspend-permanently'),
    {
      what: 'a network',
      ...needsIn('decide', 'sanction.network'),
      input: async (scene) => {
        const prefix = networkId(`net-${scene.n}`);
        await scene.desk.see(`net-${scene.n}`, scene.of);
        const network = { scope: 'prefix', prefix, family: 'v4', bits: 24 } as const;
        return scene.decide(await scene.held(), 'suspend-1d', [network]);
      },
    },
  ],
  'case.undo': [
    {
      ...needsIn('read', 'case.decide'),
      input: async (scene) => {
        const { decision } = await scene.decision(scene.decider);
        return { ...scene.base, case: decision.case };
      },
    },
  ],
  'hand-over.tick': [
    {
      expected: (can, lane) => {
        if (!can('case.decide-child-safety')) return 'not-allowed';
        return lane === 'child-safety' ? 'ok' : 'not-now';
      },
      lanes: QUEUES,
      input: async (scene) => ({
        ...scene.base,
        case: await scene.report(),
        step: 'hotline-told',
        done: true,
      }),
    },
  ],
  'approval.list': [
    {
      expected: (can) => (can('approval.give') || can('sanction.permanent') ? 'ok' : 'not-allowed'),
      lanes: ANYWHERE,
      input: async ({ base }) => base,
    },
  ],
  'approval.answer': [
    ...answer('decision', needsIn('read', 'approval.give'), (scene) => scene.proposed()),
    ...answer('roles', needs('approval.give'), (scene) => scene.rolesProposed()),
    ...answer('more reveals', needs('approval.give', 'evidence.allow-more'), (scene) =>
      scene.moreAsked(),
    ),
    ...answer('a look', needsSealed('approval.give', 'evidence.reveal-sealed'), (scene) =>
      scene.lookAsked(),
    ),
    ...answer('deletion', needsSealed('approval.give', 'evidence.delete-early'), (scene) =>
      scene.deletionAsked(),
    ),
  ],
  'approval.withdraw': [
    {
      what: 'their own',
      // A member who may decide still gets `not-yours`, because the proposal is another member's.
      expected: (can, lane) => (can(actionInQueue('decide', lane)) ? 'ok' : 'not-yours'),
      lanes: QUEUES,
      input: async (scene) => ({
        ...scene.base,
        approval: await scene.proposed(scene.decider),
      }),
    },
  ],
  'appeal.list': [{ ...needs('appeal.decide'), input: async ({ base }) => base }],
  'appeal.file': null,
  'appeal.answer': [
    ...APPEAL_OUTCOMES.map(answerAppeal),
    {
      what: 'somebody affected',
      expected: (can, lane) => {
        const lift = lane === 'normal' ? 'sanction.lift' : 'appeal.decide';
        return can(lift) && can(actionInQueue('decide', lane)) ? 'ok' : 'not-allowed';
      },
      lanes: QUEUES,
      input: async (scene) => ({
        ...scene.base,
        appeal: await scene.sharedAppealed(),
        outcome: 'still-needed',
        endsAtMs: null,
      }),
    },
    {
      what: 'an age refusal',
      ...needs('appeal.decide', 'case.decide'),
      input: async (scene) => ({
        ...scene.base,
        appeal: await scene.ageAppealed(),
        outcome: 'overturn',
        endsAtMs: null,
      }),
    },
  ],
  'sanctions.shared': null,
  'age.own': null,
  'measures.own': null,
  'sample.list': [{ ...needs('sample.review'), input: async ({ base }) => base }],
  'sample.answer': [
    {
      ...needs('sample.review'),
      expected: (can) => (can('sample.review') ? 'unknown' : 'not-allowed'),
      input: async (scene) => ({
        ...scene.base,
        decision: scene.fresh('decision'),
        agrees: true,
      }),
    },
  ],
  'decisions.own': null,
  'warning.own': null,
  'standing.read': null,
  'sanction.lift': [
    {
      ...needsIn('decide', 'sanction.lift'),
      input: async (scene) => {
        const [sanction] = (await scene.decision()).sanctions;
        assert.ok(sanction !== undefined);
        return { ...scene.base, sanction: sanction.id };
      },
    },
  ],
  'member.add': [
    {
      ...needs('member.manage'),
      input: async (scene) => {
        const name = scene.fresh('somebody');
        return { ...scene.base, id: member(name), name, roles: [] };
      },
    },
  ],
  'member.remove': [
    {
      ...needs('member.manage'),
      input: async (scene) => ({ ...scene.base, id: await scene.newcomer() }),
    },
  ],
  'member.list': null,
  'member.read': [{ ...needs('member.manage'), input: async ({ base }) => base }],
  'member.sign-out': [
    {
      ...needs('member.manage'),
      input: async (scene) => ({ ...scene.base, member: await scene.newcomer() }),
    },
  ],
  'roles.propose': [
    {
      ...needs('member.manage'),
      input: async (scene) => ({
        ...scene.base,
        member: await scene.newcomer(),
        roles: ['moderator'],
        freshApproval: scene.fresh('approval'),
      }),
    },
  ],
  'link.give': [
    {
      ...needs('member.manage'),
      input: async (scene) => ({
        ...scene.base,
        link: scene.fresh('link'),
        of: await scene.newcomer(),
      }),
    },
  ],
  'link.read': null,
  'link.use': null,
  'passkey.read': null,
  'passkey.sign-in': null,
  'passkey.add': null,
  'passkey.remove': null,
  'password.try': null,
  'password.sign-in': null,
  'password.set': null,
  'recovery-codes.renew': null,
  'session.read': null,
  'session.end': [
    {
      what: 'of somebody else',
      // Members may end only their own sessions. Managers use another command to end the sessions
      // of other members.
      expected: () => 'unknown',
      whoLeft: 'unknown',
      lanes: ANYWHERE,
      input: async (scene) => ({ ...scene.base, session: await scene.session() }),
    },
  ],
  'sign-in.read': null,
  'setting.put': [
    {
      ...needs('settings.edit'),
      input: async ({ base }) => ({ ...base, name: 'rules.text', value: 'Be kind.' }),
    },
  ],
  'house-rules.put': [
    { ...needs('rules.edit'), input: async ({ base }) => ({ ...base, ...NO_HOUSE_RULES }) },
  ],
  'house-rules.read': null,
  'published-hours.put': [
    {
      ...needs('rules.edit'),
      input: async ({ base, desk }) => {
        const { version } = await desk.store.run('published-hours.read', null);
        return { ...base, door: 'open', hours: [], modes: [], before: version };
      },
    },
  ],
  'published-hours.read': null,
  'alerts.put': [
    {
      ...needs('settings.edit'),
      input: async ({ base, desk }) => {
        const { settings } = await desk.store.run('alerts.run', { ...RUN, nowMs: base.nowMs });
        const { version, ...known } = settings;
        return { ...base, ...known, languages: ['en'], before: version };
      },
    },
  ],
  'alerts.read': [{ ...needs(), input: async ({ base }) => base }],
  // The server runs this command, and no member sends it.
  'alerts.run': null,
  'alert.acknowledge': [
    {
      expected: () => 'unknown',
      lanes: ANYWHERE,
      input: async ({ base }) => ({ ...base, alert: 'alert-none' }),
    },
  ],
  'setting.list': null,
  'community.create': [
    {
      ...needs('rules.edit'),
      input: async ({ base, n }) => ({ ...base, ...COMMUNITY, name: `fresh-${n}` }),
    },
  ],
  'community.change': [
    {
      ...needs('rules.edit'),
      input: async (scene) => ({
        ...{ ...scene.base, ...COMMUNITY, before: 1 },
        name: await communityOf(scene),
      }),
    },
  ],
  'community.close': [
    {
      ...needs('rules.edit'),
      input: async (scene) => ({ ...scene.base, name: await communityOf(scene) }),
    },
  ],
  'community.list': [{ ...needs('numbers.read'), input: async ({ base }) => base }],
  'community.doors': null,
  'community.codes': [
    {
      ...needs('rules.edit'),
      input: async (scene) => ({
        ...{ ...scene.base, name: await communityOf(scene), usesMax: 1 },
        codes: [{ id: 'code-0001', label: '' }],
        expiresAtMs: scene.desk.nowMs + DAY_MS,
      }),
    },
  ],
  'community.revoke': [
    {
      ...needs('rules.edit'),
      input: async (scene) => {
        const { desk, boss } = scene;
        const name = await communityOf(scene);
        const codes = [{ id: 'code-0001', label: '' }];
        const expiresAtMs = desk.nowMs + DAY_MS;
        const given = { name, codes, usesMax: 1, expiresAtMs, by: boss, nowMs: desk.nowMs };
        assert.ok((await desk.store.run('community.codes', given)).ok);
        return { ...scene.base, name, code: 'code-0001' };
      },
    },
  ],
  'community.enter': null,
  'community.count': null,
  'date.read': null,
  'date.keep': null,
  'hours.read': null,
  'hours.keep': null,
  'push.subscribe': null,
  'push.unsubscribe': null,
  'push.claim': null,
  'subjects.concerned': null,
  'subject.of-proof': null,
  'subject.export': null,
  'subject.erase': null,
  'time.pass': null,
  'numbers.public': null,
  'numbers.read': [{ ...needs('numbers.read'), input: async ({ base }) => base }],
  'transparency.read': [
    {
      ...needs('transparency.read'),
      input: async ({ by }) => ({ by, fromMs: 0, toMs: 1, page: 0 }),
    },
  ],
  'audit.read': [{ ...needs('audit.read'), input: async ({ by }) => ({ by, after: 0 }) }],
  'audit.verify': null,
  'audit.checkpoint': null,
};

test('[MO-60, MO-72] lists the permissions of each command in the test’s table', () => {
  assert.deepEqual(Object.keys(ROWS).toSorted(), Object.keys(COMMANDS).toSorted());
});

async function everyCommandByEverybody(desk: Desk): Promise<void> {
  const boss = await desk.hire('boss', ...ROLES);
  const left = await desk.hire('left', ...ROLES);
  await desk.do('member.remove', { id: left, by: null });
  const people: { readonly name: string; readonly id: MemberId; readonly roles: Role[] }[] = [
    { name: 'of no role', id: await desk.hire('nothing'), roles: [] },
    { name: 'who left', id: left, roles: [] },
  ];
  for (const role of ROLES) {
    people.push({ name: role, id: await desk.hire(role, role), roles: [role] });
  }
  let n = 0;
  for (const name of Object.keys(COMMANDS) as CommandName[]) {
    for (const row of ROWS[name] ?? []) {
      for (const lane of row.lanes) {
        const answers: Record<string, string> = {};
        const expected: Record<string, string> = {};
        for (const who of people) {
          n += 1;
          const can: Can = (action) => may(who.roles, action);
          const scene = new Scene(desk, who.id, boss, lane, can, n);
          const outcome = (await desk.store.run(name, await row.input(scene))) as Result<unknown>;
          answers[who.name] = outcome.ok ? 'ok' : outcome.reason;
          expected[who.name] =
            who.id === left ? (row.whoLeft ?? 'not-allowed') : row.expected(can, lane);
        }
        assert.deepEqual(answers, expected, [name, row.what, lane].join(' '));
      }
    }
  }
}

// These tests run on one kind of store only, because commands check permissions without the store.
const it = atDeskOf(async () => memoryStore());

it(
  '[MO-60, MO-72] lets each role and former members send only listed commands',
  everyCommandByEverybody,
);
