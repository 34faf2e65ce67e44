import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { brandId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import { MEASURES } from '@farandole/moderation/decision';
import type {
  ApprovalId,
  CaseId,
  DecisionId,
  MemberId,
  SanctionId,
  SignInLinkId,
} from '@farandole/moderation/ids';
import { SIGN_IN_LINK_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/ports';
import { REPORT_REASONS } from '@farandole/moderation/reason';
import { isRole, ROLES } from '@farandole/moderation/roles';
import type { Environment } from '../config/config-source.ts';
import { inWords, loadConfig, originsOf } from '../config.ts';
import { signInAddress } from '../console/owner-link.ts';
import { digestOf, freshToken } from '../console/secrets.ts';
import { readKeys } from '../keys.ts';
import { StartError } from '../start-error.ts';
import { openStore } from '../store/open-store.ts';
import { printable } from './printable.ts';

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
  sanction lift SANCTION
  audit verify

It works on the store that the settings name, the server's own; the server may run.`;

/** Somebody asked for what cannot be done; the message says why. */
class CliError extends Error {
  override readonly name = 'CliError';
}

interface Asked {
  readonly store: ModerationStore;
  readonly nowMs: number;
  /** Where the page is opened. */
  readonly origin: string;
  /** The words after the command. */
  readonly words: readonly string[];
  readonly as: string | undefined;
  readonly roles: readonly string[];
  readonly reason: string | undefined;
  readonly note: string;
}

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
      return given(await store.run('case.show', { case: caseIn(words), by, nowMs }));
    },
  ],
  [
    'case decide',
    async ({ store, nowMs, words, as, reason, note }) => {
      const id = caseIn(words);
      const measure = MEASURES.find((known) => known === words[1]);
      const ground = REPORT_REASONS.find((known) => known === reason);
      if (measure === undefined) throw new CliError(`Give one of ${MEASURES.join(', ')}.`);
      if (ground === undefined) throw new CliError(`--reason: ${REPORT_REASONS.join(', ')}.`);
      const by = await memberNamed(store, as);
      const step = { event: 'assign' } as const;
      given(await store.run('case.step', { case: id, by, step, nowMs }));
      return given(
        await store.run('case.decide', {
          case: id,
          by,
          decision: { measure, reason: ground, note },
          networks: [],
          freshDecision: brandId<DecisionId>(freshId()),
          freshApproval: brandId<ApprovalId>(freshId()),
          nowMs,
        }),
      );
    },
  ],
  [
    'case undo',
    async ({ store, nowMs, words, as }) => {
      const by = await memberNamed(store, as);
      return given(await store.run('case.undo', { case: caseIn(words), by, nowMs }));
    },
  ],
  ['approval give', (asked) => answerApproval(asked, 'approved')],
  ['approval refuse', (asked) => answerApproval(asked, 'declined')],
  ['sanction list', ({ store, nowMs }) => store.run('standing.read', { nowMs, unless: null })],
  [
    'sanction lift',
    async ({ store, nowMs, words }) => {
      const sanction = brandId<SanctionId>(word(words, 0, 'a sanction'));
      return given(await store.run('sanction.lift', { sanction, by: null, nowMs }));
    },
  ],
  ['audit verify', ({ store }) => store.run('audit.verify', null)],
]);

/**
 * Runs one command and says what came of it.
 *
 * @param say takes what is for people to read, line by line
 * @returns the exit code
 */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  nowMs: number,
  say: (text: string) => void,
): Promise<number> {
  try {
    const { values, positionals } = read(args);
    const [noun = '', verb = '', ...words] = positionals;
    const command = COMMANDS.get(`${noun} ${verb}`);
    if (values.help || command === undefined) {
      say(USAGE);
      return values.help ? 0 : 1;
    }
    const loaded = loadConfig(environment, values.config ?? null);
    if (!loaded.ok) throw new CliError(inWords(loaded.problems));
    const { dataDir } = loaded.config;
    const store = await openStore(loaded.config, dataDir, (await readKeys(dataDir)).subject);
    try {
      const { as, role: roles, reason, note } = values;
      const [origin = ''] = originsOf(loaded.config, loaded.config.port);
      say(printable(await command({ store, nowMs, origin, words, as, roles, reason, note })));
      return 0;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof CliError || error instanceof StartError)) throw error;
    say(error.message);
    return 1;
  }
}

/** An id of ours that begins with a dash, as one in 64 does: a word, and no option. */
const DASHED_ID = /^-[\w-]{21}$/u;
/** Keeps such an id from being read as options. */
const ESCAPE = '\\';

function read(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: args.map((arg) => (DASHED_ID.test(arg) ? ESCAPE + arg : arg)),
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        as: { type: 'string' },
        role: { type: 'string', multiple: true, default: [] },
        reason: { type: 'string' },
        note: { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    });
    const words = positionals.map((said) => (said.startsWith(ESCAPE) ? said.slice(1) : said));
    return { values, positionals: words };
  } catch (error) {
    throw new CliError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

async function answerApproval(
  { store, nowMs, words, as }: Asked,
  answer: 'approved' | 'declined',
): Promise<unknown> {
  const approval = brandId<ApprovalId>(word(words, 0, 'an approval'));
  const by = await memberNamed(store, as);
  const freshDecision = brandId<DecisionId>(freshId());
  return given(await store.run('approval.answer', { approval, by, answer, freshDecision, nowMs }));
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
