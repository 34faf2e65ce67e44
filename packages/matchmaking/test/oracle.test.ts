import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import type { Exchange } from '@farandole/matchmaking/exchange';
import { Pool, type PoolOptions } from '@farandole/matchmaking/pool';
import type { PairFacts, Party } from '@farandole/matchmaking/ports';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { DEFAULT_WIDENING } from '@farandole/matchmaking/widening';
import { Violation } from './support/oracle.ts';
import { type Operation, type PoolLike, World } from './support/world.ts';

/** Each pool of this file has one planted bug, to show that the oracle detects it. */
const WORLDS_MAX = 300;
/** This number is small, because the property tests run a correct pool in more worlds. */
const RIGHT_WORLDS = 100;

/**
 * Runs random worlds until the oracle reports a violation of the given rule. A world that
 * violates another rule first ends early.
 *
 * @returns every rule that was reported
 */
function brokenRules(
  createPool: (options: PoolOptions, nowMs: number) => PoolLike,
  rule: string,
  worldsMax = WORLDS_MAX,
): string[] {
  const broken = new Set<string>();
  for (let seed = 0; seed < worldsMax && !broken.has(rule); seed++) {
    const prng = createPrng(seed);
    const world = new World({ choose: 'best', listProbesMax: 32, seed, startMs: 0 }, createPool);
    try {
      for (let i = 0; i < 100; i++) world.step(anyOperation(prng));
      world.comeToRest();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      broken.add(error.rule);
    }
  }
  return [...broken];
}

function assertBreaks(
  rule: string,
  createPool: (options: PoolOptions, nowMs: number) => PoolLike,
): void {
  const broken = brokenRules(createPool, rule);
  assert.ok(broken.includes(rule), `seen broken: ${broken.join(', ') || 'nothing'}`);
}

function anyOperation(prng: Prng): Operation {
  return [prng.below(10), prng.below(0x1_0000), prng.below(0x1_0000)];
}

function withOptions(change: Partial<PoolOptions>) {
  return (options: PoolOptions, nowMs: number): PoolLike =>
    new Pool({ ...options, ...change }, nowMs);
}

function withFacts(change: (truth: PairFacts) => Partial<PairFacts>) {
  return (options: PoolOptions, nowMs: number): PoolLike => {
    const { facts } = options;
    const truth: PairFacts = {
      keptApart: (a, b) => facts.keptApart(a, b),
      metWithin: (a, b, cooldownMs) => facts.metWithin(a, b, cooldownMs),
    };
    return new Pool({ ...options, facts: { ...truth, ...change(truth) } }, nowMs);
  };
}

function withFault(install: (pool: Pool) => void) {
  return (options: PoolOptions, nowMs: number): PoolLike => {
    const pool = new Pool(options, nowMs);
    install(pool);
    return pool;
  };
}

function withSight(see: (ticket: Ticket) => Ticket) {
  return withFault((pool) => {
    const add = pool.add.bind(pool);
    pool.add = (ticket, nowMs, waitedMs) => add(see(ticket), nowMs, waitedMs);
  });
}

test('the oracle reports no violation for the real pool', () => {
  assert.deepEqual(brokenRules(withOptions({}), 'any', RIGHT_WORLDS), []);
});

test('[MM-23] detects a pool that ignores blocks', () => {
  assertBreaks(
    'MM-23',
    withFacts(() => ({ keptApart: () => false })),
  );
});

test('[MM-24] detects a pool whose cool-down is too short', () => {
  const hasty = withFacts((truth) => ({
    metWithin: (a, b, cooldownMs) => truth.metWithin(a, b, cooldownMs / 2),
  }));
  assertBreaks('MM-24', hasty);
});

test('[MM-60] detects a pool whose cool-down never ends', () => {
  const eternal = withFacts((truth) => ({
    metWithin: (a, b) => truth.metWithin(a, b, Number.POSITIVE_INFINITY),
  }));
  assertBreaks('MM-60', eternal);
});

