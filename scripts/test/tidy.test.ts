import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeFaults } from '../tidy/rules/code.ts';
import { commandFaults } from '../tidy/rules/commands.ts';
import { documentFaults } from '../tidy/rules/documents.ts';
import { importFaults } from '../tidy/rules/imports.ts';
import { layerFaults } from '../tidy/rules/layers.ts';
import { leakFaults } from '../tidy/rules/leaks.ts';
import { mapFaults } from '../tidy/rules/map.ts';
import { patternFaults } from '../tidy/rules/patterns.ts';
import { settingFaults } from '../tidy/rules/settings.ts';
import { specFaults } from '../tidy/rules/specs.ts';
import { describeFault, type Fault, readCheckout } from '../tidy/tree.ts';

const checkout = readCheckout();

const RULES = {
  'every import is declared and allowed by the table of packages': importFaults,
  'imports run down the layers of a package': layerFaults,
  'every SPEC rule has a test and every cited rule exists': specFaults,
  'no markup, pattern or SQL is built from text': codeFaults,
  'no file names a machine or a registry': leakFaults,
  'links, paths, tests and constants in documents exist': documentFaults,
  'commands in documents exist': commandFaults,
  'docs/ARCHITECTURE.md lists the imports of each room': mapFaults,
  'the server reads exactly the documented settings': settingFaults,
} as const;

function assertNone(faults: readonly Fault[]): void {
  assert.equal(faults.length, 0, `\n${faults.map(describeFault).join('\n')}\n`);
}

for (const [title, faultsOf] of Object.entries(RULES)) {
  test(title, () => assertNone(faultsOf(checkout)));
}

test('[SP-45] every regular expression takes linear time', () =>
  assertNone(patternFaults(checkout)));

test('finds no fault in this checkout by the tidy rules', () => {
  assert.ok(checkout.sources.length > 50);
  assert.ok(checkout.paths.includes('packages/kernel/src/clock.ts'));
});
