import type { CommandName, InputOf, OutcomeOf } from '../service/commands.ts';

/**
 * The moderation store. Each command is one serializable transaction. Its promise resolves once the
 * result is on disk. A refused command changes nothing. The promise rejects, with nothing changed,
 * if the disk or database fails. One exception: if the database connection is lost during the
 * commit, the change may have been made.
 */
export interface ModerationStore {
  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>>;
  /** Resolves after all commands were answered and all files and connections were closed. */
  close(): Promise<void>;
}
