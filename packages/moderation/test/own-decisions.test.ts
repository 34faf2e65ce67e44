import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import { readOwnDecisions } from '../src/appeals/own-decisions.ts';
import type { DecisionId } from '../src/ids.ts';
import type { Records } from '../src/store/records.ts';
import type { Decision } from '../src/store/stored.ts';

const DECISION: Decision = {
  id: brandId('decision-one'),
  case: brandId('case-one'),
  subject: brandId('subject-one'),
  measure: 'warn',
  reason: 'hate',
  deciders: [brandId('member-ana')],
  atMs: 0,
  endsAtMs: null,
  reversedAtMs: null,
  replacedBy: null,
  ended: { holdUntilMs: null, sanctions: [] },
};

/** Returns all queries that reading one decision makes, in order. */
async function questionsOf(decision: DecisionId, there: Decision | null): Promise<string[]> {
  const asked: string[] = [];
  const of = (name: string) => ({
    get: async () => {
      asked.push(`${name}.get`);
      return there;
    },
    find: async () => {
      asked.push(`${name}.find`);
      return [];
    },
    count: async () => {
      asked.push(`${name}.count`);
      return 0;
    },
  });
  const records = new Proxy({}, { get: (_, name) => of(String(name)) }) as Records;
  await readOwnDecisions(records, { by: { decision }, nowMs: 1 });
  return asked;
}

test('[MO-53] makes equally many queries for missing, hidden and readable decisions', async () => {
  const read = await questionsOf(DECISION.id, DECISION);
  assert.ok(read.includes('sanctions.find') && read.includes('appeals.find'));
  assert.deepEqual(await questionsOf(brandId('no-decision'), null), read);
  const dismissed = await questionsOf(DECISION.id, { ...DECISION, measure: 'dismiss' });
  assert.deepEqual(dismissed, read);
});
