import type { CommandName, InputOf, OutcomeOf } from '../service/commands.ts';

/**
 * The moderation store. Each command is one transaction, and its promise resolves once the result
 * is on disk. A refused command changes nothing. If the disk or database fails, the promise rejects
 * and nothing has changed, with one exception: if the database connection is lost during the commit
 * and doesn't come back in time, the change may have been made.
 */
export interface ModerationStore {
  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>>;
  /** Resolves after all commands were answered and all files and connections were closed. */
  close(): Promise<void>;
}
