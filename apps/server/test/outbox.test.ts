import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../src/outbox/outbox.ts';

function setUp(limits: { readonly waiting: number; readonly atOnce: number }) {
  const untold = new Outbox<string, string>(limits);
  const told: string[][] = [];
  const tell = (meanwhile: () => void = () => {}) =>
    untold.tell(async (values) => {
      told.push([...values]);
      meanwhile();
    });
  return { untold, told, tell };
}

test('sends each outbox entry once, in batches, in the order queued', async () => {
  const { untold, told, tell } = setUp({ waiting: 10, atOnce: 2 });
  for (const name of ['a', 'b', 'c']) untold.note(name, name);
  assert.equal(await tell(), true, 'there is more');
  assert.equal(await tell(), false);
  assert.equal(await tell(), false);
  assert.deepEqual(told, [['a', 'b'], ['c']]);
});

test('resends only the outbox entries that changed while being sent', async () => {
  const { untold, told, tell } = setUp({ waiting: 10, atOnce: 10 });
  for (const name of ['a', 'b', 'c']) untold.note(name, name);
  const more = await tell(() => {
    untold.note('a', 'a anew');
    untold.change('b', (value) => `${value}, and more`);
  });
  assert.equal(more, true);
  untold.change('c', (value) => `${value}, too late`);
  untold.change('never', () => 'something');
  await tell();
  assert.deepEqual(told, [
    ['a', 'b', 'c'],
    ['b, and more', 'a anew'],
  ]);
});

test('keeps the newest outbox entries up to the limit after a failure', async () => {
  const { untold, told, tell } = setUp({ waiting: 2, atOnce: 10 });
  const fails = untold.tell(() => Promise.reject(new Error('out of reach')));
  assert.equal(await fails, false, 'nobody is asked where nothing waits');
  for (const name of ['a', 'b']) untold.note(name, name);
  await assert.rejects(
    untold.tell(() => Promise.reject(new Error('out of reach'))),
    { message: 'out of reach' },
  );
  untold.note('c', 'c');
  await tell();
  assert.deepEqual(told, [['b', 'c']]);
});
