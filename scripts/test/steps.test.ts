import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords, runSteps } from '../lib/steps.mjs';

/**
 * Output of a passing step. A stack trace can't contain this text, not even through the
 * checkout's path.
 */
const UNTOLD = '<what a good step printed>';

test('continues after a failed step and shows its full output', async (t) => {
  const printed: string[] = [];
  t.mock.method(console, 'log', (text: string) => printed.push(text));
  const ran: string[] = [];
  const step = (name: string, ok: boolean, output: string) => ({
    name,
    run: () => {
      ran.push(name);
      return Promise.resolve({ ok, output });
    },
  });
  const thrower = { name: 'thrower', run: () => Promise.reject(new Error('it broke')) };
  const steps = [step('bad', false, 'line one\nline two'), thrower, step('good', true, UNTOLD)];
  assert.deepEqual(await runSteps(steps), ['bad', 'thrower']);
  assert.deepEqual(ran, ['bad', 'good']);
  const all = printed.join('\n');
  assert.match(all, /bad +FAILED +\d+\.\d s\n\nline one\nline two\n/);
  assert.match(all, /thrower +FAILED[^]*it broke/);
  assert.match(all, /good +ok +\d+\.\d s$/);
  assert.ok(!all.includes(UNTOLD));
});

test('prints durations in minutes and seconds', () => {
  assert.equal(inWords(0), '0 min 00 s');
  assert.equal(inWords(187_400), '3 min 07 s');
});
