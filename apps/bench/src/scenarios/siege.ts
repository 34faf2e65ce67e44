import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '@farandole/e2e/http';
import { CanaryPair, type CanaryRound, inCanaryFigures } from '../load/canary.ts';
import { startContender } from '../load/contender.ts';
import { runCli } from '../load/contender-cli.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { endAll } from '../load/load-fleet.ts';
import { meet, Participant } from '../load/participant.ts';
import {
  FLOOD_SESSIONS,
  FRAMES_A_SESSION,
  PINNED_REASON,
  type SiegeAttackName,
  type SiegeTally,
} from '../load/siege/siege-attacks.ts';
import {
  elsewhere,
  PROXY,
  SIEGE_NETWORKS,
  type SiegeNetwork,
} from '../load/siege/siege-network.ts';
import type { SiegeAnswer } from '../load/siege/siege-process.ts';
import type { BenchOptions } from '../options.ts';
import { atLeast, atMost, type Bound, boundInWords, inFigures } from '../result.ts';
import { quantile } from '../statistics.ts';

const CANARIES = 4;
const QUIET_MS = 8_000;
const ATTACK_MS = 10_000;
const REPORTS_MS = 20_000;
const CALM_MS = 2_000;
const PROBE_EVERY_MS = 50;
const P99_MS_AT_MOST = 100;
const TIMES_QUIET_AT_MOST = 3;
/** Maximum wait of a newcomer from another network for a match, in ms. */
const ARRIVES_MS_AT_MOST = 15_000;
const REPORT_SHOWN_MS_AT_MOST = 5_000;
/** Number of cases that the console shows at first. */
const FIRST_PAGE = 50;
/** Reason of a harmless first report, by which the canary's case is recognised in the queue. */
const MARKING_REASON = 'scam-or-spam';

interface Round {
  readonly canaryP99Ms: number;
  readonly livezP99Ms: number;
  readonly unanswered: number;
  readonly generator: GeneratorLoad;
}

interface Besieged extends Round, SiegeTally {
  /** Time in ms in which two newcomers from other networks connected and met. */
  readonly arrivedMs: number;
  readonly bounds: Readonly<Record<string, Bound>>;
}

interface BesiegedReports extends Besieged {
  /** Time in ms until the canary's report was on the queue's first page; null if it never was. */
  readonly shownMs: number | null;
}

interface OfNetwork {
  readonly quiet: Round;
  readonly sockets: Besieged;
  readonly tickets: Besieged;
  readonly loop: Besieged;
  readonly reports: BesiegedReports;
}

/**
 * One attacker, who has one address, one /24 or one /48, tries to take all sockets, tickets, time
 * of the event loop, and the moderators' queue. Measures meanwhile whether users of other networks
 * connect, meet and chat, and whether their report is read. Compares with the same server before
 * the attacks. All clients come through a listed proxy, whose header has their addresses.
 */
export async function siege(_options: BenchOptions): Promise<Record<string, unknown>> {
  const networks: [SiegeNetwork, OfNetwork][] = [];
  for (const network of SIEGE_NETWORKS) networks.push([network, await besiegeFrom(network)]);
  const of = <Name extends keyof OfNetwork>(name: Name): Record<string, OfNetwork[Name]> =>
    Object.fromEntries(networks.map(([network, all]) => [network, all[name]]));
  const rounds = networks.flatMap(([, { sockets, tickets, loop, reports }]) => [
    sockets,
    tickets,
    loop,
    reports,
  ]);
  const generator = worstOf([
    ...rounds.map((round) => round.generator),
    ...networks.map(([, { quiet }]) => quiet.generator),
  ]);
  console.log(`    of the canaries, ${generatorInWords(generator)}`);
  const loops = networks.map(([, { loop }]) => loop);
  return {
    scenario: 'siege',
    quiet: of('quiet'),
    sockets: of('sockets'),
    tickets: of('tickets'),
    relay: await siegeRelay(),
    reports: of('reports'),
    loop: {
      canaryP99Ms: Math.max(...loops.map(({ canaryP99Ms }) => canaryP99Ms)),
      canaryOk: rounds.every(isWithstood),
      ...of('loop'),
    },
    generator,
  };
}

