import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startCoturn } from '@farandole/e2e/coturn';
import { ask } from '@farandole/e2e/http';
import { CanaryPair, type CanaryRound, inCanaryFigures } from '../load/canary.ts';
import { runtimeSettings, startContender } from '../load/contender.ts';
import { runCli } from '../load/contender-cli.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { endAll } from '../load/load-fleet.ts';
import { meet, Participant } from '../load/participant.ts';
import {
  ALLOCATIONS_A_USER,
  FLOOD_SESSIONS,
  FRAMES_A_SESSION,
  PINNED_REASON,
  type SiegeAttackName,
  type SiegeOrders,
  type SiegeTally,
} from '../load/siege/siege-attacks.ts';
import {
  elsewhere,
  PROXY,
  SIEGE_NETWORKS,
  type SiegeNetwork,
} from '../load/siege/siege-network.ts';
import type { SiegeAnswer } from '../load/siege/siege-process.ts';
import { allocate, relayUserIn } from '../load/siege/turn-client.ts';
import type { BenchOptions } from '../options.ts';
import { atLeast, atMost, type Bound, boundInWords, inFigures } from '../result.ts';
import { quantile } from '../statistics.ts';

const CANARIES = 4;
const WARM_UP_MS = 2_000;
const QUIET_MS = 6_000;
const ATTACK_MS = 10_000;
const PROBE_EVERY_MS = 50;
const P99_MS_AT_MOST = 100;
const TIMES_QUIET_AT_MOST = 3;
/** Maximum wait of a newcomer from another network for a match, in ms. */
const ARRIVES_MS_AT_MOST = 15_000;
const REPORT_SHOWN_MS_AT_MOST = 5_000;
/** Number of cases that the console shows at first. */
const FIRST_PAGE = 50;
/** Reason of an earlier, harmless report, by which the scenario finds its own case in the queue. */
const MARKING_REASON = 'scam-or-spam';
/** `total-quota` in deploy/turnserver.conf. */
const ALLOCATIONS_MAX = 4_000;

const ATTACKS = ['sockets', 'tickets', 'relay', 'reports', 'loop'] as const;

interface Round {
  readonly canaryP99Ms: number;
  readonly livezP99Ms: number;
  readonly unanswered: number;
  readonly generator: GeneratorLoad;
}

interface Besieged extends Round, SiegeTally {
  /** Measurements of the same server before the attack. */
  readonly quiet: Round;
  /** Time in ms in which two newcomers from other networks connected and met. */
  readonly arrivedMs: number;
  readonly bounds: Readonly<Record<string, Bound>>;
}

/**
 * One attacker, who has one address, one /24 or one /48, tries to take all sockets, tickets, relay
 * allocations, the moderators' queue, or the time of the event loop, each from a fresh server.
 * Measures during the attack whether users of other networks connect, meet, chat, get an
 * allocation, and have their report shown. Compares the results with the same server before the
 * attack. All clients come through a listed proxy, whose header contains their addresses.
 */
export async function siege({ server }: BenchOptions): Promise<Record<string, unknown>> {
  const all: Besieged[] = [];
  const results: Record<string, Record<string, Besieged>> = {};
  for (const network of SIEGE_NETWORKS) {
    console.log(`siege: the attacker has one ${network}`);
    for (const attack of ATTACKS) {
      const besieged = await besiege(attack, network, server);
      all.push(besieged);
      results[attack] = { ...results[attack], [network]: besieged };
    }
  }
  const generator = worstOf(all.flatMap((round) => [round.generator, round.quiet.generator]));
  console.log(`    of the canaries, ${generatorInWords(generator)}`);
  return {
    scenario: 'siege',
    ...results,
    loop: {
      canaryP99Ms: Math.max(...all.map(({ canaryP99Ms }) => canaryP99Ms)),
      canaryOk: all.every(isWithstood),
      ...results['loop'],
    },
    generator,
  };
}

/** Setup of an attack besides the server, and the service that other users must still get. */
interface Stage {
  readonly settings: Readonly<Record<string, string>>;
  /** Called before the attack. */
  prepare(site: Site): Promise<void>;
  /** Called at the end of the attack. */
  measure(site: Site): Promise<Readonly<Record<string, Bound>>>;
  close(): Promise<void>;
}

interface Site {
  readonly port: number;
  readonly dataDir: string;
  /** Returns two users of networks that no other user has. They aren't connected yet. */
  readonly newcomers: () => readonly [Participant, Participant];
}

const PLAIN: Stage = {
  settings: {},
  prepare: async () => {},
  measure: async () => ({}),
  close: async () => {},
};

