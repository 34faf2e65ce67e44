import { parseArgs } from 'node:util';
import { ROLES } from '@farandole/accounts/roles';
import { MEASURES } from '@farandole/moderation/cases/decision';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';
import { nearestName } from '../config/nearest-name.ts';

export const USAGE = `Usage: farandole COMMAND …    (in a clone: npm run farandole -- COMMAND …)

  serve                             runs the server until Ctrl+C or SIGTERM; serve --help lists all settings
  user add NAME --role ROLE …       adds a member; roles: ${ROLES.join(', ')}
  user list                         all members, with their roles
  user disable NAME                 disables a member and ends their sessions
  user passkey-link NAME            a one-time sign-in link, valid for an hour
  case list --as NAME               the queue as that member sees it
  case show CASE --as NAME          a case with all texts; the audit records it
  case decide CASE MEASURE --reason REASON [--note TEXT] --as NAME
                                    measures: ${MEASURES.join(', ')}
                                    reasons: ${REPORT_REASONS.join(', ')}
  case undo CASE --as NAME          takes a decision back, within ten seconds
  approval give APPROVAL --as NAME  approves what needs two members
  approval refuse APPROVAL --as NAME
                                    refuses it
  sanction list                     the sanctions in force
  sanction add SUBJECT MEASURE --reason REASON [--note TEXT] --as NAME
                                    restricts a user without a report; opens a case
  sanction lift SANCTION            ends a sanction at once
  appeal list --as NAME             open appeals that this member may answer
  appeal decide APPEAL OUTCOME --as NAME
                                    answers an appeal; outcomes: uphold, overturn, shorten --until TIME
  export SUBJECT                    all data of a user, to give to them
  erase SUBJECT                     deletes a user's data, unless a case is open
                                    export and erase take, instead of SUBJECT, --code CODE (a recovery code,
                                    the proof of a report or the code of a decision) or --session RECEIPT
  transparency FOLDER --from DAY --until DAY
                                    writes the publishable data of these days, both included, into a new folder
  audit checkpoint                  the signed end of the audit, to store elsewhere
  audit verify [--against FILE]     checks every row of the audit; FILE: an earlier output of audit checkpoint
  backup FOLDER                     writes keys and store into a new folder
  restore FOLDER                    restores a backup into an empty data folder and a new database
  keys init [--file FILE]           makes the keys file; only for PostgreSQL or FARANDOLE_KEYS_FILE
  keys rotate                       creates new keys for texts and for roles that may view pictures
  migrate [--no-backup]             backs the store up and upgrades it to this version, as the next start would
  doctor                            checks settings, store, disk, backup and relay, and says what to fix
  help COMMAND                      prints the usage of one command

  --config FILE   reads settings from a JSON file; environment variables override it
  --json          prints JSON, with times in ISO 8601, for programs
  --version       prints the version

Uses the store of the server's settings. The server may run, except during restore.`;

/**
 * Returns the usage of each command that begins with the given words. Null if there is none.
 */
export function usageOf(words: readonly string[]): string | null {
  const asked = words.join(' ');
  const entries = USAGE.split(/\n(?= {2}[a-z])/u).slice(1);
  const found = entries.filter((entry) => `${entry.trim()} `.startsWith(`${asked} `));
  return found.length === 0 ? null : found.map((entry) => entry.split('\n\n')[0]).join('\n');
}

/** Says that there is no such command, and names the most similar one. */
export function noSuchCommand(words: readonly string[]): string {
  const asked = words.slice(0, 2).join(' ');
  const entries = USAGE.matchAll(/^ {2}([a-z][a-z-]*(?: [a-z][a-z-]*)?)/gmu);
  const known = Array.from(entries, ([, name = '']) => name.toUpperCase());
  const oneWord = nearestName(words[0] ?? '', known);
  const nearest = nearestName(asked, known) ?? oneWord;
  const meant = nearest === null ? '' : ` Did you mean ${nearest.toLowerCase()}?`;
  return `There is no command ${asked}.${meant} "farandole help" lists the commands.`;
}

/** Thrown when a command can't be carried out. The message says why. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/**
 * Matches an id, code or receipt that begins with a dash. One in 64 does, because these are
 * base64url. Such a word is longer than any option, and almost never consists of lower-case letters
 * alone.
 */
const DASHED_WORD = /^-[\w.-]{21,}$/u;
const LONG_OPTION = /^--[a-z-]+$/u;
/**
 * Prefix that the CLI adds to an argument that begins with a dash, so that the parser doesn't take
 * the argument for an option. No process argument can contain this character.
 */
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
        file: { type: 'string' },
        help: { type: 'boolean', default: false },
        'no-backup': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
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

/** @throws CliError if the command has no word at this position */
export function word(words: readonly string[], at: number, what: string): string {
  const found = words[at];
  if (found === undefined) throw new CliError(`Give ${what}. "farandole help" lists the commands.`);
  return found;
}
