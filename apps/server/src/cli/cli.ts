import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { MemberId, SignInLinkId } from '@farandole/accounts/ids';
import { SIGN_IN_LINK_MS } from '@farandole/accounts/limits';
import { isRole, ROLES } from '@farandole/accounts/roles';
import { openSessionReceipt } from '@farandole/gateway/receipts';
import { brandId, isId, type SubjectId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import { APPEAL_OUTCOMES } from '@farandole/moderation/appeals/appeal';
import { MEASURES, type Measure, ruleOfMeasure } from '@farandole/moderation/cases/decision';
import type {
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  SanctionId,
} from '@farandole/moderation/ids';
import { REPORT_REASONS, type ReportReason } from '@farandole/moderation/reports/reason';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Via } from '@farandole/moderation/store/via';
import { StoreError } from '@farandole/storage/store-error';
import type { Environment } from '../config/config-source.ts';
import { inWords, loadConfig, originsOf } from '../config.ts';
import { ownLinesIn, withOwnLines } from '../journal/own-lines.ts';
import { type KeyRing, readKeys } from '../keys/keys.ts';
import { NodeSigner } from '../keys/signer.ts';
import { commandDate } from '../node/node-clock.ts';
import { signInAddress } from '../sign-in/owner-link.ts';
import { digestOf, freshToken } from '../sign-in/secrets.ts';
import { StartError } from '../start-error.ts';
import { openStore, wordsSealOf } from '../store/open-store.ts';
import { sayCheckpoint, verifyAudit } from './audit-commands.ts';
import { CliError } from './cli-error.ts';
import { FOLDER_COMMANDS } from './folder-commands.ts';
import { printable } from './printable.ts';
import { transparencyReport } from './transparency-report.ts';

export const USAGE = `Usage: npm run farandole -- COMMAND …

  user add NAME --role ROLE …       makes somebody a member; roles: ${ROLES.join(', ')}
  user list
  user disable NAME                 ends it at once, wherever they are signed in
  user passkey-link NAME            a link by which that member comes in once, within an hour
  case list --as NAME               the queue, as that member sees it
  case show CASE --as NAME          with all that was written; that it was read is written down
  case decide CASE MEASURE --reason REASON [--note TEXT] --as NAME
                                    measures: ${MEASURES.join(', ')}
                                    reasons: ${REPORT_REASONS.join(', ')}
  case undo CASE --as NAME          within ten seconds
  approval give APPROVAL --as NAME  a second person's yes to what takes two
  approval refuse APPROVAL --as NAME
  sanction list
  sanction add SUBJECT MEASURE --reason REASON [--note TEXT] --as NAME
                                    of somebody whom nobody reported here; a case is opened for it
  sanction lift SANCTION
  appeal list --as NAME             those that wait and that this member may answer
  appeal decide APPEAL OUTCOME --as NAME
                                    outcomes: uphold, overturn, shorten --until TIME
  export SUBJECT                    all that is kept of a person, for them to have
  erase SUBJECT                     what they wrote and what is known of them, where nothing is open
                                    of both: instead of SUBJECT, --code with their recovery code, the proof of a
                                    report that they made or the code of a decision about them, or --session
                                    RECEIPT of their page
  transparency FOLDER --from DAY --until DAY
                                    what may be published of those days, both included, as files in a new folder
  audit checkpoint                  how far the audit is, signed: for somebody else to keep
  audit verify [--against FILE]     FILE: what audit checkpoint said once
  backup FOLDER                     keys, journal and store, into a new folder
  restore FOLDER                    a backup, into an empty data folder and a new database
  keys rotate                       gives words, and the roles that may look at pictures, new keys
  migrate                           brings the store to this version, as the next start would
  doctor                            looks at all that a server needs, and says what to do

It works on the store that the settings name, the server's own; the server may run, but for restore and keys rotate.`;

interface Asked {
  readonly store: ModerationStore;
  readonly nowMs: number;
  /** Where the page is opened. */
  readonly origin: string;
  /** The words after the command. */
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
  /** What this server is called in a report of it. */
  readonly service: string;
  readonly dataDir: string;
}

/** Nobody asks here who it is: what is done in a member's name says by what. */
const via: Via = 'operator';