test('[MM-22] detects a pool that pairs a device with itself', () => {
  let seen = 0;
  const blind = withSight((ticket) => ({
    ...ticket,
    deviceKey: brandId<DeviceKeyId>(`another-device-${seen++}`),
  }));
  assertBreaks('MM-22', blind);
});

test('[MM-22] detects a pool that pairs a user with themselves', () => {
  let seen = 0;
  const blind = (options: PoolOptions, nowMs: number): PoolLike => {
    const truly = (of: Party): Party => ({
      ...of,
      subject: brandId<SubjectId>(of.subject.replace(/~.*/, '')),
    });
    const facts: PairFacts = {
      keptApart: (a, b) => options.facts.keptApart(truly(a), truly(b)),
      metWithin: (a, b, cooldownMs) => options.facts.metWithin(truly(a), truly(b), cooldownMs),
    };
    return withSight((ticket) => ({
      ...ticket,
      subject: brandId<SubjectId>(`${ticket.subject}~${seen++}`),
      deviceKey: brandId<DeviceKeyId>(`another-device-${seen++}`),
    }))({ ...options, facts }, nowMs);
  };
  assertBreaks('MM-22', blind);
});

test('[MM-28] detects a pool that ignores the rule on networks', () => {
  assertBreaks(
    'MM-28',
    withSight((ticket) => ({ ...ticket, network: null })),
  );
});

test('[MM-14] detects a pool that admits tickets of sanctioned users', () => {
  assertBreaks(
    'MM-14',
    withSight((ticket) => ({ ...ticket, sanctioned: false })),
  );
});

test('[MM-110] detects a pool that mixes communities', () => {
  assertBreaks(
    'MM-110',
    withSight((ticket) => {
      const { community: _, ...others } = ticket;
      return others;
    }),
  );
});

test('[MM-20, MM-21] detects a pool that pairs across modes or age bands', () => {
  const ofOneMode = (options: PoolOptions, nowMs: number): PoolLike => {
    const pool = withSight((ticket) => ({ ...ticket, mode: 'video' }))(options, nowMs);
    // Returns no counts, because the oracle would report wrong counts before wrong proposals.
    pool.waitingByMode = () => new Map();
    return pool;
  };
  assertBreaks('MM-20', ofOneMode);
  const ofOneBand = withSight((ticket) => ({ ...ticket, ageBand: 'adult' }));
  assertBreaks('MM-21', ofOneBand);
});

test('[MM-20] detects a pool that starts users lower than they agreed to', () => {
  assertBreaks(
    'MM-20',
    withSight((ticket) => ({ ...ticket, lowest: 'text' })),
  );
});

test('[MM-60] detects a pool that ignores the lower modes of a ticket', () => {
  assertBreaks(
    'MM-60',
    withSight((ticket) => ({ ...ticket, lowest: ticket.mode })),
  );
});

test('[MM-30] detects a pool that drops wishes too early', () => {
  const schedule = {
    interestHeldMs: 500,
    languageHeldMs: 500,
    segmentHeldMs: 500,
    exchangeHeldMs: 500,
    quietHeldMs: 500,
  };
  assertBreaks('MM-30', withOptions({ schedule }));
});

test('[MM-60] detects a pool that keeps wishes too long', () => {
  const schedule = {
    interestHeldMs: 30_000,
    languageHeldMs: 30_000,
    segmentHeldMs: 30_000,
    exchangeHeldMs: 30_000,
    quietHeldMs: 30_000,
  };
  assertBreaks('MM-60', withOptions({ schedule }));
});

test('[MM-30a] detects a pool that drops wishes early while many tickets wait', () => {
  assertBreaks('MM-30', withOptions({ quietBelow: 1_000 }));
});

test('[MM-30a] detects a pool that keeps wishes while few tickets wait', () => {
  assertBreaks('MM-60', withOptions({ quietBelow: 0 }));
});

