import type { CommandName, InputOf, OutcomeOf } from '../service/commands.ts';

/**
 * The moderation store.
 * A command is one serializable transaction. Its promise resolves once the result is on disk; a
 * refused command changes nothing. It rejects, with nothing changed, if the disk or database fails.
 * Exception: if the database connection is lost during the commit, the change may have been made.
 */
export interface ModerationStore {
  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>>;
  /** Resolves when all commands are answered and everything is closed. */
  close(): Promise<void>;
}
