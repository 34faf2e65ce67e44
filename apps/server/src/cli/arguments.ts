import { parseArgs } from 'node:util';
import { ROLES } from '@farandole/accounts/roles';
import { MEASURES } from '@farandole/moderation/cases/decision';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';

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

/** A command that cannot be carried out. The message says why. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/**
 * An id, code or receipt that begins with a dash, as one in 64 does. Longer than any option, and
 * hardly ever all lower case.
 */
const DASHED_WORD = /^-[\w.-]{21,}$/u;
const LONG_OPTION = /^--[a-z-]+$/u;
/** Marks such an argument so that it isn't parsed as an option. No process argument can contain it. */
const ESCAPE = '\0';

/** @throws CliError for an unknown option */
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

/** @throws CliError if the word is missing */
export function word(words: readonly string[], at: number, what: string): string {
  const found = words[at];
  if (found === undefined) throw new CliError(`Give ${what}.\n\n${USAGE}`);
  return found;
}
