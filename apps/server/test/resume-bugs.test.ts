import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misplaced } from '@farandole/e2e/planting/mutant';
import { RESUME_BUGS, SYMPTOMS } from './resume/resume-bugs.ts';

// The long tier plants every bug in turn: `npm run test:long -- resume-planted`.
test('[PR-52] finds exactly one syntax node for each planted resume bug', () => {
  assert.deepEqual(misplaced(RESUME_BUGS), []);
});

test('[PR-52] gives planted resume bugs unique names and known symptoms', () => {
  assert.equal(new Set(RESUME_BUGS.map(({ name }) => name)).size, 13);
  const known: readonly string[] = SYMPTOMS;
  const unknown = RESUME_BUGS.filter(({ caughtBy }) => !caughtBy.every((by) => known.includes(by)));
  assert.deepEqual(unknown, []);
});
