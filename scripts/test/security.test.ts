/** What docs/security.md says of the code, held to the house as it stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cryptographyFaults } from '../tidy/rules/cryptography.ts';
import { hazardFaults } from '../tidy/rules/hazards.ts';
import { patternFaults } from '../tidy/rules/patterns.ts';
import { verificationFaults } from '../tidy/rules/verification.ts';
import { describeFault, type Fault, readCheckout } from '../tidy/tree.ts';

const checkout = readCheckout();

function assertNone(faults: readonly Fault[]): void {
  assert.equal(faults.length, 0, `\n${faults.map(describeFault).join('\n')}\n`);
}

test('what runs for people makes no code, markup or pattern of text, starts no program and asks no other host', () => {
  assertNone(hazardFaults(checkout));
});

test('no pattern of what runs for people is slow on any text, by its form or by an argument', () => {
  assertNone(patternFaults(checkout));
});

test('every use of cryptography is in the inventory, and every row of the inventory is one', () => {
  assertNone(cryptographyFaults(checkout));
});

test('docs/security.md answers for every item of ASVS levels 1 and 2, by tests that are there', () => {
  assertNone(verificationFaults(checkout));
});
