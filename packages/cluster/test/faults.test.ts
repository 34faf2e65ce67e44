import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import type { Proposal } from '@farandole/matchmaking/proposal';
import fc from 'fast-check';
import { LocalLease } from '../src/local-lease.ts';
import type { ClusterMessage } from '../src/messages.ts';
import { checkNobodyLeft } from './matchmaker-contract.ts';
import { type Faults, FaultyBroker, NO_FAULTS } from './support/faulty-broker.ts';
import { SmallCluster } from './support/small-cluster.ts';
import { poolOptions, ticketOf } from './support/tickets.ts';

interface Scenario {
  readonly seed: number;
  readonly faults: Faults;
  /** If true, the faults affect only confirmations. Otherwise they affect all messages. */
  readonly onlyConfirms: boolean;
  /** If true, a writer may pause for longer than its lease, so that another writer takes over. */
  readonly changesWriter: boolean;
}

const faultRates = fc.record({
  drop: fc.double({ min: 0, max: 0.3, noNaN: true }),
  duplicate: fc.double({ min: 0, max: 0.3, noNaN: true }),
  delay: fc.double({ min: 0, max: 0.3, noNaN: true }),
});

const anything: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  faults: faultRates,
  onlyConfirms: fc.boolean(),
  changesWriter: fc.boolean(),
});
const confirmsAlone: fc.Arbitrary<Scenario> = anything.map((scenario) => ({
  ...scenario,
  onlyConfirms: true,
  changesWriter: false,
}));

const isConfirm = (message: ClusterMessage): boolean =>
  message.type === 'to-writer' && message.body.type === 'proposal.confirm';

interface Outcome {
  readonly cluster: SmallCluster;
  readonly matches: readonly Proposal[];
  readonly touched: number;
}

/**
 * Simulates about 12 s of events on three nodes with message faults, and then a period without
 * faults.
 */
function run({ seed, faults, onlyConfirms, changesWriter }: Scenario): Outcome {
  const prng = createPrng(seed);
  const broker = new FaultyBroker(prng.fork());
  if (onlyConfirms) broker.touches = isConfirm;
  broker.faults = faults;
  const names = ['ada', 'bob', 'cyd'];
  const cluster = new SmallCluster(broker, new LocalLease(), names, poolOptions());
  cluster.turn();
  for (let step = 0; step < 120; step++) {
    act(cluster, prng, step);
    if (changesWriter && prng.chance(0.02)) {
      for (const { host } of cluster.writers) {
        const node = cluster.nodes.find((each) => each.host === host);
        if (node !== undefined) node.isPaused = !node.isPaused;
      }
    }
    if (prng.chance(0.05)) for (const node of cluster.nodes) node.isPaused = false;
    cluster.pass(100);
  }
  for (const node of cluster.nodes) {
    node.isPaused = false;
    node.owner.answerAll();
  }
  broker.faults = NO_FAULTS;
  cluster.pass(30_000);
  const { dropped, duplicated, delayed } = broker.counts;
  const matches = cluster.nodes.flatMap(({ owner }) => [...owner.matches.values()].flat());
  return { cluster, matches, touched: dropped + duplicated + delayed };
}

function act(cluster: SmallCluster, prng: Prng, step: number): void {
  const { owner, node } = prng.pick(cluster.nodes);
  const chance = prng.unit();
  const someone = owner.open.length > 0 ? prng.pick(owner.open) : null;
  if (chance < 0.5) {
    const interests = prng.chance(0.3) ? [prng.pick(['film', 'chess', 'music'])] : [];
    const onlyShared = prng.chance(0.5);
    owner.submit(
      ticketOf(node, `step-${step}`, { interests, onlyShared, mode: prng.pick(['text', 'video']) }),
      cluster.now,
    );
  } else if (chance < 0.6 && someone !== null) owner.withdraw(someone.id);
  else if (chance < 0.65 && someone !== null) owner.widen(someone.id);
  else if (chance < 0.68) owner.answer = prng.pick(['confirm', 'confirm', 'later', 'reject']);
  else if (chance < 0.75) owner.answer = 'confirm';
}

/** Checks that no ticket is matched twice, because two matches would open two calls. */
function checkOnce({ cluster }: Outcome): void {
  for (const { owner } of cluster.nodes) {
    for (const [ticketId, matches] of owner.matches) {
      assert.equal(matches.length, 1, `${ticketId} was matched ${matches.length} times`);
    }
  }
}

/** Checks that no two tickets are left waiting although they could be matched. */
function checkNobodyLost({ cluster }: Outcome): void {
  checkNobodyLeft(cluster.nodes.flatMap(({ owner }) => owner.open));
}

describe('a pool loses no ticket despite message faults', () => {
  it('[CL-31] loses and duplicates no ticket despite lost, repeated and late confirmations', () => {
    let touched = 0;
    let matched = 0;
    fc.assert(
      fc.property(confirmsAlone, (scenario) => {
        const outcome = run(scenario);
        touched += outcome.touched;
        matched += outcome.matches.length;
        checkOnce(outcome);
        checkNobodyLost(outcome);
        checkBothHeard(outcome);
      }),
      { numRuns: 150 },
    );
    assert.ok(touched > 100 && matched > 1_000, `touched ${touched}, matched ${matched}`);
  });

  it('[CL-21, CL-31] loses and duplicates no ticket despite faults and writer changes', () => {
    let touched = 0;
    let matched = 0;
    fc.assert(
      fc.property(anything, (scenario) => {
        const outcome = run(scenario);
        touched += outcome.touched;
        matched += outcome.matches.length;
        checkOnce(outcome);
        checkNobodyLost(outcome);
        if (!scenario.changesWriter) checkBothHeard(outcome);
        for (const { owner } of outcome.cluster.nodes) checkGrows(owner.epochs);
      }),
      { numRuns: 300 },
    );
    assert.ok(touched > 1_000 && matched > 1_000, `touched ${touched}, matched ${matched}`);
  });
});

/**
 * Checks that each matched user learns of the match, unless the user has left. This holds only
 * with a single writer.
 */
function checkBothHeard({ cluster, matches }: Outcome): void {
  const left = new Set(cluster.nodes.flatMap(({ owner }) => [...owner.left]));
  const heard = new Set(
    cluster.nodes.flatMap(({ owner }) =>
      [...owner.matches].flatMap(([ticketId, [match]]) => `${ticketId} of ${match?.id}`),
    ),
  );
  for (const match of matches) {
    for (const { id } of match.tickets) {
      assert.ok(heard.has(`${id} of ${match.id}`) || left.has(id), `${id} missed ${match.id}`);
    }
  }
}

function checkGrows(epochs: readonly number[]): void {
  for (const [at, epoch] of epochs.entries()) {
    assert.ok(at === 0 || epoch > (epochs[at - 1] ?? 0), 'an epoch did not grow');
  }
}
