import { COMMANDS, type CommandName } from '@farandole/moderation/service/commands';
import type { Records } from '@farandole/moderation/store/records';
import { recordsAppending, recordsVia, type Via } from '@farandole/moderation/store/via';

/** Runs a command on the records of an open transaction. */
export async function runCommand(
  records: Records,
  name: CommandName,
  input: unknown,
): Promise<unknown> {
  // The cast is safe because the command's name determines the type of its input.
  const run: (records: Records, input: never) => Promise<unknown> = COMMANDS[name].run;
  const { via } = (input ?? {}) as { readonly via?: Via };
  const allowed = recordsFor(name, records);
  return await run(via === undefined ? allowed : recordsVia(allowed, via), input as never);
}

/**
 * Returns the records that a command may use. Only a command of kind `audit` may append to the
 * audit, because only its transaction holds the lock of the audit's end.
 */
export function recordsFor(name: CommandName, records: Records): Records {
  if (COMMANDS[name].kind === 'audit') return records;
  return recordsAppending(records, async () => {
    throw new Error(`${name} isn’t of kind audit, so it can’t append to the audit.`);
  });
}
