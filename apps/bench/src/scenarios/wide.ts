import { setTimeout as delay } from 'node:timers/promises';
import { assertDefined } from '@farandole/kernel/assert';
import { barChart, writeChart } from '../chart.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { sourceAddress } from '../load/addresses.ts';
import { type Contender, NO_PROOF, startContender } from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { Participant } from '../load/participant.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import {
  compare,
  inFigures,
  inLines,
  inWords,
  ratioInWords,
  ratioOf,
  summarise,
} from '../result.ts';
import { median } from '../statistics.ts';
import { FRAMES_A_TURN, FrameBench } from '../wide/frame-bench.ts';
import { turnsOf } from './relay.ts';

const ROUNDS = 7;
/** The first round isn't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 1;

/** A frame between two nodes costs at most this many times the bare program's. */
const FRAME_AT_MOST = 2;

/** Each of the two nodes then uses half of a core, which docs/capacity.md assumes. */
const CONNECTIONS = 4_000;
/** Two load processes, and four pairs of clients of which two are on two nodes. */
const CONNECTIONS_STEP = 16;
const TALK_EVERY_MS = 520;
const TALK_MS = 1_500;
const IDLE_MS = 700;
const LINE_AT_MOST = 1.2;

/** Number of pairs that are matched in a round. */
const MATCHES = 12;
/** The first user of a pair waits this long in the pool. */
const WAITS_MS = 20;
/** Time in which the nodes read what the store knows of the new users. */
const READ_MS = 500;
/** A match between two nodes takes at most two local ones and this many round trips. */
const ECHOES_A_MATCH = 8;
/** Addresses of the users who are matched, apart from those of the load processes. */
const FIRST_ADDRESS = 100_000;

/** One node; two nodes without Valkey; two nodes with half of the calls crossing. */
const GROUPS = ['one', 'alone', 'two'] as const;
type Group = (typeof GROUPS)[number];
type Side = 'one' | 'two';

/**
 * Measures what several nodes cost. One node and a bare program take turns in the same run.
 *
 * (a) µs of CPU per frame between two nodes, of both nodes and the server, at 16 frames a turn;
 * (b) µs of CPU per chat line on two nodes, half of the calls crossing, of both nodes and Valkey,
 *     after the idle cost is subtracted. It is compared with two nodes without Valkey that have half
 *     of the users each, because a line costs more on a node with fewer users and when more
 *     processes share the cores. It is also compared with one node that has all users;
 * (c) the time from the second user's search to the match, on two nodes.
 */
