import { assert } from '@farandole/kernel/assert';
import type { Prng } from '@farandole/kernel/prng';
import { FINDINGS } from '../../reports/verdict.ts';
import { type Inhabitant, type Said, Town } from './town.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Numbers of cookies that one attacker uses. Each number is tried. */
const COOKIES = [1, 2, 7, 13, 50] as const;
/** Numbers of users that the attacker targets. Half of them are new and half are established. */
const TARGETS = [2, 10] as const;
/** Evidence attached to reports. Chat lines count as verified even if they are harmless. */
const ATTACHED = ['inconclusive', 'verified'] as const;
const INHABITANTS = 40;
const FARMERS = 24;
const FARMED_DAYS = 10;
const TRIES = 10;
/** Calls per day of an attacker who becomes proven by calls with strangers of `STRANGER_MS`. */
const STRANGERS_A_DAY = 6;
const STRANGER_MS = 5 * MINUTE_MS;
const FLASHER_REPORTERS_MAX = 50;

/** Numbers of users whom software restricted and suspended, over all tries of an attack. */
export interface Hit {
  readonly restricted: number;
  readonly held: number;
}

export interface SybilOutcome {
  /** Result if all cookies of the attacker use one network, whether proven or not. */
  readonly oneNetwork: Hit;
  readonly threeNetworks: Hit;
  readonly eightNetworks: Hit;
  /** Result if the attacker's cookies first called each other for days, on 3 and on 5 networks. */
  readonly farmed: Hit;
  /** How many of the cookies that called each other became proven. */
  readonly farmedProven: number;
  /**
   * Number of calls until one cookie of the attacker is proven, and the users suspended by that
   * cookie together with unproven ones.
   */
  readonly withStrangers: {
    readonly calls: number;
    readonly minutes: number;
    readonly held: number;
  };
  /** Number of cases that their moderator lost because the accused users reported themselves. */
  readonly ownCaseHidden: number;
  /** Number of users without their former tier after a moderator dismissed their case. */
  readonly clearedStillRestricted: number;
  /** Largest number of newcomers who reported a flasher before software restricted the flasher. */
  readonly flasherReporters: number;
}

/** Simulates each attack in a separate town. The same seed gives the same result. */
export async function simulateSybils(prng: Prng): Promise<SybilOutcome> {
  const farmed = await sum([3, 5], (networks) => farm(prng.fork(), networks));
  return {
    oneNetwork: add(await attackFrom(prng, 1), await attackProven(prng)),
    threeNetworks: await attackFrom(prng, 3),
    eightNetworks: await attackFrom(prng, 8),
    farmed: { restricted: farmed.restricted, held: farmed.held },
    farmedProven: farmed.proven,
    withStrangers: await withStrangers(prng.fork()),
    ownCaseHidden: await hideOwnCase(prng.fork()),
    clearedStillRestricted: await clear(prng.fork()),
    flasherReporters: await flash(prng.fork()),
  };
}

/** Simulates attacks with unproven cookies on this many networks, on few and many targets. */
async function attackFrom(prng: Prng, networks: number): Promise<Hit> {
  let hit: Hit = { restricted: 0, held: 0 };
  for (const cookies of COOKIES) {
    for (const targets of TARGETS) {
      for (const evidence of ATTACHED) {
        const [town, people] = await Town.found(prng.fork(), INHABITANTS);
        const from = Array.from({ length: networks }, () => town.newNetwork());
        const attackers: Inhabitant[] = [];
        for (let n = 0; n < cookies; n += 1) {
          attackers.push(await town.arrive(from[n % networks]));
        }
        hit = add(
          hit,
          await attack(town, attackers, await targetsIn(town, people, targets), { evidence }),
        );
      }
    }
  }
  return hit;
}

/** Simulates an attack by several proven users of one household. */
async function attackProven(prng: Prng): Promise<Hit> {
  const [town, people] = await Town.found(prng.fork(), INHABITANTS);
  const home = town.newNetwork();
  const attackers: Inhabitant[] = [];
  for (let n = 0; n < 5; n += 1) {
    const attacker = await town.arrive(home);
    // Each user meets other partners, because one proven user can make only `VOUCHES_MAX` users
    // proven.
    const others = people.slice(3 * n, 3 * n + 3);
    for (const other of others) await town.call(attacker, other, 15 * MINUTE_MS);
    attackers.push(attacker);
  }
  return await attack(town, attackers, await targetsIn(town, people, 10), {});
}

async function targetsIn(
  town: Town,
  people: readonly Inhabitant[],
  count: number,
): Promise<readonly Inhabitant[]> {
  const targets: Inhabitant[] = [];
  for (const established of people.slice(-count / 2)) {
    await town.cleanCalls(established, 60);
    targets.push(established, await town.arrive());
  }
  return targets;
}

