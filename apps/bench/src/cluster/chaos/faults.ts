import { setTimeout as delay } from 'node:timers/promises';
import type { TestValkey } from '@farandole/cluster/test/valkey-server';
import type { Cluster } from '../cluster.ts';
import type { ClusterNode } from '../cluster-node.ts';
import type { ChaosCrowd } from './crowd.ts';
import { cutOff } from './cut-faults.ts';
import { loading } from './loaded-modules.ts';
import { POLL_MS, readUntil } from './read-until.ts';
import { startMisfits } from './start-faults.ts';
import { rowsOf } from './store-reading.ts';

export interface FaultParts {
  readonly cluster: Cluster;
  readonly crowd: ChaosCrowd;
  /** Counts from 1. */
  readonly round: number;
}

export interface Bite {
  readonly target: string;
  /** How much the fault affected, in the unit of the fault. A fault with 0 did not bite. */
  readonly bitten: number;
}

/** Causes the failure, ends it, and resolves when all nodes run and see each other again. */
export type Fault = (parts: FaultParts) => Promise<Bite>;

const STOPPED_MS = 10_000;
const AWAY_MS = 4_000;
/** Long enough for every node to be fenced. */
const FENCING_MS = 10_000;
/** Long enough for the others to count the node as gone. */
const CUT_OFF_MS = 15_000;
/** Long enough for the node to have sent its users away. */
const ALONE_MS = 30_000;
const LONG_AWAY_MS = 60_000;
const OWNER_WAIT_MS = 15_000;
const SENTINEL_ACTS_WITHIN_MS = 60_000;
/** A node writes its log lines within a tenth of this time. */
const LOGGED_WAIT_MS = 1_000;
const READY_WAIT_MS = 15_000;
/** Most stops hit no transaction. In ten rounds, one found none within half a minute. */
const STOP_TRIES_MS = 120_000;
const STOP_TRY_EVERY_MS = 200;
const STORMS = 8;
const STORM_EVERY_MS = 1_500;
const HOSTILE_BATCHES = 200;

export const FAULTS: Readonly<Record<string, Fault>> = {
  'kill-edge': (parts) => killNode(parts, 'b'),
  'kill-home': (parts) => killNode(parts, 'a'),
  'kill-owner': killOwner,
  'stop-home': stopHome,
  'valkey-kill': (parts) => restartValkey(parts, FENCING_MS),
  'valkey-empty': (parts) => restartValkey(parts, 0),
  'valkey-failover': (parts) => failOver(parts, false),
  'valkey-lose': (parts) => failOver(parts, true),
  'valkey-cut-one': (parts) => cutOne(parts, CUT_OFF_MS),
  'pg-restart': (parts) => restartPostgres(parts, AWAY_MS),
  'pg-away-60s': (parts) => restartPostgres(parts, LONG_AWAY_MS),
  'pg-cut-one': (parts) => cutOne(parts, ALONE_MS),
  roll: (parts) => roll(parts),
  'roll-versions': rollVersions,
  'bad-config': startMisfits,
  clock: moveDate,
  'stop-in-transaction': stopInTransaction,
  'hostile-frames': sendHostileFrames,
  'move-storm': stormOfMoves,
};

/**
 * Number of calls between two nodes whose user on the given side has the socket at the node. The
 * node of side `a` is the home of a call, and that of side `b` an edge.
 */
function crossingAt(crowd: ChaosCrowd, node: string, side: 'a' | 'b'): number {
  return crowd.calls.filter(([a, b]) => a.node !== b.node && (side === 'a' ? a : b).node === node)
    .length;
}

/** Returns the node with the most such calls. */
function busiest({ cluster, crowd }: FaultParts, side: 'a' | 'b'): readonly [ClusterNode, number] {
  const counted = cluster.nodes.map((node) => [node, crossingAt(crowd, node.name, side)] as const);
  const [first] = counted.toSorted(([, one], [, other]) => other - one);
  if (first === undefined) throw new Error('The cluster has no node.');
  return first;
}

async function untilComplete({ nodes }: Cluster): Promise<void> {
  await Promise.all(nodes.map((node) => node.sees(nodes.length)));
  await Promise.all(nodes.map((node) => node.joined()));
}

async function killNode(parts: FaultParts, side: 'a' | 'b'): Promise<Bite> {
  const [node, bitten] = busiest(parts, side);
  await node.kill();
  await node.start();
  await untilComplete(parts.cluster);
  return { target: node.name, bitten };
}

async function ownerOf({ nodes }: Cluster): Promise<readonly [ClusterNode, number] | null> {
  for (const node of nodes) {
    const epoch = node.isRunning ? await node.metric('farandole_pool_epoch') : null;
    if (epoch !== null && epoch > 0) return [node, epoch];
  }
  return null;
}

async function nextOwner(cluster: Cluster): Promise<readonly [ClusterNode, number] | null> {
  return await readUntil(
    () => ownerOf(cluster),
    (owner) => owner !== null,
    OWNER_WAIT_MS,
  );
}

