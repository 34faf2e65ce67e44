import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { Apart } from '@farandole/matchmaking/apart/apart';
import { mayMeet, mayWait } from '@farandole/matchmaking/eligibility';
import {
  createExchange,
  type ExchangeInput,
  LEVELS,
  learnsFrom,
} from '@farandole/matchmaking/exchange';
import { EXCHANGE_LEARNS_MAX, EXCHANGE_SPEAKS_MAX } from '@farandole/matchmaking/limits';
import { createMatchRules, HARD_RULES } from '@farandole/matchmaking/mode';
import { Pool } from '@farandole/matchmaking/pool';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { createTicket, type Ticket } from '@farandole/matchmaking/ticket';
import { DEFAULT_WIDENING } from '@farandole/matchmaking/widening';
import { countMatches } from './support/pools.ts';
import { makeTicket, ticketInput } from './support/tickets.ts';

const RULES = createMatchRules({ policyVersion: 1, offered: ['video', 'text', 'exchange'] });
const { exchangeHeldMs } = DEFAULT_WIDENING;

const atB1 = (language: string) => ({ language, level: 'B1' });

function exchange(
  speaks: string | readonly string[],
  learns: string | readonly string[],
  helps = false,
): ExchangeInput {
  return { speaks: [speaks].flat(), learns: [learns].flat().map(atB1), helps };
}

function ticketOf(number: number, input: ExchangeInput, mode = 'video'): Ticket {
  return makeTicket(number, { exchange: input, mode });
}

function refusalOf(input: ExchangeInput): string | null {
  const made = createExchange(input);
  return made.ok ? null : made.reason;
}

const facts = { keptApart: () => false, metWithin: () => false };

function meet(a: ExchangeInput | undefined, b: ExchangeInput | undefined): string | null {
  const [one, other] = [a, b].map((input, at) => makeTicket(at, { exchange: input }));
  assert.ok(one !== undefined && other !== undefined);
  const verdict = mayMeet(one, other, RULES, facts);
  assert.deepEqual(mayMeet(other, one, RULES, facts), verdict);
  return verdict.ok ? null : verdict.reason;
}

test('[MM-130] accepts three spoken and two learnt languages, and no more', () => {
  const speaks = ['en', 'fr', 'de'];
  const learns = ['es', 'ar'];
  assert.deepEqual([speaks.length, learns.length], [EXCHANGE_SPEAKS_MAX, EXCHANGE_LEARNS_MAX]);
  assert.equal(refusalOf(exchange(speaks, learns)), null);
  assert.equal(refusalOf(exchange([...speaks, 'it'], learns)), 'exchange-count');
  assert.equal(refusalOf(exchange(speaks, [...learns, 'it'])), 'exchange-count');
  assert.equal(refusalOf(exchange([], learns)), 'exchange-count');
  assert.equal(refusalOf(exchange(speaks, [])), 'exchange-count');
});

test('[MM-130] refuses a language named twice, whatever its region', () => {
  assert.equal(refusalOf(exchange(['pt-BR'], ['pt-PT'])), 'exchange-same-language');
  assert.equal(refusalOf(exchange(['en', 'en-GB'], ['fr'])), 'exchange-same-language');
  assert.equal(refusalOf(exchange(['en'], ['fr', 'fr-CA'])), 'exchange-same-language');
});

test('[MM-130] refuses unknown levels and malformed languages', () => {
  for (const level of LEVELS) {
    const learns = [{ language: 'fr', level }];
    assert.equal(refusalOf({ speaks: ['en'], learns, helps: false }), null);
  }
  for (const level of ['C2', 'b1', '', '__proto__']) {
    const learns = [{ language: 'fr', level }];
    assert.equal(refusalOf({ speaks: ['en'], learns, helps: false }), 'exchange-level');
  }
  assert.equal(refusalOf(exchange('und', 'fr')), 'exchange-language');
  assert.equal(refusalOf(exchange('en', 'not a language')), 'exchange-language');
});

test('[MM-130] searches by the languages of the exchange alone', () => {
  const { languages } = makeTicket(1, { exchange: exchange('en-GB', 'fr'), languages: ['de'] });
  assert.deepEqual(languages, ['en', 'fr']);
});

test('[MM-130] ignores the exchange of a private meeting', () => {
  const meeting = { key: 'meeting-1', seat: 'a', by: 'invitation' } as const;
  const made = createTicket(ticketInput(1, { meeting, exchange: exchange('en', 'en') }));
  assert.equal(made.ok && made.value.exchange, undefined);
});

