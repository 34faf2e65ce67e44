import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ReportedPair } from '@farandole/moderation/store/stored';
import { t, words } from '../src/i18n/words.ts';
import { actionInWords, detailsInWords, whoInWords } from '../src/parts/audit-words.ts';
import { callInWords } from '../src/parts/call-words.ts';

await words.load('en');

/** Source code of all packages whose commands write to the audit log. */
const written = ['accounts', 'moderation']
  .flatMap((name) => {
    const folder = join(import.meta.dirname, '../../../packages', name, 'src');
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return paths.filter((path) => path.endsWith('.ts')).map((path) => join(folder, path));
  })
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** Returns the first capture group of each match of these patterns in the source code. */
function partsOf(...patterns: readonly RegExp[]): readonly string[] {
  return patterns.flatMap((pattern) => [...written.matchAll(pattern)].map(([, part = '']) => part));
}

test('translates every action in the audit log and its details', () => {
  const actions = partsOf(/action(?: =|:)([^,;\n]*)/gu, /appendAudit\(([^;]*)\);/gu).flatMap(
    (said) => [...said.matchAll(/'([\w-]+\.[\w.-]+)'/gu)].map(([, name = '']) => name),
  );
  assert.ok(actions.length > 20, 'the acts were found');
  for (const action of actions) assert.notEqual(actionInWords({ action, details: {} }), action);

  const names = partsOf(
    /details = \{\s+(\w[^{}]+?),?\s+\}/gu,
    /appendAudit\([^;]*,\s+\{\s+(\w[^{}]+?),?\s+\}\);/gu,
  )
    .flatMap((fields) => fields.split(/,\s+(?=\w+(?::|,|$))/u))
    .map((field) => field.split(':', 1)[0] ?? '')
    .filter((name) => !name.startsWith('...'));
  assert.ok(names.length > 20, 'their details were found');
  for (const name of names) {
    if (name === 'measure') continue;
    for (const value of [7, 'something']) {
      const [said] = detailsInWords({ [name]: value });
      assert.notEqual(said?.name, name.replace(/Ms$/u, ''), name);
    }
  }
});

test('translates known details of an audit entry and shows unknown details unchanged', () => {
  const said = detailsInWords({
    case: 'Qm3vT9xLr0aBcDeFgHiJkL',
    lane: 'child-safety',
    roles: 'moderator senior',
    reason: 'hate',
    endsAtMs: null,
    wraps: 1_200,
    state: 'of another version',
    strange: 'of another version',
  });
  assert.deepEqual(
    said.map(({ name, value, code }) => `${name}: ${value}${code ? ' (code)' : ''}`),
    [
      'Case: Qm3vT9xLr0aB (code)',
      'Who looks: Child safety',
      'Roles: moderator and senior',
      'Reason: Hate',
      'Keys re-encrypted: 1,200',
      'State: of another version',
      'strange: of another v (code)',
    ],
  );
  const decided = { action: 'case.decide', details: { measure: 'warn' } };
  assert.equal(actionInWords(decided), 'Decision: Warned');
  assert.deepEqual(detailsInWords(decided.details), [], 'which the act has said');
  assert.match(detailsInWords({ untilMs: 0 })[0]?.value ?? '', /1970|1969/u);
});

test('mentions the command line only once per audit entry', () => {
  const details = { lane: 'normal', via: 'operator' } as const;
  const by = 'member-ana';
  assert.equal(
    whoInWords({ by, details }, () => 'Ana'),
    'Ana, on the command line',
  );
  assert.equal(
    whoInWords({ by, details: {} }, () => 'Ana'),
    'Ana',
  );
  assert.equal(detailsInWords(details).length, 1);
});

const PAIR: ReportedPair = {
  atMs: 0,
  mode: 'video',
  age: 'declared',
  policy: 3,
  reporter: { tier: 'good', circle: 'good' },
  reported: { tier: 'new', circle: 'normal' },
};

test('[MO-98] says how two users were matched, omitting unknown facts', () => {
  const said = (pair: ReportedPair | null, metBy?: 'invitation' | 'again') =>
    callInWords({ report: metBy === undefined ? {} : { metBy }, pair }, (atMs) => `at ${atMs}`);
  assert.equal(
    said(PAIR),
    'at 0 · by video · age as they said · reporter: Good standing · reported: New here · rules 3',
  );
  const bare = { ...PAIR, mode: null, age: 'of another version', reporter: null, reported: null };
  assert.equal(said(bare), 'at 0 · rules 3');
  assert.equal(said(null), 'How the two were matched is unknown.');
});

test('[MO-200] says that two users met by invitation, even of an unknown match', () => {
  const said = (pair: ReportedPair | null, metBy: 'invitation' | 'again') =>
    callInWords({ report: { metBy }, pair }, (atMs) => `at ${atMs}`);
  assert.match(said(PAIR, 'invitation'), /^at 0 · by invitation · by video · /);
  assert.match(said(PAIR, 'again'), /^at 0 · met again, both asked · by video · /);
  assert.equal(said(null, 'invitation'), 'How the two were matched is unknown. · by invitation');
});

test('isolates names in texts written from right to left', async (context) => {
  Object.assign(globalThis, { document: { documentElement: {} } });
  context.after(() => Reflect.deleteProperty(globalThis, 'document'));
  const said = () => t('alerts.endedBy', { name: 'Ana', moment: '2/3' });
  await words.use('ar');
  assert.match(said(), /\u2067Ana\u2069.*\u20672\/3\u2069/u);
  await words.use('en');
  assert.doesNotMatch(said(), /[\u2067\u2069]/u);
});