/** Kills the owner of the pool. The unit is 1 if another node became the owner. */
async function killOwner({ cluster }: FaultParts): Promise<Bite> {
  const owner = await ownerOf(cluster);
  if (owner === null) return { target: 'none', bitten: 0 };
  const [node, epoch] = owner;
  await node.kill();
  const next = await nextOwner(cluster);
  await node.start();
  await untilComplete(cluster);
  return { target: node.name, bitten: next !== null && next[1] > epoch ? 1 : 0 };
}

async function stopHome(parts: FaultParts): Promise<Bite> {
  const [node, bitten] = busiest(parts, 'a');
  node.signal('SIGSTOP');
  await delay(STOPPED_MS);
  node.signal('SIGCONT');
  await untilComplete(parts.cluster);
  return { target: node.name, bitten };
}

/** Cuts one node from a server that all others reach. The unit is the calls of its users. */
async function cutOne(parts: FaultParts, cutMs: number): Promise<Bite> {
  const [node, bitten] = busiest(parts, 'a');
  const isAlone = await cutOff(parts, node, cutMs);
  await untilComplete(parts.cluster);
  return { target: node.name, bitten: isAlone ? bitten : 0 };
}

/** The unit is the number of nodes that reported the loss. */
async function restartValkey({ cluster }: FaultParts, awayMs: number): Promise<Bite> {
  const { valkey, nodes } = cluster;
  const before = nodes.map(lossesLogged);
  await valkey.kill();
  await delay(awayMs);
  const states = awayMs === 0 ? [] : await Promise.all(nodes.map((node) => node.readiness()));
  await valkey.start();
  await untilComplete(cluster);
  const lost = states.filter(([status, text]) => status === 200 && text.includes('Valkey')).length;
  return { target: 'valkey', bitten: awayMs === 0 ? await loggedSince(nodes, before) : lost };
}

function lossesLogged({ output }: ClusterNode): number {
  return output.split('"nodes-lost"').length - 1;
}

/** Returns how many nodes logged a further loss. Waits for all, because they write lines late. */
async function loggedSince(
  nodes: readonly ClusterNode[],
  before: readonly number[],
): Promise<number> {
  return await readUntil(
    () => nodes.filter((node, at) => lossesLogged(node) > (before[at] ?? 0)).length,
    (logged) => logged === nodes.length,
    LOGGED_WAIT_MS,
  );
}

/** Faults that need a replica of Valkey and a Sentinel. */
export const WITH_SENTINEL: ReadonlySet<string> = new Set(['valkey-failover', 'valkey-lose']);

async function isPrimary(valkey: TestValkey): Promise<boolean> {
  const [role] = (await valkey.command('ROLE')) as readonly unknown[];
  return String(role) === 'master';
}

/**
 * Kills the primary, so that the Sentinel promotes the replica. The unit is 1 if the replica was
 * promoted.
 *
 * @param loses whether the replica misses the latest writes, among them a new epoch of the pool
 */
async function failOver({ cluster }: FaultParts, loses: boolean): Promise<Bite> {
  const { valkey, replica, sentinel } = cluster;
  if (replica === null || sentinel === null) return { target: 'no replica', bitten: 0 };
  const [first, second] = (await isPrimary(valkey)) ? [valkey, replica] : [replica, valkey];
  const restarted = loses ? await changeOwnerWithout(second, cluster) : null;
  await first.kill();
  second.resume();
  // A promoted replica isn't enough: a Sentinel that gave up waiting for the promotion still names
  // the earlier primary, and would make it the primary again.
  const isPromoted = await comes(async () => (await sentinel.primaryPort()) === second.port);
  await first.start();
  // The Sentinel makes the earlier primary a replica.
  if (isPromoted && !(await comes(async () => !(await isPrimary(first))))) {
    throw new Error(`The earlier primary is no replica. The Sentinel said:\n${sentinel.said()}`);
  }
  await restarted?.start();
  await untilComplete(cluster);
  return { target: `127.0.0.1:${first.port}`, bitten: isPromoted ? 1 : 0 };
}

/** Waits until the Sentinel has acted. Returns false if it didn't in time. */
async function comes(isThere: () => Promise<boolean>): Promise<boolean> {
  return await readUntil(isThere, (isSo) => isSo, SENTINEL_ACTS_WITHIN_MS);
}

/** Lets the pool get a new owner while the replica is suspended. @returns the killed owner */
async function changeOwnerWithout(
  replica: TestValkey,
  cluster: Cluster,
): Promise<ClusterNode | null> {
  replica.pause();
  const owner = await ownerOf(cluster);
  if (owner === null) return null;
  const [node] = owner;
  await node.kill();
  await nextOwner(cluster);
  return node;
}

/** The unit is the number of nodes that reported the loss. */
async function restartPostgres({ cluster }: FaultParts, awayMs: number): Promise<Bite> {
  const { postgres, nodes } = cluster;
  await postgres.kill();
  await delay(awayMs);
  const states = await Promise.all(nodes.map((node) => node.readiness()));
  await postgres.start();
  for (const node of nodes) {
    while ((await node.readiness())[1].includes('store fails')) await delay(POLL_MS);
  }
  const failing = states.filter(
    ([status, text]) => status === 200 && text.includes('store fails'),
  ).length;
  return { target: 'postgres', bitten: failing };
}