async function stageOf(attack: SiegeAttackName): Promise<Stage> {
  switch (attack) {
    case 'relay':
      return await relayStage();
    case 'reports':
      return reportsStage();
    case 'sockets':
    case 'tickets':
    case 'loop':
      return PLAIN;
  }
}

async function besiege(
  attack: SiegeAttackName,
  network: SiegeNetwork,
  server: string | null,
): Promise<Besieged> {
  const stage = await stageOf(attack);
  const settings = {
    FARANDOLE_TRUSTED_PROXIES: PROXY,
    ...runtimeSettings(server),
    ...stage.settings,
  };
  const contender = await startContender('ours', false, settings);
  const { port, dataDir } = contender;
  const child = fork(join(import.meta.dirname, '../load/siege/siege-process.ts'), {
    stdio: 'inherit',
  });
  let pairs = 0;
  const newcomers = (): readonly [Participant, Participant] => {
    const [one, other] = elsewhere(pairs++);
    return [new Participant(port, PROXY, null, one), new Participant(port, PROXY, null, other)];
  };
  const site: Site = { port, dataDir, newcomers };
  try {
    const canaries: CanaryPair[] = [];
    for (let pair = 0; pair < CANARIES; pair++) canaries.push(await CanaryPair.start(newcomers()));
    await stage.prepare(site);
    // The first round isn't counted, because it compiles the code.
    await listen(port, canaries, delay(WARM_UP_MS));
    const quiet = await listen(port, canaries, delay(QUIET_MS));
    const arrivals = newcomers();
    const attacked = strike(child, { attack, port, network, lastsMs: ATTACK_MS });
    const arrival = timeToMeet(arrivals, ATTACK_MS / 2);
    const round = await listen(port, canaries, attacked);
    const [tally, arrivedMs] = [await attacked, await arrival];
    const bounds = {
      ...boundsOf(round, quiet, arrivedMs, attack, tally),
      ...(await stage.measure(site)),
    };
    printRow(attack, { ...round, ...tally, quiet, arrivedMs, bounds });
    for (const canary of canaries) await canary.leave();
    return { ...round, ...tally, quiet, arrivedMs, bounds };
  } finally {
    await endAll([child]);
    await contender.stop();
    await stage.close();
  }
}

async function strike(child: ChildProcess, orders: SiegeOrders): Promise<SiegeTally> {
  const answered = once(child, 'message');
  child.send(orders);
  const [answer] = (await answered) as [SiegeAnswer];
  if (!answer.ok) throw new Error(`the attack failed: ${answer.fault}`);
  return answer.tally;
}

function boundsOf(
  round: Round,
  quiet: Round,
  arrivedMs: number,
  attack: SiegeAttackName,
  { taken }: SiegeTally,
): Besieged['bounds'] {
  const most = (quietMs: number): number => Math.max(P99_MS_AT_MOST, TIMES_QUIET_AT_MOST * quietMs);
  const volley = FLOOD_SESSIONS * FRAMES_A_SESSION;
  return {
    canaryP99Ms: atMost(round.canaryP99Ms, most(quiet.canaryP99Ms)),
    livezP99Ms: atMost(round.livezP99Ms, most(quiet.livezP99Ms)),
    unanswered: atMost(round.unanswered, 0),
    arrivedMs: atMost(arrivedMs, ARRIVES_MS_AT_MOST),
    ...(attack === 'loop' && { hostileFrames: atLeast(taken, volley) }),
  };
}

function isWithstood({ bounds }: Besieged): boolean {
  return Object.values(bounds).every(({ reached }) => reached === true);
}

/** Measures round trips of `/livez` and of other users' chat lines until `done` resolves. */
async function listen(
  port: number,
  canaries: readonly CanaryPair[],
  done: Promise<unknown>,
): Promise<Round> {
  await CanaryPair.takeAll(canaries);
  let isOver = false;
  void done.finally(() => {
    isOver = true;
  });
  const probes: number[] = [];
  const pending: Promise<void>[] = [];
  while (!isOver) {
    const startedMs = performance.now();
    // The next probe doesn't wait for the answer, so that a stall lengthens every probe during it.
    const probe = ask({ port, path: '/livez' }).then(() => {
      probes.push(performance.now() - startedMs);
    });
    pending.push(probe);
    await delay(PROBE_EVERY_MS);
  }
  await Promise.all(pending);
  const taken: readonly CanaryRound[] = await CanaryPair.takeAll(canaries);
  const { p99Ms, unanswered } = inCanaryFigures(taken);
  return {
    canaryP99Ms: p99Ms,
    livezP99Ms: quantile(probes, 0.99),
    unanswered,
    generator: worstOf(taken.map((round) => round.generator)),
  };
}