export async function wide({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const roundsRun = rounds ?? ROUNDS;
  const wanted = connections ?? CONNECTIONS;
  const count = CONNECTIONS_STEP * Math.max(1, Math.ceil(wanted / CONNECTIONS_STEP));
  await using ends = new AsyncDisposableStack();
  const frames = await FrameBench.start(ends);
  const people = await PeopleBench.start(ends, count);
  const samples = {
    frame: { ours: [] as number[], 'bare-resp': [] as number[] },
    single: { ours: [] as number[], 'bare-resp': [] as number[] },
    line: noLines(),
    withIdle: noLines(),
    idleUs: [] as number[],
    valkeyUs: [] as number[],
    perS: noTalks(),
    share: noTalks(),
    echoMs: [] as number[],
    matchMs: { one: [] as number[], two: [] as number[] },
  };
  const loads: GeneratorLoad[] = [];
  for (let round = -WARM_UP_ROUNDS; round < roundsRun; round++) {
    const lines = await people.talk(round);
    if (round < 0) continue;
    for (const cost of ['line', 'withIdle'] as const) {
      samples[cost].ours.push(lines.two[cost]);
      samples[cost]['one-node'].push(lines.alone[cost]);
      samples[cost]['one-with-all'].push(lines.one[cost]);
    }
    samples.idleUs.push(lines.one.idleUs);
    for (const group of GROUPS) {
      samples.perS[group].push(lines[group].perS);
      samples.share[group].push(lines[group].share);
      loads.push(lines[group].load);
    }
    samples.valkeyUs.push(lines.two.valkeyUs);
  }
  // The matches come after all talks: when people come and go, the nodes tell all others the number
  // of people online, and a talk would cost more.
  for (let round = -WARM_UP_ROUNDS; round < roundsRun; round++) {
    const { many, single } = await frames.run(round);
    const matchMs = await people.match(round);
    if (round < 0) continue;
    for (const name of ['ours', 'bare-resp'] as const) {
      samples.frame[name].push(many[name].cpuUs);
      samples.single[name].push(single[name].cpuUs);
    }
    samples.echoMs.push(median(single['bare-resp'].timesMs));
    for (const side of ['one', 'two'] as const) samples.matchMs[side].push(matchMs[side]);
  }
  const frame = compare('µs of CPU a frame', samples.frame, { 'bare-resp': FRAME_AT_MOST });
  const single = compare('µs of CPU a frame', samples.single);
  const line = compare('µs of CPU a line', samples.line, { 'one-node': LINE_AT_MOST });
  const load = loadFigures(samples.perS, samples.share);
  const valkeyUs = summarise(samples.valkeyUs);
  const lineWithIdle = compare('µs of CPU a line', samples.withIdle);
  const idleUs = summarise(samples.idleUs);
  const match = matchFigures(samples.echoMs, samples.matchMs);
  const generator = worstOf(loads);
  console.log(
    [
      ...inLines(`wide: a frame between two nodes, ${FRAMES_A_TURN} a turn`, frame),
      ...inLines('wide: the same, one frame a turn', single),
      ...inLines(`wide: a line of chat, ${count} people, half of the calls on two nodes`, line),
      ...inLines('wide: the same with the cost of idle people', lineWithIdle),
      `    an idle person costs one node ${inWords(idleUs)} µs of CPU a second`,
      `    of our line, Valkey takes ${inWords(valkeyUs)} µs`,
      ...GROUPS.map((group) => `    ${loadInWords(group, load[group])}`),
      `wide: from the second search to the match, ms`,
      `   on one node ${inFigures(match.oneMs.median)}, on two ${inFigures(match.twoMs.median)}, ` +
        `PUBLISH and back ${inFigures(match.echoMs.median)}`,
      `   on two nodes ${ratioInWords(match.ofAllowed)} of twice one node and ${ECHOES_A_MATCH} echoes`,
      `    ${generatorInWords(generator)}`,
    ].join('\n'),
  );
  const picture = await writeChart('wide', barChart('A frame between two nodes', frame));
  return {
    scenario: 'wide',
    rounds: roundsRun,
    connections: count,
    ...{ frame, single, line, lineWithIdle, idleUs, valkeyUs, load, match, generator, picture },
  };
}

function matchFigures(
  echoMs: readonly number[],
  { one, two }: Readonly<Record<Side, readonly number[]>>,
) {
  const allowed = one.map((ms, round) => 2 * ms + ECHOES_A_MATCH * (echoMs[round] ?? Number.NaN));
  return {
    echoMs: summarise(echoMs),
    oneMs: summarise(one),
    twoMs: summarise(two),
    ofAllowed: ratioOf(two, allowed, 1),
  };
}

interface TalkLoad {
  /** Lines a second of all nodes together. */
  readonly perS: number;
  /** Share of a core that each node uses. */
  readonly share: number;
}

function loadFigures(
  perS: Readonly<Record<Group, readonly number[]>>,
  share: Readonly<Record<Group, readonly number[]>>,
): Readonly<Record<Group, TalkLoad>> {
  const of = (group: Group): TalkLoad => ({
    perS: median(perS[group]),
    share: median(share[group]),
  });
  return { one: of('one'), alone: of('alone'), two: of('two') };
}

const GROUP_NAMES: Readonly<Record<Group, string>> = {
  one: 'one node with all users',
  alone: 'one node, twice',
  two: 'two nodes, half crossing',
};

function loadInWords(group: Group, { perS, share }: TalkLoad): string {
  const busy = `${inFigures(100 * share)} % of a core for each node`;
  return `${GROUP_NAMES[group]}: ${Math.round(perS)} lines a second, ${busy}`;
}

interface LineCost extends TalkLoad {
  /** µs of CPU a line, without and with what idle people cost in the same time. */
  readonly line: number;
  readonly withIdle: number;
  /** µs of Valkey's CPU a line, with its idle cost. */
  readonly valkeyUs: number;
  /** µs of CPU a connected person and second, without lines. */
  readonly idleUs: number;
  readonly load: GeneratorLoad;
}

type Lines = Record<'ours' | 'one-node' | 'one-with-all', number[]>;

function noLines(): Lines {
  return { ours: [], 'one-node': [], 'one-with-all': [] };
}

function noTalks(): Record<Group, number[]> {
  return { one: [], alone: [], two: [] };
}

/**
 * One node, two nodes without Valkey, and a cluster of two nodes, with the same number of people in
 * calls. No node has other people, because a line costs more on a node with more sessions.
 */
class PeopleBench {
  readonly #fleet: LoadFleet;
  readonly #one: Contender;
  readonly #alone: readonly Contender[];
  readonly #cluster: Cluster;
  readonly #count: number;
  #people = FIRST_ADDRESS;

  private constructor(
    fleet: LoadFleet,
    one: Contender,
    alone: readonly Contender[],
    cluster: Cluster,
    count: number,
  ) {
    this.#count = count;
    this.#fleet = fleet;
    this.#one = one;
    this.#alone = alone;
    this.#cluster = cluster;
  }

  static async start(ends: AsyncDisposableStack, count: number): Promise<PeopleBench> {
    const startNode = async (): Promise<Contender> => {
      const node = await startContender('ours', false, NO_PROOF);
      ends.defer(() => node.stop());
      return node;
    };
    const [one, left, right] = [await startNode(), await startNode(), await startNode()];
    const cluster = await startCluster({
      nodes: 2,
      hasRelay: false,
      isDirect: true,
      env: NO_PROOF,
    });
    ends.defer(() => cluster.stop());
    for (const node of cluster.nodes) await node.sees(2);
    const fleet = new LoadFleet();
    ends.defer(() => fleet.stop());
    const bench = new PeopleBench(fleet, one, [left, right], cluster, count);
    await fleet.add('one', 'ours', one.port, count);
    const ports = [left.port, left.port, right.port, right.port];
    await fleet.add('alone', 'ours', ports, count);
    // Every two successive clients are a pair. Of four pairs, two are on two nodes.
    const [first, second] = bench.#ports;
    const [local, crossing] = [
      [first, first, second, second],
      [first, second, second, first],
    ];
    await fleet.add('two', 'ours', [...local, ...crossing], count);
    for (const group of GROUPS) {
      await fleet.order(group, { do: 'open' });
      await delay(READ_MS);
      await fleet.orderInTurn(group, { do: 'pair-in-turn' });
    }
    await bench.#checkCrossing(count / 4);
    return bench;
  }

  /** Measures the CPU time of a chat line with one node and with two. */
  async talk(round: number): Promise<Readonly<Record<Group, LineCost>>> {
    const costs: Partial<Record<Group, LineCost>> = {};
    for (const group of turnsOf(GROUPS, Math.abs(round))) costs[group] = await this.#talkAs(group);
    return costs as Record<Group, LineCost>;
  }

  async #talkAs(group: Group): Promise<LineCost> {
    const beforeIdle = this.#cpuUs(group);
    const idleFromMs = performance.now();
    await delay(IDLE_MS);
    const idlePerMs = (this.#cpuUs(group) - beforeIdle) / (performance.now() - idleFromMs);
    const before = this.#cpuUs(group);
    const valkeyBefore = this.#valkeyUs();
    const tally = await this.#fleet.order(group, {
      do: 'talk',
      said: 'chat',
      everyMs: TALK_EVERY_MS,
      durationMs: TALK_MS,
    });
    const spent = this.#cpuUs(group) - before;
    const valkeyUs = (this.#valkeyUs() - valkeyBefore) / tally.sent;
    const { lost, delivered, sent, elapsedMs, generator } = tally;
    if (lost > 0 || delivered !== 2 * sent) {
      throw new Error(`${group}: ${lost} clients lost, ${delivered} of ${2 * sent} delivered`);
    }
    const line = (spent - idlePerMs * elapsedMs) / sent;
    const idleUs = (1_000 * idlePerMs) / this.#count;
    const perS = (1_000 * sent) / TALK_MS;
    const nodes = group === 'one' ? 1 : 2;
    const ofNodesUs = (group === 'two' ? line - valkeyUs : line) / nodes;
    const idleShare = idlePerMs / 1_000 / nodes;
    const share = (ofNodesUs * perS) / 1_000_000 + idleShare;
    return { line, withIdle: spent / sent, idleUs, perS, share, valkeyUs, load: generator };
  }

  /** Measures the time in ms from the second user's search until both users are matched. */
  async match(round: number): Promise<Readonly<Record<Side, number>>> {
    const pairs = {
      one: await this.#openPairs([this.#one.port, this.#one.port]),
      two: await this.#openPairs(this.#ports),
    };
    await delay(READ_MS);
    const times: Record<Side, number[]> = { one: [], two: [] };
    for (let number = 0; number < MATCHES; number++) {
      for (const side of turnsOf(['one', 'two'] as const, Math.abs(round + number))) {
        const [waiting, searching] = pairs[side][number] ?? [];
        if (waiting === undefined || searching === undefined) throw new Error('no such pair');
        const matched = waiting.pair();
        await delay(WAITS_MS);
        const startedMs = performance.now();
        await Promise.all([searching.pair(), matched]);
        times[side].push(performance.now() - startedMs);
      }
    }
    await Promise.all([...pairs.one, ...pairs.two].flat().map((person) => person.leave()));
    return { one: median(times.one), two: median(times.two) };
  }

  get #ports(): readonly [number, number] {
    const [first, second] = this.#cluster.nodes.map(({ port }) => port);
    return [first ?? Number.NaN, second ?? Number.NaN];
  }

  async #openPairs(ports: readonly number[]): Promise<readonly (readonly Participant[])[]> {
    const pairs: Participant[][] = [];
    for (let number = 0; number < MATCHES; number++) {
      // The pool's writer is on one of the nodes, so each node has the second user equally often.
      const pair = turnsOf(ports, number).map((port) => {
        this.#people += 1;
        return new Participant(port, sourceAddress(this.#people));
      });
      for (const person of pair) {
        await person.prepare();
        await person.open();
      }
      pairs.push(pair);
    }
    return pairs;
  }

  #cpuUs(group: Group): number {
    const { nodes, valkey } = this.#cluster;
    const shared = [...nodes.map(({ pid }) => assertDefined(pid, 'the node runs')), valkey.pid];
    const alone = this.#alone.map(({ pid }) => pid);
    const pids = { one: [this.#one.pid], alone, two: shared }[group];
    return pids.reduce((sum, pid) => sum + cpuMicrosecondsOf(pid), 0);
  }

  #valkeyUs(): number {
    return cpuMicrosecondsOf(this.#cluster.valkey.pid);
  }

  async #checkCrossing(expected: number): Promise<void> {
    const edges = await Promise.all(
      this.#cluster.nodes.map((node) => node.metric('farandole_bridges{side="edge"}')),
    );
    const seen = edges.reduce<number>((sum, count) => sum + (count ?? Number.NaN), 0);
    if (seen !== expected) throw new Error(`${seen} calls cross nodes, expected ${expected}`);
  }
}
