import { randomBytes } from 'node:crypto';
import type { MemberId, SignInLinkId } from '@farandole/accounts/ids';
import { SIGN_IN_LINK_MS } from '@farandole/accounts/limits';
import { isRole, ROLES, type Role } from '@farandole/accounts/roles';
import { openSessionReceipt } from '@farandole/gateway/receipts';
import { brandId, isId, type SubjectId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import { APPEAL_OUTCOMES } from '@farandole/moderation/appeals/appeal';
import { MEASURES, type Measure, ruleOfMeasure } from '@farandole/moderation/cases/decision';
import type { QueuedCase } from '@farandole/moderation/cases/queue';
import type {
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  SanctionId,
} from '@farandole/moderation/ids';
import { tellOwnData } from '@farandole/moderation/privacy/exported-data';
import { REPORT_REASONS, type ReportReason } from '@farandole/moderation/reports/reason';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Via } from '@farandole/moderation/store/via';
import type { KeyRing } from '../keys/keys.ts';
import { NodeSigner } from '../keys/signer.ts';
import { signInAddress } from '../sign-in/owner-link.ts';
import { digestOf, freshToken } from '../sign-in/secrets.ts';
import { CliError, word } from './arguments.ts';
import { sayCheckpoint, verifyAudit } from './audit-commands.ts';
import { refusalText } from './refusal-text.ts';
import { transparencyReport } from './transparency-report.ts';

export interface CommandInput {
  readonly store: ModerationStore;
  readonly nowMs: number;
  readonly origin: string;
  readonly words: readonly string[];
  readonly as?: string;
  readonly roles: readonly string[];
  readonly reason?: string;
  readonly note: string;
  readonly from?: string;
  readonly until?: string;
  readonly code?: string;
  readonly session?: string;
  readonly against?: string;
  readonly ring: KeyRing;
  readonly service: string;
  readonly dataDir: string;
}

/**
 * The audit records that an operator acted for the member on the command line, because operators
 * don't sign in as members.
 */
const via: Via = 'operator';

type Command = (asked: CommandInput) => Promise<unknown>;

