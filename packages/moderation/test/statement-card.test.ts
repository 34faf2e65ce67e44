import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import { type DecisionFacts, stateReasons } from '@farandole/moderation/appeals/statement';
import { type StatementWords, statementCard } from '@farandole/moderation/appeals/statement-card';
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
const STATES = ['holds', 'over', 'lifted', 'overturned'] as const;
const NONE: DecisionFacts = { reports: 0, lines: false, pictures: 0, earlier: [] };

/** Each text equals its key, so that tests can compare keys. */
const WORDS: StatementWords = {
  measure: namesOf(MEASURES),
  state: namesOf(STATES),
  does: namesOf(['text-only', 'suspended', 'none']),
  grounds: namesOf(REPORT_REASONS),
  fact: namesOf(['reports', 'lines', 'pictures', 'own-initiative']),
  earlier: 'earlier {{days}}',
  what: 'what',
  ground: 'ground',
  lookedAt: 'looked at',
  who: 'who',
  people: 'people',
  from: 'from',
  until: 'until',
  noEnd: 'no end',
  appealTitle: 'appeal',
  appealText: 'how',
  writeHint: 'write until {{until}}',
};

const READER = {
  language: 'en',
  words: WORDS,
  moment: (atMs: number) => `moment ${atMs}`,
  day: (atMs: number) => `day ${atMs}`,
  nowMs: 0,
};

function namesOf<Name extends string>(names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name): [string, string] => [name, name])) as Record<
    Name,
    string
  >;
}

test('[MO-45] lists exactly the evidence that a decider examined', () => {
  const lookedAt = (facts: DecisionFacts) => {
    const input = {
      decision: brandId<never>('decision-c'),
      measure: 'warn',
      ground: 'hate',
    } as const;
    const statement = stateReasons({ ...input, facts, atMs: 3 });
    const { rows } = statementCard({ statement, state: 'over' }, READER);
    return new Map(rows).get('looked at');
  };
  assert.equal(lookedAt(ALL), 'reports lines pictures earlier day 1, day 2');
  assert.equal(lookedAt(NONE), 'own-initiative');
});

test('[MO-45] states measure, rule, end and appeal deadline of each decision', () => {
  const decision = brandId<never>('decision-c');
  for (const measure of MEASURES) {
    for (const ground of REPORT_REASONS) {
      const statement = stateReasons({ decision, measure, ground, facts: ALL, atMs: 3 });
      for (const state of STATES) {
        const card = statementCard({ statement, state }, READER);
        const rows = new Map(card.rows);
        assert.deepEqual([card.title, card.state, rows.get('ground')], [measure, state, ground]);
        assert.equal(rows.get('from'), 'moment 3');
        assert.equal(card.appeal.hint, `write until moment ${statement.appealUntilMs}`);
        const { restriction, endsAtMs } = statement;
        const isOver = restriction === null || state === 'lifted' || state === 'overturned';
        const end = endsAtMs === null ? /^no end$/ : new RegExp(`^moment ${endsAtMs} \\(in `);
        if (isOver) assert.equal(rows.get('until'), undefined);
        else assert.match(rows.get('until') ?? '', end);
      }
    }
  }
});
