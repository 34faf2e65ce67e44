import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloseError, closeAll } from '../src/node/close-all.ts';

test('runs every step, the last one first, and names each failure once', async () => {
  const ran: string[] = [];
  const step = (name: string, code?: string) => async (): Promise<void> => {
    ran.push(name);
    if (code !== undefined) throw Object.assign(new Error(name), { code });
  };
  const steps = [step('folder', 'EIO'), step('store'), step('journal', 'EIO'), step('sockets')];
  await assert.rejects(closeAll(steps), (error) => {
    return error instanceof CloseError && error.message.includes('(EIO)');
  });
  assert.deepEqual(ran, ['sockets', 'journal', 'store', 'folder']);
  await closeAll([step('all well')]);
});
