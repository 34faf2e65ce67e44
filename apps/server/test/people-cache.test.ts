import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACTS_AWAITED_MS } from '@farandole/gateway/limits';
import type { PersonFacts, PersonKey } from '@farandole/gateway/people';
import type { SubjectId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { GOOD_CLEAN_SESSIONS, NEW_SESSIONS } from '@farandole/moderation/limits';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { TrustRead } from '@farandole/moderation/trust/people';
import type { PersonRead } from '@farandole/moderation/trust/read-people';
import { firstTrust, logit, type Trust } from '@farandole/moderation/trust/trust';
import { StoreError } from '@farandole/storage/store-error';
import { device, matchId, subject } from '@farandole/storage/test/desk';
import { PeopleCache } from '../src/cache/people-cache.ts';
import { PEOPLE_KEPT_MAX, PEOPLE_READ_AT_ONCE } from '../src/limits.ts';
import { systemClock } from '../src/node/system-clock.ts';
import { unreadWatch } from '../src/node/unread-watch.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { storeOf, subjectOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer } from './support/test-server.ts';

const [ADA, BO, CY] = [subject('ada'), subject('bo'), subject('cy')];

const WALL_MS = 1_000_000;
const QUESTIONS = { asked: [WALL_MS - 1], reported: [] };

function personOf(name: string): PersonKey {
  return { subject: subject(name), device: device(name) };
}

function subjectsOf(name: CommandName, input: unknown): readonly SubjectId[] {
  if (name === 'trust.read') return (input as InputOf<'trust.read'>).subjects;
  assert.equal(name, 'person.read');
  return (input as InputOf<'person.read'>).people.map((person) => person.subject);
}

/** A cache over a store that answers at once, fails, or answers when the test says so. */
class Fixture {
  readonly trusts = new Map<SubjectId, Trust>();
  readonly asked: (readonly SubjectId[])[] = [];
  readonly taken: PersonFacts[] = [];
  readonly waiting: (() => void)[] = [];
  fails = false;
  isSlow = false;
  accepts = true;
  nowMs = 0;
  readonly cache: PeopleCache;

  constructor(hasOtherNodes = false, withQuestions = false) {
    this.cache = this.#cacheOf(hasOtherNodes, withQuestions);
    this.cache.attach({
      removals: () => 0,
      peopleRead: (people) => {
        if (this.accepts) this.taken.push(...people);
        return this.accepts;
      },
    });
  }

  #cacheOf(hasOtherNodes: boolean, withQuestions: boolean): PeopleCache {
    const store = {
      run: async <Name extends CommandName>(name: Name, input: InputOf<Name>) => {
        const asked = subjectsOf(name, input);
        if (this.fails) throw new StoreError('failed', 'as the test wants it');
        this.asked.push(asked);
        if (this.isSlow) await new Promise<void>((resolve) => this.waiting.push(resolve));
        const trusts = asked.flatMap((of) => {
          const trust = this.trusts.get(of);
          return trust === undefined ? [] : [{ subject: of, trust, provenUntilMs: 1_000 }];
        });
        const read = name === 'trust.read' ? trusts : this.#people(input, trusts);
        return read as OutcomeOf<CommandName> as OutcomeOf<Name>;
      },
    };
    const clock = { monotonicMs: () => this.nowMs, wallMs: () => WALL_MS };
    return new PeopleCache(store, createPrng(7), clock, hasOtherNodes, withQuestions);
  }

  arrive(...names: readonly string[]): readonly boolean[] {
    return names.map((name) => this.cache.arrived(personOf(name)));
  }

  #people(input: unknown, trusts: readonly TrustRead[]): readonly PersonRead[] {
    const { people, nowMs, withQuestions } = input as InputOf<'person.read'>;
    assert.equal(nowMs, WALL_MS);
    return people.map((person) => ({
      ...person,
      trust: trusts.find(({ subject: of }) => of === person.subject) ?? null,
      ...{ apart: [], met: [], ageRefusedAtMs: 5, cookieRefusedAtMs: null, deviceRefusedAtMs: 5 },
      firstSeenAtMs: 3,
      ...(withQuestions === true && { questions: QUESTIONS }),
    }));
  }

  get takenSubjects(): readonly SubjectId[] {
    return this.taken.map((facts) => facts.subject);
  }
}