async function besiegeFrom(network: SiegeNetwork): Promise<OfNetwork> {
  const contender = await startContender('ours', false, { FARANDOLE_TRUSTED_PROXIES: PROXY });
  const { port } = contender;
  try {
    const canaries: CanaryPair[] = [];
    for (let index = 0; index < CANARIES; index++) {
      canaries.push(await CanaryPair.start(newcomers(port, index)));
    }
    // The first round isn't counted, because it compiles the code.
    await listen(port, canaries, delay(CALM_MS));
    const quiet = await listen(port, canaries, delay(QUIET_MS));
    console.log(`siege from one ${network}: without attack ${inRow(quiet)}`);
    let pairs = CANARIES;
    const attack = async (name: SiegeAttackName, lastsMs = ATTACK_MS): Promise<Besieged> => {
      const [people, orders] = [newcomers(port, pairs++), { attack: name, port, network, lastsMs }];
      return await withstand({ port, canaries, quiet, people, orders });
    };
    const sockets = await attack('sockets');
    const tickets = await attack('tickets');
    const loop = await attack('loop');
    const reporter = await canaryReporter(port, [pairs++, pairs++]);
    await runCli(contender.dataDir, 'user', 'add', 'Bench', '--role', 'moderator');
    const attacked = attack('reports', REPORTS_MS);
    await delay(REPORTS_MS - REPORT_SHOWN_MS_AT_MOST);
    const shownMs = await timeUntilShown(contender.dataDir, reporter);
    const underReports = await attacked;
    const bounds = {
      ...underReports.bounds,
      shownMs: atMost(shownMs ?? Number.NaN, REPORT_SHOWN_MS_AT_MOST),
    };
    console.log(`    the canary's report: shown after ${boundInWords(bounds.shownMs)}`);
    for (const canary of canaries) await canary.leave();
    return { quiet, sockets, tickets, loop, reports: { ...underReports, shownMs, bounds } };
  } finally {
    await contender.stop();
  }
}

interface Attack {
  readonly port: number;
  readonly canaries: readonly CanaryPair[];
  readonly quiet: Round;
  /** Two users who arrive during the attack. */
  readonly people: readonly [Participant, Participant];
  readonly orders: {
    readonly attack: SiegeAttackName;
    readonly port: number;
    readonly network: SiegeNetwork;
    readonly lastsMs: number;
  };
}

async function withstand(attack: Attack): Promise<Besieged> {
  const { port, canaries, quiet, people, orders } = attack;
  const child = fork(join(import.meta.dirname, '../load/siege/siege-process.ts'), {
    stdio: 'inherit',
  });
  try {
    const answer = strike(child, orders);
    const arrival = timeToMeet(people, orders.lastsMs / 2);
    const round = await listen(port, canaries, answer);
    const tally = await answer;
    const arrivedMs = await arrival;
    const bounds = boundsOf(round, quiet, arrivedMs, orders.attack, tally);
    console.log(
      `    ${orders.attack}: ${inRow(round)}; two newcomers met after ${inFigures(arrivedMs)} ms; ` +
        `the attacker got ${tally.taken} of ${tally.tried}, at most ${tally.heldAtMost} at a time`,
    );
    await delay(CALM_MS);
    return { ...round, ...tally, arrivedMs, bounds };
  } finally {
    await endAll([child]);
  }
}

async function strike(child: ChildProcess, orders: Attack['orders']): Promise<SiegeTally> {
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

/** Measures the round trips of the canaries' lines and of `/livez` until `done` resolves. */
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

function newcomers(port: number, index: number): readonly [Participant, Participant] {
  const [one, other] = elsewhere(index);
  return [new Participant(port, PROXY, null, one), new Participant(port, PROXY, null, other)];
}

/** Returns the time in ms in which two users connected and each met a stranger; NaN on failure. */
async function timeToMeet(people: Attack['people'], afterMs: number): Promise<number> {
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

/**
 * Returns a user in a call with a user of whom there is one report already, by whose reason the
 * case is recognised in the queue.
 */
async function canaryReporter(
  port: number,
  [first, second]: readonly [number, number],
): Promise<Participant> {
  const [accused, witness] = await meet(newcomers(port, first));
  await accept(witness, MARKING_REASON);
  await Promise.all([accused.leave(), witness.leave()]);
  const [from, across] = elsewhere(second);
  const [, reporter] = await meet([
    new Participant(port, PROXY, accused.cookie, from),
    new Participant(port, PROXY, null, across),
  ]);
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

/** Not measured yet: the relay's credentials are issued to everybody who asks over HTTP. */
async function siegeRelay(): Promise<null> {
  return null;
}

function inRow({ canaryP99Ms, livezP99Ms }: Round): string {
  return `canary p99 ${inFigures(canaryP99Ms)} ms, /livez p99 ${inFigures(livezP99Ms)} ms`;
}
