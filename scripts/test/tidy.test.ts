import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentFaults } from '../tidy/rules/documents.ts';
import { fileFaults } from '../tidy/rules/files.ts';
import { honestyFaults } from '../tidy/rules/honesty.ts';
import { importFaults } from '../tidy/rules/imports.ts';
import { layerFaults } from '../tidy/rules/layers.ts';
import { leakFaults } from '../tidy/rules/leaks.ts';
import { mapFaults } from '../tidy/rules/map.ts';
import { purityFaults } from '../tidy/rules/purity.ts';
import { settingFaults } from '../tidy/rules/settings.ts';
import { specFaults } from '../tidy/rules/specs.ts';
import { describeFault, type Fault, readCheckout, type Tree } from '../tidy/tree.ts';

const checkout = readCheckout();

const RULES: readonly (readonly [string, (tree: Tree) => Fault[]])[] = [
  ['every import is declared, and allowed by the table of rooms', importFaults],
  ['imports run down the layers of a room, and in no circle', layerFaults],
  ['pure rooms name nothing of the machine, its time or its chance', purityFaults],
  ['every rule of a SPEC.md is cited by a test, and every cited rule exists', specFaults],
  ['nothing is silenced: not the compiler, not the linter, not a test', honestyFaults],
  ['file names are kebab-case, and a file is read in one sitting', fileFaults],
  ['no file names a machine or a registry', leakFaults],
  ['every link of a document leads somewhere, every path it names is there', documentFaults],
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
