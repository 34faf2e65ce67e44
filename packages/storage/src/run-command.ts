import { COMMANDS, type CommandName } from '@farandole/moderation/service/commands';
import type { Records } from '@farandole/moderation/store/records';
import { recordsVia, type Via } from '@farandole/moderation/store/via';

/** The cast is safe because the command's name determines the type of its input. */
export async function runCommand(
  records: Records,
  name: CommandName,
  input: unknown,
): Promise<unknown> {
  const command: (records: Records, input: never) => Promise<unknown> = COMMANDS[name];
  const { via } = (input ?? {}) as { readonly via?: Via };
  return await command(via === undefined ? records : recordsVia(records, via), input as never);
}
