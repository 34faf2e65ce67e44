import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { createMatchRules } from '@farandole/matchmaking/mode';
import { PairBook } from '@farandole/matchmaking/testing/pair-book';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { CrowdSupply } from '../src/crowd-supply.ts';
import { NaiveMatcher } from '../src/floor/naive-matcher.ts';

const RULES = createMatchRules({ policyVersion: 1 });

function overlap(a: Ticket, b: Ticket): number {
  return a.interests.filter((interest) => b.interests.includes(interest)).length;
}

test('pairs the oldest ticket with the allowed ticket that overlaps most', () => {
  const supply = new CrowdSupply(createPrng(1));
  const matcher = new NaiveMatcher(RULES, supply.facts);
  const waiting = supply.take(300);
  for (const ticket of waiting) matcher.add(ticket);
  for (let i = 0; i < 100; i++) {
    const [oldest] = waiting;
    assert.ok(oldest !== undefined);
    const pair = matcher.matchOldest();
    assert.ok(pair !== null);
    assert.equal(pair[0], oldest);
    const others = waiting.filter((other) => other !== oldest);
    assert.equal(overlap(...pair), Math.max(...others.map((other) => overlap(oldest, other))));
    for (const one of pair) waiting.splice(waiting.indexOf(one), 1);
  }
  assert.equal(matcher.size, 100);
});

test('leaves a ticket unmatched if the rules allow no partner', () => {
  const [a, b] = new CrowdSupply(createPrng(2)).take(2);
  assert.ok(a !== undefined && b !== undefined);
  const facts = new PairBook();
  facts.block(a.subject, b.subject);
  const matcher = new NaiveMatcher(RULES, facts);
  matcher.add(a);
  matcher.add(b);
  assert.equal(matcher.matchOldest(), null);
  assert.equal(matcher.size, 2);
});