test('[MM-60] detects a pool that stops retrying unmatched tickets', () => {
  assertBreaks('MM-60', withOptions({ retryAfterMs: 1e9 }));
});

test('[MM-60] detects a pool that never pairs any tickets', () => {
  assertBreaks(
    'MM-60',
    withFault((pool) => {
      pool.runWave = () => [];
    }),
  );
});

test('[MM-43] detects a pool that takes the first candidate, not the best', () => {
  assertBreaks('MM-43', withOptions({ choose: 'first' }));
});

test('[MM-50] detects a pool that puts one ticket into two proposals', () => {
  const eager = withFault((pool) => {
    const runWave = pool.runWave.bind(pool);
    let before: Proposal[] = [];
    pool.runWave = (nowMs, prng) => {
      const proposals = runWave(nowMs, prng);
      const all = [...proposals, ...before.slice(0, 1)];
      before = proposals;
      return all;
    };
  });
  assertBreaks('MM-50', eager);
});

test('[MM-53] detects a pool that loses the partner of a withdrawn ticket', () => {
  const selfish = withFault((pool) => {
    const pairs = new Map<string, Proposal>();
    const runWave = pool.runWave.bind(pool);
    pool.runWave = (nowMs, prng) => {
      const proposals = runWave(nowMs, prng);
      for (const proposal of proposals) pairs.set(proposal.id, proposal);
      return proposals;
    };
    pool.restore = (id: MatchId) => {
      const pair = pairs.get(id) ?? null;
      return pair === null ? null : pool.confirm(id);
    };
  });
  assertBreaks('MM-51', selfish);
});

test('[MM-52] detects a pool that restarts the wait of a returned ticket', () => {
  const forgetful = withFault((pool) => {
    const restore = pool.restore.bind(pool);
    const add = pool.add.bind(pool);
    let nowMs = 0;
    const runWave = pool.runWave.bind(pool);
    pool.runWave = (waveMs, prng) => {
      nowMs = waveMs;
      return runWave(waveMs, prng);
    };
    pool.restore = (id, gone) => {
      const proposal = restore(id, gone);
      for (const ticket of proposal?.tickets ?? []) {
        if (pool.withdraw(ticket.id).was === 'waiting') add(ticket, nowMs);
      }
      return proposal;
    };
  });
  assertBreaks('MM-55', forgetful);
});

test('[MM-27] detects a pool that pairs restricted users with others', () => {
  assertBreaks(
    'MM-27',
    withSight((ticket) =>
      ticket.tier === 'restricted' ? { ...ticket, circle: 'normal' } : ticket,
    ),
  );
});

test('[MM-34] detects a pool that treats all users as new', () => {
  assertBreaks(
    'MM-30',
    withSight((ticket) => (ticket.tier === 'restricted' ? ticket : { ...ticket, tier: 'new' })),
  );
});

test('[MM-131] detects a pool that forgets what the users of an exchange learn', () => {
  assertBreaks('MM-131', exchanging({ learns: ['en', 'fr', 'de', 'ar'].map(atB1) }));
});

test('[MM-131] detects a pool that makes every user help', () => {
  assertBreaks('MM-131', exchanging({ helps: true }));
});

test('[MM-132] detects a pool that pairs helpers before the widening', () => {
  const hasty = (options: PoolOptions, nowMs: number): PoolLike =>
    new Pool(
      { ...options, schedule: { ...(options.schedule ?? DEFAULT_WIDENING), exchangeHeldMs: 500 } },
      nowMs,
    );
  assertBreaks('MM-30', hasty);
});

test('[MM-132] detects a pool that never pairs helpers', () => {
  assertBreaks('MM-60', exchanging({ helps: false }));
});

const atB1 = (language: string) => ({ language, level: 'B1' }) as const;

function exchanging(change: Partial<Exchange>) {
  return withSight((ticket) =>
    ticket.exchange === undefined
      ? ticket
      : { ...ticket, exchange: { ...ticket.exchange, ...change } },
  );
}