test('[MM-130] refuses an exchange on a server that offers none', () => {
  const ticket = ticketOf(1, exchange('en', 'fr'));
  assert.equal(mayWait(ticket, RULES).ok, true);
  const rules = createMatchRules({ policyVersion: 1 });
  assert.deepEqual(mayWait(ticket, rules), { ok: false, reason: 'mode-unknown' });
});

test('[MM-131] lets only complementary users of an exchange meet', () => {
  assert.equal(meet(exchange('en', 'fr'), exchange('fr', 'en')), null);
  assert.equal(meet(exchange('en', 'fr'), exchange('fr', 'de')), 'not-complementary');
  assert.equal(meet(exchange('en', 'fr'), exchange('en', 'fr')), 'not-complementary');
  assert.equal(meet(exchange('en', 'fr'), undefined), 'not-complementary');
});

test('[MM-131] needs the consent of the user who learns nothing', () => {
  const learner = exchange('en', 'fr');
  assert.equal(meet(learner, exchange('fr', 'de', true)), null);
  assert.equal(meet({ ...learner, helps: true }, exchange('fr', 'de')), 'not-complementary');
  const strangers = [exchange('en', 'fr', true), exchange('de', 'es', true)] as const;
  assert.equal(meet(...strangers), 'not-complementary');
});

test('[MM-131] is a hard rule of every mode', () => {
  assert.ok(HARD_RULES.includes('not-complementary'));
});

function poolOf(tickets: readonly Ticket[], waitedMs: readonly number[] = []): Pool {
  const options = { rules: RULES, facts: new Apart(), mintMatchId: countMatches() };
  const pool = new Pool(options, 0);
  for (const [at, ticket] of tickets.entries()) {
    assert.ok(pool.add(ticket, 0, waitedMs[at] ?? 0).ok);
  }
  return pool;
}

function firstPair(pool: Pool, untilMs: number): { atMs: number; proposal: Proposal } | null {
  const prng = createPrng(1);
  for (let atMs = 0; atMs <= untilMs; atMs += 250) {
    const [proposal] = pool.runWave(atMs, prng);
    if (proposal !== undefined) return { atMs, proposal };
  }
  return null;
}

test('[MM-132] pairs a helper only after both have waited, also in quiet pools', () => {
  const learner = ticketOf(1, exchange('en', 'fr'));
  const helper = ticketOf(2, exchange('fr', 'de', true));
  assert.equal(firstPair(poolOf([learner, helper]), exchangeHeldMs - 250), null);
  const found = firstPair(poolOf([learner, helper]), exchangeHeldMs + 1_000);
  assert.ok(found !== null && found.atMs >= exchangeHeldMs);
  const late = firstPair(poolOf([learner, helper], [exchangeHeldMs]), exchangeHeldMs + 1_000);
  assert.ok(late !== null && late.atMs >= exchangeHeldMs);
});

test('[MM-132] never pairs without consent, however long the wait', () => {
  const pool = poolOf([
    ticketOf(1, exchange('en', 'fr', true)),
    ticketOf(2, exchange('fr', 'de')),
    makeTicket(3),
  ]);
  assert.equal(firstPair(pool, 20 * exchangeHeldMs), null);
});

test('[MM-132] pairs complementary users at once and names both languages', () => {
  const pool = poolOf([ticketOf(1, exchange('en', 'fr')), ticketOf(2, exchange('fr', 'en'))]);
  const found = firstPair(pool, 0);
  assert.deepEqual(found?.proposal.sharedLanguages.toSorted(), ['en', 'fr']);
});

test('[MM-133] starts an exchange at the lower of the two rungs', () => {
  const low = makeTicket(1, { exchange: exchange('en', 'fr'), mode: 'text' });
  const high = { ...ticketOf(2, exchange('fr', 'en')), lowest: 'text' };
  const found = firstPair(poolOf([low, high]), 0);
  assert.equal(found?.proposal.tickets.length, 2);
});

test('[MM-131] names the first learnt language that the other user speaks', () => {
  const one = ticketOf(1, exchange('en', ['fr', 'de'])).exchange;
  const other = ticketOf(2, exchange(['de', 'fr'], 'en')).exchange;
  assert.ok(one !== undefined && other !== undefined);
  assert.equal(learnsFrom(one, other)?.language, 'fr');
  assert.equal(learnsFrom(other, one)?.language, 'en');
});