/** Returns the time in ms in which two users connected and each met a stranger; NaN on failure. */
async function timeToMeet(
  people: readonly [Participant, Participant],
  afterMs: number,
): Promise<number> {
  await delay(afterMs);
  const startedMs = performance.now();
  try {
    await Promise.all(
      people.map(async (person) => {
        await person.prepare();
        await person.open();
        await person.pair();
      }),
    );
    return performance.now() - startedMs;
  } catch (error) {
    console.error(error);
    return Number.NaN;
  } finally {
    await Promise.all(people.map((person) => person.leave()));
  }
}

/** A relay with the shipped quotas. After the attack, two users must still get an allocation. */
async function relayStage(): Promise<Stage> {
  const coturn = await startCoturn([
    `--user-quota=${ALLOCATIONS_A_USER}`,
    `--total-quota=${ALLOCATIONS_MAX}`,
  ]);
  return {
    settings: { FARANDOLE_TURN_URLS: coturn.url, FARANDOLE_TURN_SECRET: coturn.secret },
    prepare: async () => {},
    measure: async (site) => {
      let allocated = 0;
      for (const person of await meet(site.newcomers())) {
        const user = relayUserIn(person.iceServers);
        const socket = user === null ? null : await allocate(user);
        if (socket !== null) allocated += 1;
        socket?.close();
        await person.leave();
      }
      return { allocated: atLeast(allocated, 2) };
    },
    close: () => coturn.stop(),
  };
}

/** After the attack, a pinned report of a user from elsewhere must be on the first page. */
function reportsStage(): Stage {
  let reporter: Participant | null = null;
  return {
    settings: {},
    prepare: async (site) => {
      reporter = await canaryReporter(site);
      await runCli(site.dataDir, 'user', 'add', 'Bench', '--role', 'moderator');
    },
    measure: async ({ dataDir }) => {
      const shownMs = reporter === null ? null : await timeUntilShown(dataDir, reporter);
      return { shownMs: atMost(shownMs ?? Number.NaN, REPORT_SHOWN_MS_AT_MOST) };
    },
    close: async () => {},
  };
}

/**
 * Returns a user in a call with a stranger who has one report already. The reason of that report
 * identifies the stranger's case in the queue.
 */
async function canaryReporter(site: Site): Promise<Participant> {
  const [accused, witness] = await meet(site.newcomers());
  await accept(witness, MARKING_REASON);
  await Promise.all([accused.leave(), witness.leave()]);
  const [, reporter] = site.newcomers();
  const [returned] = elsewhere(0);
  await meet([new Participant(site.port, PROXY, accused.cookie, returned), reporter]);
  return reporter;
}

/**
 * Returns the time in ms from a pinned report until its case is on the queue's first page; null if
 * it wasn't there in time.
 */
async function timeUntilShown(dataDir: string, reporter: Participant): Promise<number | null> {
  const startedMs = performance.now();
  await accept(reporter, PINNED_REASON);
  while (performance.now() - startedMs < REPORT_SHOWN_MS_AT_MOST) {
    const queue = (await runCli(dataDir, 'case', 'list', '--as', 'Bench')) as readonly QueuedCase[];
    const isShown = queue.slice(0, FIRST_PAGE).some(({ of }) => {
      const reasons = new Set(of.reasons.map(({ reason }) => reason));
      return reasons.has(MARKING_REASON) && reasons.has(PINNED_REASON);
    });
    if (isShown) return performance.now() - startedMs;
  }
  return null;
}

interface QueuedCase {
  readonly of: { readonly reasons: readonly { readonly reason: string }[] };
}

/** Sends a report. @throws Error if the server refuses it */
async function accept(reporter: Participant, reason: string): Promise<void> {
  const answer = await new Promise<string>((resolve) => {
    reporter.onReported = resolve;
    reporter.report(reason);
  });
  if (answer !== 'accepted') throw new Error(`a canary's report was ${answer}`);
}

function printRow(attack: SiegeAttackName, besieged: Besieged): void {
  const { quiet, taken, tried, heldAtMost, bounds } = besieged;
  console.log(
    `    ${attack}: without attack ${inRow(quiet)}; with ${inRow(besieged)}; ` +
      `the attacker got ${taken} of ${tried}, at most ${heldAtMost} at a time`,
  );
  for (const [name, bound] of Object.entries(bounds)) {
    console.log(`        ${name}: ${boundInWords(bound)}`);
  }
}

function inRow({ canaryP99Ms, livezP99Ms }: Round): string {
  return `canary p99 ${inFigures(canaryP99Ms)} ms, /livez p99 ${inFigures(livezP99Ms)} ms`;
}
