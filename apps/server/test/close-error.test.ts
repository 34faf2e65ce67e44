import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloseError } from '../src/node/close-error.ts';

test('lists each error code once when server parts fail to close', async () => {
  const parts = new AsyncDisposableStack();
  const closed: string[] = [];
  const part = (name: string, code?: string) =>
    parts.defer(() => {
      closed.push(name);
      if (code !== undefined) throw Object.assign(new Error(name), { code });
    });
  part('folder', 'EIO');
  part('store');
  part('journal', 'ENOSPC');
  part('sockets', 'EIO');
  await assert.rejects(parts.disposeAsync(), (error) => {
    const { message } = new CloseError(error);
    return message.includes('(EIO, ENOSPC)') || message.includes('(ENOSPC, EIO)');
  });
  assert.deepEqual(closed, ['sockets', 'journal', 'store', 'folder']);
});