/** Restarts every node gracefully, one after the other. The unit is the calls that had to move. */
async function roll(
  { cluster, crowd }: FaultParts,
  env: Readonly<Record<string, string>> = {},
): Promise<Bite> {
  let bitten = 0;
  for (const node of cluster.nodes) {
    bitten += crowd.calls.filter(([a]) => a.node === node.name).length;
    await node.kill('SIGTERM');
    await node.start(env);
    await untilComplete(cluster);
  }
  return { target: cluster.nodes.map(({ name }) => name).join(), bitten };
}

/** Restarts every node with the next build, which adds a column to the store. */
async function rollVersions(parts: FaultParts): Promise<Bite> {
  const { cluster, round } = parts;
  const build = { ...loading('other-build'), CHAOS_MIGRATIONS: String(round) };
  const bite = await roll(parts, build);
  const query = `select 1 from information_schema.columns where column_name = 'of_build_${round}'`;
  const columns = await rowsOf(cluster, query);
  return columns.length === 1 ? bite : { ...bite, bitten: 0 };
}

/** Settings of every node that a fault needs. */
export const SETTINGS_FOR: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  clock: { ...loading('movable-date'), CHAOS_DATE_OFF_MS: '30000', CHAOS_DATE_ON_SIGNAL: 'yes' },
};

/**
 * Changes the date of a node, corrects it and restarts the node, because a node's date never goes
 * back. The unit is 1 if the node reported its fault, and none after the restart.
 */
async function moveDate(parts: FaultParts): Promise<Bite> {
  const [node] = busiest(parts, 'a');
  node.signal('SIGUSR2');
  const isWrong = await isReadyAs(node, 503, 'another date');
  await delay(AWAY_MS);
  await node.kill('SIGTERM');
  await node.start();
  const isRight = await isReadyAs(node, 200, 'ok');
  await untilComplete(parts.cluster);
  return { target: node.name, bitten: isWrong && isRight ? 1 : 0 };
}

async function isReadyAs(node: ClusterNode, status: number, text: string): Promise<boolean> {
  return await readUntil(
    async () => {
      const [now, says] = await node.readiness();
      return now === status && says.includes(text);
    },
    (isSo) => isSo,
    READY_WAIT_MS,
  );
}

interface Transaction {
  readonly pid: number;
  readonly xact_start: string;
}

/** Open transactions in which a client has been silent for a while. */
const STUCK = `select pid, xact_start from pg_stat_activity where datname = current_database()
  and state like 'idle in transaction%' and state_change < now() - interval '150 milliseconds'`;

/**
 * Suspends a node in the middle of a transaction of its store. The unit is the number of its open
 * transactions.
 */
async function stopInTransaction(parts: FaultParts): Promise<Bite> {
  const { cluster } = parts;
  const [node] = busiest(parts, 'a');
  const untilMs = performance.now() + STOP_TRIES_MS;
  let stuck: readonly Transaction[] = [];
  while (stuck.length === 0 && performance.now() < untilMs) {
    node.signal('SIGCONT');
    await delay(STOP_TRY_EVERY_MS);
    node.signal('SIGSTOP');
    await delay(STOP_TRY_EVERY_MS);
    stuck = await rowsOf<Transaction>(cluster, STUCK);
  }
  await delay(STOPPED_MS);
  node.signal('SIGCONT');
  await untilComplete(cluster);
  return { target: node.name, bitten: stuck.length };
}

/** Publishes what no node would. The unit is the number of batches that a node received. */
async function sendHostileFrames({ cluster }: FaultParts): Promise<Bite> {
  const { valkey } = cluster;
  const channels = (await valkey.command('PUBSUB', 'CHANNELS', '*')) as readonly string[];
  let bitten = 0;
  for (let batch = 0; batch < HOSTILE_BATCHES; batch++) {
    const channel = channels[batch % channels.length];
    if (channel === undefined) continue;
    const text = HOSTILE_TEXTS[batch % HOSTILE_TEXTS.length] ?? '';
    bitten += Number(await valkey.command('PUBLISH', channel, text));
  }
  return { target: channels.join(), bitten };
}

const HOSTILE_TEXTS = [
  '',
  '{}',
  '[]',
  'null',
  '{"from":"node1","type":"gateway","body":{}}',
  '\u0000'.repeat(64),
  'x'.repeat(100_000),
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
];

/** Ends all calls again and again. The unit is the number of calls between two nodes. */
async function stormOfMoves({ crowd }: FaultParts): Promise<Bite> {
  let bitten = 0;
  for (let storm = 0; storm < STORMS; storm++) {
    crowd.skipAll();
    await delay(STORM_EVERY_MS);
    bitten += crowd.calls.filter(([a, b]) => a.node !== b.node).length;
  }
  return { target: 'all', bitten };
}