/** Lets every attacker report every target. Counts the targets restricted or suspended. */
async function attack(
  town: Town,
  attackers: readonly Inhabitant[],
  targets: readonly Inhabitant[],
  said: Said,
): Promise<Hit> {
  const restricted = new Set<Inhabitant>();
  const held = new Set<Inhabitant>();
  for (const attacker of attackers) {
    for (const target of targets) {
      await town.report(attacker, target, said);
      if ((await town.tierOf(target)) === 'restricted') restricted.add(target);
      if (await town.isSuspended(target)) held.add(target);
    }
  }
  return { restricted: restricted.size, held: held.size };
}

/** Simulates an attack with cookies that first called each other for days to become proven. */
async function farm(prng: Prng, networks: number): Promise<Hit & { readonly proven: number }> {
  const [town, people] = await Town.found(prng, INHABITANTS);
  const from = Array.from({ length: networks }, () => town.newNetwork());
  const farmers: Inhabitant[] = [];
  for (let n = 0; n < FARMERS; n += 1) farmers.push(await town.arrive(from[n % networks]));
  for (let day = 0; day < FARMED_DAYS; day += 1) {
    for (const [at, farmer] of farmers.entries()) {
      for (const other of farmers.slice(at + 1)) await town.call(farmer, other, 15 * MINUTE_MS);
    }
    town.nowMs += DAY_MS;
  }
  let proven = 0;
  for (const farmer of farmers) if (await town.isProven(farmer)) proven += 1;
  const hit = await attack(town, farmers, await targetsIn(town, people, 10), {});
  return { ...hit, proven };
}

/** Simulates an attack with unproven cookies and one that calls with strangers made proven. */
async function withStrangers(prng: Prng): Promise<SybilOutcome['withStrangers']> {
  const [town, people] = await Town.found(prng, INHABITANTS);
  const attacker = await town.arrive();
  let calls = 0;
  while (!(await town.isProven(attacker))) {
    await town.call(attacker, town.prng.pick(people), STRANGER_MS);
    calls += 1;
    if (calls % STRANGERS_A_DAY === 0) town.nowMs += DAY_MS;
  }
  const others: Inhabitant[] = [];
  for (let n = 0; n < 12; n += 1) others.push(await town.arrive());
  const targets = await targetsIn(town, people, 10);
  const { held } = await attack(town, [attacker, ...others], targets, {});
  return { calls, minutes: (calls * STRANGER_MS) / MINUTE_MS, held };
}

/** Lets an accused user report themselves as a minor while a moderator reads their case. */
async function hideOwnCase(prng: Prng): Promise<number> {
  let hidden = 0;
  for (let n = 0; n < TRIES; n += 1) {
    const [town, people] = await Town.found(prng.fork(), INHABITANTS);
    const accused = await town.arrive();
    for (const reporter of people.slice(0, 3)) await town.report(reporter, accused);
    const of = await town.assign(accused);
    await town.report(await town.arrive(accused.from), accused, { reason: 'may-be-under-18' });
    if (!(await town.mayRead(of))) hidden += 1;
  }
  return hidden;
}

/** Lets proven or many new users report a user wrongly until a moderator dismisses the case. */
async function clear(prng: Prng): Promise<number> {
  let still = 0;
  for (const finding of FINDINGS) {
    for (const reportersAre of ['proven', 'new'] as const) {
      const [town, people] = await Town.found(prng.fork(), INHABITANTS);
      const targets = await targetsIn(town, people, 4);
      for (const [at, target] of targets.entries()) {
        const before = await town.tierOf(target);
        for (let n = 0; n < 9; n += 1) {
          // Uses different reporters for each target, because a reporter with two rejected reports
          // is no longer proven.
          const proven = reportersAre === 'proven' ? people[9 * at + n] : undefined;
          await town.report(proven ?? (await town.arrive()), target, { evidence: 'verified' });
        }
        assert((await town.tierOf(target)) === 'restricted', 'there is something to clear');
        await town.dismiss(target, finding);
        const isFree = (await town.tierOf(target)) === before && !(await town.isSuspended(target));
        if (!isFree) still += 1;
      }
    }
  }
  return still;
}

/** Simulates an attacker with a new cookie each day, who meets only newcomers. */
async function flash(prng: Prng): Promise<number> {
  let most = 0;
  const [town] = await Town.found(prng, INHABITANTS);
  for (let day = 0; day < TRIES; day += 1) {
    const flasher = await town.arrive();
    let reporters = 0;
    while ((await town.tierOf(flasher)) !== 'restricted' && reporters < FLASHER_REPORTERS_MAX) {
      await town.report(await town.arrive(), flasher);
      town.nowMs += 5 * MINUTE_MS;
      reporters += 1;
    }
    most = Math.max(most, reporters);
    town.nowMs += DAY_MS;
  }
  return most;
}

function add(one: Hit, other: Hit): Hit {
  return { restricted: one.restricted + other.restricted, held: one.held + other.held };
}

async function sum<Item>(
  items: readonly Item[],
  of: (item: Item) => Promise<Hit & { readonly proven: number }>,
): Promise<Hit & { readonly proven: number }> {
  let total = { restricted: 0, held: 0, proven: 0 };
  for (const item of items) {
    const one = await of(item);
    total = { ...add(total, one), proven: total.proven + one.proven };
  }
  return total;
}