export const STORE_COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'user add',
    async ({ store, nowMs, words, roles }) => {
      const known = roles.filter(isRole);
      const wrong = roles.find((role) => !isRole(role));
      if (known.length === 0 || wrong !== undefined) {
        const problem = wrong === undefined ? '' : `There is no role ${wrong}. `;
        throw new CliError(`${problem}Give --role, one of ${ROLES.join(', ')}.`);
      }
      const name = word(words, 0, 'a name');
      const id = brandId<MemberId>(freshId());
      const granted = await withFirstRole(store, known);
      const added = await store.run('member.add', { id, name, roles: granted, by: null, nowMs });
      if (!added.ok && added.reason === 'name-taken') {
        throw new CliError(`There is a member named ${name} already.`);
      }
      return given(added);
    },
  ],
  ['user list', ({ store }) => store.run('member.list', null)],
  [
    'user disable',
    async ({ store, nowMs, words }) => {
      const id = await memberNamed(store, word(words, 0, 'a name'));
      return given(await store.run('member.remove', { id, by: null, nowMs }));
    },
  ],
  [
    'user passkey-link',
    async ({ store, nowMs, words, origin }) => {
      const of = await memberNamed(store, word(words, 0, 'a name'));
      const token = freshToken();
      const link = brandId<SignInLinkId>(digestOf(token));
      given(await store.run('link.give', { link, of, by: null, nowMs }));
      const usableUntil = new Date(nowMs + SIGN_IN_LINK_MS).toISOString();
      return { link: signInAddress(origin, token), usableUntil };
    },
  ],
  [
    'case list',
    async ({ store, nowMs, as }) => {
      const by = await memberNamed(store, as);
      const rows: QueuedCase[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const asked = { by, nowMs, ...(after !== undefined && { after }) };
        const page = given(await store.run('queue.read', asked));
        rows.push(...page.rows);
        after = page.next;
      }
      return rows;
    },
  ],
  [
    'case show',
    async ({ store, nowMs, words, as }) => {
      const by = await memberNamed(store, as);
      return given(await store.run('case.show', { case: caseIn(words), by, nowMs, via }));
    },
  ],
  [
    'case decide',
    async (asked) => {
      const id = caseIn(asked.words);
      const by = await memberNamed(asked.store, asked.as);
      return await decide(asked, id, by, measureIn(asked.words));
    },
  ],
  [
    'case undo',
    async ({ store, nowMs, words, as }) => {
      const by = await memberNamed(store, as);
      return given(await store.run('case.undo', { case: caseIn(words), by, nowMs, via }));
    },
  ],
  ['approval give', (asked) => answerApproval(asked, 'approved')],
  ['approval refuse', (asked) => answerApproval(asked, 'declined')],
  ['sanction list', ({ store, nowMs }) => store.run('standing.read', { nowMs, unless: null })],
  [
    'sanction add',
    async (asked) => {
      const { store, nowMs, words } = asked;
      const subject = subjectIn(word(words, 0, 'a subject'));
      const measure = measureIn(words);
      if (ruleOfMeasure(measure).restriction === null) {
        throw new CliError(`${measure} isn't a sanction: use case decide.`);
      }
      const by = await memberNamed(store, asked.as);
      const reason = reasonOf(asked);
      const freshCase = brandId<CaseId>(freshId());
      const opened = await store.run('case.open', { subject, reason, by, freshCase, nowMs, via });
      return await decide(asked, given(opened).id, by, measure);
    },
  ],
  [
    'sanction lift',
    async ({ store, nowMs, words }) => {
      const sanction = brandId<SanctionId>(word(words, 0, 'a sanction'));
      return given(await store.run('sanction.lift', { sanction, by: null, nowMs }));
    },
  ],
  [
    'appeal list',
    async ({ store, nowMs, as }) =>
      given(await store.run('appeal.list', { by: await memberNamed(store, as), nowMs })),
  ],
  [
    'appeal decide',
    async ({ store, nowMs, words, as, until }) => {
      const appeal = brandId<AppealId>(word(words, 0, 'an appeal'));
      const outcome = APPEAL_OUTCOMES.find((known) => known === words[1]);
      if (outcome === undefined) throw new CliError(`Give one of ${APPEAL_OUTCOMES.join(', ')}.`);
      const endsAtMs = outcome === 'shorten' ? timeIn(until) : null;
      const by = await memberNamed(store, as);
      return given(await store.run('appeal.answer', { appeal, by, outcome, endsAtMs, nowMs, via }));
    },
  ],
  [
    'export',
    async (asked) => {
      const subject = await whoseData(asked);
      return tellOwnData(await asked.store.run('subject.export', { subject }), asked.nowMs);
    },
  ],
  [
    'erase',
    async (asked) => {
      const { store, nowMs } = asked;
      const subject = await whoseData(asked);
      return await store.run('subject.erase', { subject, by: 'operator', nowMs, via });
    },
  ],
  ['transparency', transparencyReport],
  ['audit checkpoint', sayCheckpoint],
  ['audit verify', verifyAudit],
]);

async function answerApproval(
  { store, nowMs, words, as }: CommandInput,
  answer: 'approved' | 'declined',
): Promise<unknown> {
  const approval = brandId<ApprovalId>(word(words, 0, 'an approval'));
  const by = await memberNamed(store, as);
  const freshDecision = brandId<DecisionId>(freshId());
  const input = { approval, by, answer, freshDecision, nowMs, via };
  const answered = await store.run('approval.answer', input);
  if (!answered.ok && answered.reason === 'operator-alone') {
    throw new CliError(
      'Refused: it was proposed on the command line too, so the two might be one person. ' +
        'Another member must approve it in the console; see docs/command-line.md.',
    );
  }
  return given(answered);
}