test('[MO-19, GW-29] places a user by the trust that the store returned', async () => {
  const of = new Fixture();
  const base = { ...firstTrust(false, 0), sessions: NEW_SESSIONS };
  const grounds = { networks: 2, proven: 1, crowdUntilMs: 0 };
  of.trusts.set(ADA, { ...base, score: logit(0.5), grounds });
  of.trusts.set(BO, base);
  const good = { ...base, score: logit(0.005), sessions: 50, cleanSessions: GOOD_CLEAN_SESSIONS };
  of.trusts.set(CY, good);
  assert.deepEqual(of.arrive('ada', 'bo', 'cy'), [false, false, false]);
  assert.equal(of.cache.harmOf(ADA, 0), null);
  await of.cache.read();
  assert.deepEqual(of.cache.placeOf(ADA, 0), { tier: 'restricted', circle: 'restricted' });
  assert.deepEqual(of.cache.placeOf(BO, 0), { tier: 'normal', circle: 'normal' });
  const drawn = Array.from({ length: 1_000 }, () => of.cache.placeOf(CY, 0));
  const among = drawn.filter(({ circle }) => circle === 'normal').length;
  assert.ok(drawn.every(({ tier }) => tier === 'good'));
  assert.ok(among > 60 && among < 140, `${among} of 1,000 search in the normal segment`);
  const proven = [999, 1_000].map((nowMs) => of.cache.isProven(ADA, nowMs));
  assert.deepEqual([...proven, of.cache.isProven(subject('no'), 0)], [true, false, false]);
  // Reports against a user expire, even while the user is online.
  assert.equal(of.cache.placeOf(ADA, 365 * 86_400_000).tier, 'normal');
  await of.cache.read();
  assert.equal(of.asked.length, 1, 'each user is read once');
  assert.deepEqual(of.takenSubjects, [ADA, BO, CY]);
  const refused = { cookieRefusedAtMs: null, deviceRefusedAtMs: 5 };
  const facts = { apart: [], met: [], ...refused, firstSeenAtMs: 3 };
  assert.deepEqual(of.taken[0], { ...personOf('ada'), ...facts });
});

test('[GW-80] reads users in batches and retries after a failure', async () => {
  const of = new Fixture();
  of.fails = true;
  for (let n = 0; n <= PEOPLE_READ_AT_ONCE; n++) of.arrive(`number-${n}`);
  await assert.rejects(of.cache.read());
  assert.equal(of.cache.unread, PEOPLE_READ_AT_ONCE + 1);
  of.fails = false;
  await of.cache.read();
  assert.deepEqual(
    of.asked.map(({ length }) => length),
    [PEOPLE_READ_AT_ONCE, 1],
  );
  assert.deepEqual([of.cache.unread, of.taken.length], [0, PEOPLE_READ_AT_ONCE + 1]);
});

test('[GW-80] drops the request of a user who left, and of another device', async () => {
  const of = new Fixture();
  of.isSlow = true;
  of.arrive('ada', 'bo');
  const reading = of.cache.read();
  of.cache.left(personOf('ada'));
  of.cache.left(personOf('bo'));
  of.cache.arrived({ subject: BO, device: device('another') });
  of.isSlow = false;
  for (const answer of of.waiting) answer();
  await reading;
  assert.deepEqual(
    of.taken.map((facts) => [facts.subject, facts.device]),
    [[BO, device('another')]],
  );
  assert.deepEqual(of.arrive('ada'), [false], 'nothing is known of a user who was not read');
});

test('[GW-84] reads users again whose facts the gateway refused', async () => {
  const of = new Fixture();
  of.arrive('ada');
  of.accepts = false;
  const { cache } = of;
  cache.attach({
    removals: () => of.asked.length,
    peopleRead: (people, asOf) => {
      if (asOf === 0) return false;
      of.taken.push(...people);
      return true;
    },
  });
  await cache.read();
  assert.deepEqual([of.asked.length, of.takenSubjects], [2, [ADA]]);
  assert.deepEqual(of.arrive('ada'), [true]);
});

