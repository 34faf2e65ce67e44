import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, type CommandName } from '@farandole/moderation/service/commands';
import type { Records } from '@farandole/moderation/store/records';
import { recordsFor } from '../src/run-command.ts';

test('[ST-3] only a command of kind audit appends to the audit', async () => {
  const appended: string[] = [];
  const append = async ({ about }: { readonly about: string }): Promise<void> => {
    appended.push(about);
  };
  const records = { audit: { append } } as unknown as Records;
  const names = Object.keys(COMMANDS) as CommandName[];
  for (const name of names) {
    const entry = { by: 'software', action: 'test', about: name, atMs: 0, details: {} } as const;
    const appending = recordsFor(name, records).audit.append(entry);
    if (COMMANDS[name].kind === 'audit') await appending;
    else await assert.rejects(appending, { message: /isn’t of kind audit/ });
  }
  assert.deepEqual(
    appended,
    names.filter((name) => COMMANDS[name].kind === 'audit'),
  );
  assert.ok(appended.length > 0 && appended.length < names.length);
});
