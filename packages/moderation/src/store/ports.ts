import type { CommandName, InputOf, OutcomeOf } from '../service/commands.ts';

/**
 * Where all of it is kept.
 *
 * A command is one transaction: wholly there or not at all, and as if no other ran at the same
 * time. Its promise resolves only once it is on the disk, so that what was acknowledged is there
 * after a crash; one that is refused has changed nothing. It rejects, with nothing changed, when
 * the disk or the database fails; only where the connection to a database is lost at the very end
 * may the change be there all the same.
 */
export interface ModerationStore {
  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>>;
  /** Resolves when all that was asked has been answered and everything is closed. */
  close(): Promise<void>;
}
