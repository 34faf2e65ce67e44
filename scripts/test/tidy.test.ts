import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeFaults } from '../tidy/rules/code.ts';
import { documentFaults } from '../tidy/rules/documents.ts';
import { importFaults } from '../tidy/rules/imports.ts';
import { leakFaults } from '../tidy/rules/leaks.ts';
import { mapFaults } from '../tidy/rules/map.ts';
import { patternFaults } from '../tidy/rules/patterns.ts';
import { settingFaults } from '../tidy/rules/settings.ts';
import { specFaults } from '../tidy/rules/specs.ts';
import { describeFault, type Fault, readCheckout, type Tree } from '../tidy/tree.ts';

const checkout = readCheckout();

const RULES: readonly (readonly [string, (tree: Tree) => Fault[]])[] = [
  ['every import is declared, and allowed by the table of rooms', importFaults],
  ['every rule of a SPEC.md is cited by a test, and every cited rule exists', specFaults],
  ['no markup, pattern or SQL is made of text', codeFaults],
  ['every pattern takes linear time', patternFaults],
  ['no file names a machine or a registry', leakFaults],
  ['every link of a document, and every path and test that it names, exists', documentFaults],
  ['the map tells of every room what the table says', mapFaults],
  ['every setting of the server is documented, and every documented one is read', settingFaults],
];

for (const [title, faultsOf] of RULES) {
  test(title, () => {
    const faults = faultsOf(checkout).map(describeFault);
    assert.equal(faults.length, 0, `\n${faults.join('\n')}\n`);
  });
}

test('the rules looked at the house as it stands', () => {
  assert.ok(checkout.sources.length > 50);
  assert.ok(checkout.paths.includes('packages/kernel/src/clock.ts'));
});
