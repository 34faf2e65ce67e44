import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import { type PublishedPart, transparency } from '@farandole/moderation/stats/transparency';
import { strFromU8, unzipSync } from 'fflate';
import { periodOf } from '../src/transparency/read-period.ts';
import { statementLines } from '../src/transparency/statement-lines.ts';
import { templateParts } from '../src/transparency/template-parts.ts';
import { zip } from '../src/transparency/zip.ts';

const HOUR_MS = 3_600_000;

const TOLD: PublishedPart = {
  decisions: [
    {
      id: brandId('decision-one'),
      atMs: Date.UTC(2026, 4, 3, 14, 20),
      endsAtMs: Date.UTC(2026, 4, 10, 14, 20),
      measure: 'text-only-7d',
      ground: 'sexual-content',
      facts: ['reports', 'lines'],
      tookMs: 1.5 * HOUR_MS,
      appeal: 'uphold',
    },
    {
      id: brandId('decision-two'),
      atMs: Date.UTC(2026, 4, 4),
      endsAtMs: null,
      measure: 'suspend-permanently',
      ground: 'hate',
      facts: ['own-initiative'],
      tookMs: null,
      appeal: null,
    },
  ],
  reports: [{ reason: 'sexual-content', verdict: 'upheld' }],
  appeals: [{ outcome: 'uphold', tookMs: 30 * HOUR_MS, restricts: true }],
  sampled: [],
  holds: 1,
};

const PERIOD = periodOf('2026-01-01', '2026-12-31');

function partsOf(service: string): Map<string, string[][]> {
  assert.ok(PERIOD !== null);
  const files = templateParts(transparency(TOLD), PERIOD, service);
  return new Map(files.map(({ name, text }) => [name, rowsOf(text)] as const));
}

/** Parses CSV (RFC 4180). */
function rowsOf(text: string): string[][] {
  assert.ok(text.endsWith('\r\n'));
  return text
    .slice(0, -2)
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

test('[MO-97] accepts a reporting period of whole days and refuses invalid days', () => {
  assert.deepEqual(PERIOD, { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2027, 0, 1) - 1 });
  for (const [from, until] of [
    ['', ''],
    ['2026-02-30', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['2026-13-01', '2027-01-01'],
    ['2026-01-01T00:00Z', '2026-03-01'],
  ] as const) {
    assert.equal(periodOf(from, until), null, `${from} ${until}`);
  }
});

test('[MO-97] writes each transparency report file with complete columns in every row', () => {
  const parts = partsOf('A house, "ours"');
  assert.deepEqual(
    [...parts].map(([name, [head = []]]) => [name, head.length]),
    [
      ['1_report_identification.csv', 4],
      ['4_notices.csv', 25],
      ['6_own_initiative_TC.csv', 37],
      ['7_appeals_and_recidivism.csv', 8],
      ['8_automated_means.csv', 8],
      ['rates.csv', 6],
    ],
  );
  for (const [name, [head = [], ...rows]] of parts) {
    for (const row of rows) assert.equal(row.length, head.length, `${name} ${row.join('|')}`);
  }
  const [, total = []] = parts.get('4_notices.csv') ?? [];
  assert.deepEqual(total.slice(1, 15), [
    'A house, "ours"',
    '2026-01-01/2026-12-31',
    'TOTAL',
    '',
    '1',
    '',
    '1',
    '',
    '1.5',
    '',
    '0',
    '',
    '1',
    '',
  ]);
  const [, own = []] = parts.get('6_own_initiative_TC.csv') ?? [];
  assert.deepEqual([own[5], own[17], own[18]], ['1', '0', '1']);
  const appeals = parts.get('7_appeals_and_recidivism.csv') ?? [];
  assert.deepEqual(
    appeals.slice(1, 6).map((row) => row.slice(5, 7)),
    [
      ['Total number', '1'],
      ['Decisions upheld', '1'],
      ['Decisions partially reversed', '0'],
      ['Decisions reversed', '0'],
      ['Median time', '30'],
    ],
  );
  assert.equal(parts.get('8_automated_means.csv')?.[1]?.[6], '1');
});

test("[MO-97] prevents the operator's name from starting a spreadsheet formula", () => {
  const named = partsOf('=1+1').get('1_report_identification.csv');
  assert.equal(named?.[1]?.[1], "'=1+1");
});

test("[MO-97] writes each statement's day, rule and measure but no user", () => {
  const [first = '', second = '', end] = statementLines(TOLD.decisions).split('\n');
  assert.equal(end, '');
  assert.deepEqual(JSON.parse(first), {
    puid: 'decision-one',
    application_date: '2026-05-03',
    decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION',
    end_date_service_restriction: '2026-05-10',
    measure: 'text-only-7d',
    decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    incompatible_content_ground: 'sexual-content',
    category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    decision_facts: ['reports', 'lines'],
    source_type: 'SOURCE_TYPE_OTHER_NOTIFICATION',
    automated_detection: 'No',
    automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
    appeal: 'uphold',
  });
  const own = JSON.parse(second) as Record<string, unknown>;
  assert.equal(own['source_type'], 'SOURCE_VOLUNTARY');
  assert.equal(own['decision_provision'], 'DECISION_PROVISION_TOTAL_TERMINATION');
});

test('packs complete files into a ZIP without revealing the creation time', () => {
  const files = [
    { name: 'one.csv', text: 'a,é\r\n' },
    { name: 'two.csv', text: '' },
  ];
  const bytes = zip(files);
  const unpacked = Object.entries(unzipSync(bytes));
  assert.deepEqual(
    unpacked.map(([name, content]) => ({ name, text: strFromU8(content) })),
    files,
  );
  const [time, day] = [bytes.subarray(10, 12), bytes.subarray(12, 14)];
  assert.deepEqual(
    [[...time], [...day]],
    [
      [0, 0],
      [0x21, 0],
    ],
  );
});
