import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import { type DecisionFacts, stateReasons } from '@farandole/moderation/appeals/statement';
import { statementCard } from '@farandole/moderation/appeals/statement-words';
import { MEASURES } from '@farandole/moderation/cases/decision';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';

const ALL: DecisionFacts = {
  reports: 2,
  lines: true,
  pictures: 3,
  earlier: [
    { decision: brandId('decision-a'), atMs: 1 },
    { decision: brandId('decision-b'), atMs: 2 },
  ],
};
const NONE: DecisionFacts = { reports: 0, lines: false, pictures: 0, earlier: [] };

const TIMES = {
  moment: (atMs: number) => `moment ${atMs}`,
  day: (atMs: number) => `day ${atMs}`,
  nowMs: 0,
};

test('[MO-45] a statement says all that was looked at, and nothing that was not', () => {
  const lookedAt = (facts: DecisionFacts) => {
    const input = {
      decision: brandId<never>('decision-c'),
      measure: 'warn',
      ground: 'hate',
    } as const;
    const statement = stateReasons({ ...input, facts, atMs: 3 });
    const { rows } = statementCard({ statement, state: 'over' }, 'en', TIMES);
    return new Map(rows).get('What was looked at');
  };
  assert.equal(
    lookedAt(ALL),
    'What people reported. Messages that this server had marked when they were sent. Pictures. Earlier decisions that still counted: day 1, day 2.',
  );
  assert.equal(lookedAt(NONE), 'What moderators saw for themselves: nobody had reported it.');
});

test('a statement is whole in both languages, and French has its narrow spaces', () => {
  const decision = brandId<never>('decision-c');
  for (const language of ['en', 'fr'] as const) {
    for (const measure of MEASURES) {
      for (const ground of REPORT_REASONS) {
        for (const facts of [ALL, NONE]) {
          const statement = stateReasons({ decision, measure, ground, facts, atMs: 3 });
          for (const state of ['holds', 'over', 'lifted', 'overturned'] as const) {
            const card = JSON.stringify(statementCard({ statement, state }, language, TIMES));
            assert.doesNotMatch(card, /undefined|""/);
            if (language === 'fr')
              assert.doesNotMatch(card, /[^\u202f][!?;]|[^"\u00a0]:(?!["[{])|[a-z]'/u);
          }
        }
      }
    }
  }
});