/** Assigns a case to a member, then decides the case in the name of that member. */
async function decide(
  asked: CommandInput,
  id: CaseId,
  by: MemberId,
  measure: Measure,
): Promise<unknown> {
  const { store, nowMs, note } = asked;
  const reason = reasonOf(asked);
  const step = { event: 'assign' } as const;
  given(await store.run('case.step', { case: id, by, step, nowMs, via }));
  return given(
    await store.run('case.decide', {
      case: id,
      by,
      decision: { measure, reason, note },
      networks: [],
      freshDecision: brandId<DecisionId>(freshId()),
      freshApproval: brandId<ApprovalId>(freshId()),
      nowMs,
      via,
    }),
  );
}

function measureIn(words: readonly string[]): Measure {
  const measure = MEASURES.find((known) => known === words[1]);
  if (measure === undefined) throw new CliError(`Give one of ${MEASURES.join(', ')}.`);
  return measure;
}

function reasonOf({ reason }: CommandInput): ReportReason {
  const ground = REPORT_REASONS.find((known) => known === reason);
  if (ground === undefined) throw new CliError(`--reason: ${REPORT_REASONS.join(', ')}.`);
  return ground;
}

function timeIn(text: string | undefined): number {
  const atMs = text === undefined ? Number.NaN : Date.parse(text);
  if (Number.isNaN(atMs)) throw new CliError('--until: a time, such as 2030-01-31T12:00Z.');
  return atMs;
}

function subjectIn(text: string): SubjectId {
  if (!isId(text))
    throw new CliError(`${text} isn't a subject. case show prints the subject of a case.`);
  return brandId<SubjectId>(text);
}

/**
 * Finds the user that a recovery code, a report's proof, a decision's code or a session identifies.
 */
async function whoseData({
  store,
  words,
  code,
  session,
  ring,
  nowMs,
}: CommandInput): Promise<SubjectId> {
  const signer = new NodeSigner(() => ring);
  if (code !== undefined) {
    const own = signer.openRecoveryCode(code);
    if (own !== null) return own;
    const report = signer.openOutcomeToken(code);
    const decision = signer.openAppealCode(code);
    const of = report === null ? decision && { decision } : { report };
    const found = of === null ? null : await store.run('subject.of-proof', of);
    if (found?.ok === true) return found.value;
    throw new CliError(
      'This is no recovery code, no proof of a stored report and no code of a decision. The short code of a report isn’t ' +
        'enough, since members see it. The proof is on the reporter’s device, under “Your reports”.',
    );
  }
  if (session !== undefined) {
    const receipt = openSessionReceipt(signer, session, nowMs);
    if (receipt === null) {
      throw new CliError('This receipt isn’t from this server, or is more than a day old.');
    }
    return receipt.subject;
  }
  return subjectIn(word(words, 0, 'a subject, --code or --session'));
}

/**
 * The first member always gets the child-safety role. Otherwise no member could open child-safety
 * cases until a second one is added.
 */
async function withFirstRole(
  store: ModerationStore,
  roles: readonly Role[],
): Promise<readonly Role[]> {
  const members = await store.run('member.list', null);
  const isFirst = members.every(({ leftAtMs }) => leftAtMs !== null);
  return isFirst && !roles.includes('child-safety') ? [...roles, 'child-safety'] : roles;
}

async function memberNamed(store: ModerationStore, name: string | undefined): Promise<MemberId> {
  if (name === undefined) throw new CliError('Say who you are: --as NAME.');
  const members = await store.run('member.list', null);
  const member = members.find((one) => one.name === name && one.leftAtMs === null);
  if (member === undefined) throw new CliError(`There is no member named ${name}.`);
  return member.id;
}

function caseIn(words: readonly string[]): CaseId {
  return brandId<CaseId>(word(words, 0, 'a case'));
}

/** @throws CliError with the reason if the store refused the command */
function given<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new CliError(refusalText(result.reason));
  return result.value;
}

function freshId(): string {
  return randomBytes(16).toString('base64url');
}