type Command = (asked: Asked) => Promise<unknown>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'user add',
    async ({ store, nowMs, words, roles }) => {
      const known = roles.filter(isRole);
      if (known.length === 0 || known.length < roles.length) {
        throw new CliError(`Give --role, one of ${ROLES.join(', ')}.`);
      }
      const name = word(words, 0, 'a name');
      const id = brandId<MemberId>(freshId());
      const added = await store.run('member.add', { id, name, roles: known, by: null, nowMs });
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
    async ({ store, nowMs, as }) =>
      given(await store.run('queue.read', { by: await memberNamed(store, as), nowMs })),
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
        throw new CliError(`${measure} is no sanction: decide so on a case.`);
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
      const kept = await asked.store.run('subject.export', { subject });
      const lines = await ownLinesIn(asked.dataDir, subject, wordsSealOf(asked.ring));
      return withOwnLines(kept, lines, asked.nowMs);
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

/**
 * Runs one command and says what came of it.
 *
 * @param machineMs the machine's date
 * @param say takes what is for people to read, line by line
 * @returns the exit code
 */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  machineMs: number,
  say: (text: string) => void,
): Promise<number> {
  try {
    const { values, positionals } = readArguments(args);
    const [noun = '', verb = '', ...others] = positionals;
    const isOneWord = COMMANDS.has(noun) || FOLDER_COMMANDS.has(noun);
    const command = COMMANDS.get(isOneWord ? noun : `${noun} ${verb}`);
    const ofFolder = FOLDER_COMMANDS.get(noun);
    const words = isOneWord ? positionals.slice(1) : others;
    if (values.help || (command === undefined && ofFolder === undefined)) {
      say(USAGE);
      return values.help ? 0 : 1;
    }
    const loaded = loadConfig(environment, values.config ?? null);
    if (!loaded.ok) throw new CliError(inWords(loaded.problems));
    const { config } = loaded;
    if (command === undefined)
      return (await ofFolder?.({ config, nowMs: machineMs, words, say })) ?? 1;
    const ring = await readKeys(config.dataDir);
    const store = await openStore(config, config.dataDir, ring, 'here');
    try {
      const { role: roles, ...options } = values;
      const [origin = ''] = originsOf(config, config.port);
      const { dataDir } = config;
      const nowMs = await commandDate(dataDir, machineMs);
      const service = config.operatorName ?? 'Farandole';
      const asked = { ...options, store, ring, service, dataDir, nowMs, origin, words, roles };
      say(printable(await command(asked)));
      return 0;
    } finally {
      await store.close();
    }
  } catch (error) {
    const isTold =
      error instanceof CliError || error instanceof StartError || error instanceof StoreError;
    if (!isTold) throw error;
    say(error.message);
    return 1;
  }
}

/**
 * An id, a subject, a code or a receipt of ours that begins with a dash, as one in 64 does: a word, and no
 * option. It is longer than any, and hardly ever of small letters alone.
 */
const DASHED_WORD = /^-[\w.-]{21,}$/u;
const LONG_OPTION = /^--[a-z-]+$/u;
/** Keeps such a word from being read as options; no argument of a process has it in it. */
const ESCAPE = '\0';

/** @throws CliError for what is no option */
export function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: args.map((arg) => (isOurs(arg) ? ESCAPE + arg : arg)),
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        as: { type: 'string' },
        role: { type: 'string', multiple: true, default: [] },
        reason: { type: 'string' },
        note: { type: 'string', default: '' },
        from: { type: 'string' },
        until: { type: 'string' },
        code: { type: 'string' },
        session: { type: 'string' },
        against: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const { code, session, ...rest } = values;
    return {
      values: {
        ...rest,
        ...(code !== undefined && { code: asSaid(code) }),
        ...(session !== undefined && { session: asSaid(session) }),
      },
      positionals: positionals.map(asSaid),
    };
  } catch (error) {
    throw new CliError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function isOurs(arg: string): boolean {
  return DASHED_WORD.test(arg) && !LONG_OPTION.test(arg);
}

function asSaid(arg: string): string {
  return arg.startsWith(ESCAPE) ? arg.slice(ESCAPE.length) : arg;
}

async function answerApproval(
  { store, nowMs, words, as }: Asked,
  answer: 'approved' | 'declined',
): Promise<unknown> {
  const approval = brandId<ApprovalId>(word(words, 0, 'an approval'));
  const by = await memberNamed(store, as);
  const freshDecision = brandId<DecisionId>(freshId());
  const input = { approval, by, answer, freshDecision, nowMs, via };
  const answered = await store.run('approval.answer', input);
  if (!answered.ok && answered.reason === 'operator-alone') {
    throw new CliError(
      'Refused: it was proposed by the command line too, and nobody knows that the two were two people. ' +
        'Let somebody else say yes in the console; see docs/command-line.md.',
    );
  }
  return given(answered);
}

/** The decision of a member who takes the case first. */
async function decide(asked: Asked, id: CaseId, by: MemberId, measure: Measure): Promise<unknown> {
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

function reasonOf({ reason }: Asked): ReportReason {
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
    throw new CliError(`${text} is no subject: case show says whom a case is about.`);
  return brandId<SubjectId>(text);
}

/** Whom it is asked for, by whichever of the three ways. */
async function whoseData({ store, words, code, session, ring, nowMs }: Asked): Promise<SubjectId> {
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
      'This is no recovery code, no proof of a report that is kept, and no code of a decision. The short code of a report is not ' +
        'enough, since members see it: the proof is on its reporter’s device, under “Your reports”.',
    );
  }
  if (session !== undefined) {
    const receipt = openSessionReceipt(signer, session, nowMs);
    if (receipt === null) {
      throw new CliError('This receipt is not one of this server’s, or is more than a day old.');
    }
    return receipt.subject;
  }
  return subjectIn(word(words, 0, 'a subject, --code or --session'));
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

function word(words: readonly string[], at: number, what: string): string {
  const found = words[at];
  if (found === undefined) throw new CliError(`Give ${what}.\n\n${USAGE}`);
  return found;
}

/** @throws CliError with the reason of a refusal */
function given<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new CliError(`Refused: ${result.reason}.`);
  return result.value;
}

function freshId(): string {
  return randomBytes(16).toString('base64url');
}