test('[GW-81] PEOPLE_KEPT_MAX: keeps every connected user and the last who left', async () => {
  const of = new Fixture();
  of.arrive('ada');
  const names = Array.from({ length: PEOPLE_KEPT_MAX + 1 }, (_, n) => `number-${n}`);
  of.arrive(...names);
  await of.cache.read();
  for (const name of names) of.cache.left(personOf(name));
  assert.deepEqual(of.arrive('ada', 'number-0', 'number-1'), [true, false, true]);
  of.cache.left(personOf('number-0'));
  assert.equal(of.cache.unread, 0);
});

test('[MO-74a] reads changed trust again, of cached users only', async () => {
  const of = new Fixture();
  of.arrive('ada', 'bo');
  await of.cache.read();
  of.cache.left(personOf('bo'));
  of.trusts.set(BO, { ...firstTrust(false, 0), sessions: NEW_SESSIONS });
  for (const one of [ADA, BO, CY]) of.cache.changed(one);
  of.fails = true;
  await assert.rejects(of.cache.read());
  of.fails = false;
  await of.cache.read();
  assert.deepEqual(of.asked.at(-1), [ADA, BO]);
  assert.equal(of.cache.placeOf(BO, 0).tier, 'normal');
  assert.equal(of.taken.length, 2, 'the gateway gets facts of new users only');
});

test('[GW-80] logs once that newcomers wait, and once that they are served', async () => {
  const of = new Fixture();
  const logged: LogEvent['event'][] = [];
  const watch = unreadWatch(of.cache, ({ event }) => logged.push(event));
  of.arrive('ada');
  of.nowMs = FACTS_AWAITED_MS - 1;
  watch();
  assert.deepEqual(logged, []);
  of.nowMs = FACTS_AWAITED_MS;
  of.arrive('bo');
  for (let tick = 0; tick < 3; tick++) watch();
  assert.deepEqual(logged, ['newcomers-wait']);
  await of.cache.read();
  for (let tick = 0; tick < 3; tick++) watch();
  assert.deepEqual(logged, ['newcomers-wait', 'newcomers-served']);
});

test('[GW-80, GW-83] applies what another process stored once a user connects', async (t) => {
  const server = await startSharedServer(t);
  const pages = Array.from({ length: 4 }, () => new TestPage(t, server.port));
  const [ada, bo, cy, minor] = pages as [TestPage, TestPage, TestPage, TestPage];
  for (const page of pages) await page.getTicket();
  const [by, of, refused] = await Promise.all(
    [ada, bo, minor].map((one) => subjectOf(server, one)),
  );
  assert.ok(by !== undefined && of !== undefined && refused !== undefined);
  const store = await storeOf(t, server);
  const atWallMs = systemClock.wallMs();
  const call = { match: matchId(1), side: 'a', mark: 'a-mark' } as const;
  await store.run('apart.note', {
    changes: [
      { kind: 'block', ...call, by, of, atWallMs },
      { kind: 'age-refused', subject: refused, atWallMs },
    ],
  });
  await minor.start();
  assert.equal((await minor.next('age.answered')).refused, true);
  for (const page of [ada, bo]) {
    await page.arrive();
    page.search('a-search');
    await page.next('ticket.accepted');
  }
  await cy.arrive();
  cy.search('a-search');
  const { match } = await cy.next('match.found');
  const found = await Promise.race([ada.next('match.found'), bo.next('match.found')]);
  assert.equal(found.match, match, 'the two who are apart did not meet');
});

test('[GW-81a] with several nodes, reads the facts of a user who returns again', async () => {
  for (const [hasOtherNodes, reads] of [
    [false, 1],
    [true, 2],
  ] as const) {
    const of = new Fixture(hasOtherNodes);
    of.arrive('ada');
    await of.cache.read();
    of.cache.left(personOf('ada'));
    assert.deepEqual(of.arrive('ada'), [!hasOtherNodes]);
    await of.cache.read();
    assert.equal(of.takenSubjects.length, reads);
  }
});

test('[GW-164] reads questions only on a server that offers them', async () => {
  for (const withQuestions of [false, true]) {
    const of = new Fixture(false, withQuestions);
    of.arrive('ada');
    await of.cache.read();
    const [facts] = of.taken;
    assert.deepEqual(facts?.questions, withQuestions ? QUESTIONS : undefined);
  }
});
