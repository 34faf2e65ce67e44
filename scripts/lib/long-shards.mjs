/**
 * A part of the long tests: a command that exits with 0 on success and prints its result as JSON on
 * the last line. `minutes` is its duration on two idle cores.
 * @typedef {{ name: string, command: string, minutes: number }} Shard
 */

/** Time limit of a shard on a busy machine. */
export const SHARD_LIMIT_MINUTES = 80;

/**
 * Rounds of each fault of several nodes. A round of `roll` restarts three nodes.
 * @type {Readonly<Record<string, { readonly rounds: number, readonly minutes: number }>>}
 */
const CHAOS_ROUNDS = {
  'kill-edge': { rounds: 20, minutes: 10 },
  'kill-home': { rounds: 20, minutes: 10 },
  'kill-owner': { rounds: 20, minutes: 10 },
  'stop-home': { rounds: 10, minutes: 6 },
  'stop-in-transaction': { rounds: 10, minutes: 7 },
  'valkey-kill': { rounds: 10, minutes: 6 },
  'valkey-empty': { rounds: 10, minutes: 5 },
  'valkey-failover': { rounds: 3, minutes: 4 },
  'valkey-lose': { rounds: 3, minutes: 4 },
  'valkey-cut-one': { rounds: 9, minutes: 6 },
  'pg-restart': { rounds: 10, minutes: 5 },
  'pg-away-60s': { rounds: 3, minutes: 5 },
  'pg-cut-one': { rounds: 9, minutes: 6 },
  roll: { rounds: 7, minutes: 10 },
  'roll-versions': { rounds: 3, minutes: 5 },
  clock: { rounds: 10, minutes: 6 },
  'bad-config': { rounds: 10, minutes: 10 },
  'hostile-frames': { rounds: 10, minutes: 4 },
  'move-storm': { rounds: 10, minutes: 6 },
};

/** A large run is split into this many shards, each with another seed or part of the worlds. */
const QUARTERS = [1, 2, 3, 4];

/**
 * The shards of the long tests. Each command runs in the root without a shell and is split at
 * spaces. `node` stands for the pinned Node.
 * @type {readonly Shard[]}
 */
export const LONG_SHARDS = [
  ...QUARTERS.map((quarter) => ({
    name: `simulate-${quarter}`,
    command: `npm run simulate -- --seed ${10 + quarter} --sessions 2500000`,
    minutes: 25,
  })),
  ...QUARTERS.map((quarter) => ({
    name: `cluster-simulate-${quarter}`,
    command: `npm run simulate -- --nodes 3 --seed 1 --sessions 1000000 --part ${quarter}/4`,
    minutes: 12,
  })),
  {
    name: 'mutants',
    command: 'npm run simulate -- --seed 1 --sessions 100000 --mutants',
    minutes: 30,
  },
  {
    name: 'mutation',
    command: 'node scripts/mutation/main.ts --seed 1 --mutants 200',
    minutes: 30,
  },
  ...QUARTERS.map((quarter) => ({
    name: `resume-${quarter}`,
    command: `node apps/server/test/resume/main.ts --seed ${20 + quarter} --cycles 250000`,
    minutes: 10,
  })),
  {
    name: 'resume-every-byte',
    command: 'node apps/server/test/resume/main.ts --seed 25 --every-byte',
    minutes: 1,
  },
  {
    name: 'resume-planted',
    command: 'node scripts/long-tests.mjs apps/server/test/resume',
    minutes: 5,
  },
  {
    name: 'errands',
    command: 'node apps/server/test/resume/main.ts --seed 26 --errands --cycles 50000',
    minutes: 8,
  },
  {
    name: 'sieges',
    command: 'node scripts/long-tests.mjs apps/server/test/attack',
    minutes: 5,
  },
  {
    name: 'guesses',
    command: 'node scripts/long-tests.mjs apps/server/test/console',
    minutes: 1,
  },
  {
    name: 'budgets',
    command: 'node scripts/long-tests.mjs packages/gateway/test',
    minutes: 1,
  },
  {
    name: 'rfc6455',
    command: 'node apps/server/test/rfc6455/main.ts',
    minutes: 1,
  },
  {
    name: 'server-on-bun',
    command: 'node scripts/server-on-bun.mjs',
    minutes: 40,
  },
  {
    name: 'postgres',
    command: 'node scripts/long-tests.mjs packages/storage/test',
    minutes: 6,
  },
  {
    name: 'store-faults',
    command: 'node scripts/long-tests.mjs apps/server/test/store-faults',
    minutes: 2,
  },
  {
    name: 'start-memory',
    command: 'node scripts/long-tests.mjs apps/server/test/start-memory',
    minutes: 2,
  },
  {
    name: 'killed-nodes',
    command: 'node scripts/long-tests.mjs apps/server/test/killed',
    minutes: 2,
  },
  {
    name: 'ways-on-nodes',
    command: 'node scripts/long-tests.mjs apps/server/test/several',
    minutes: 1,
  },
  {
    name: 'restore',
    command: 'node scripts/long-tests.mjs apps/server/test/cli-restore',
    minutes: 2,
  },
  {
    name: 'release',
    command: 'node scripts/long-tests.mjs apps/server/test/release',
    minutes: 4,
  },
  ...['sqlite', 'postgres'].map((store) => ({
    name: `crash-${store}`,
    command: `npm run crash -- --kills 200 --store ${store}`,
    minutes: 8,
  })),
  {
    name: 'crash-node',
    command: 'npm run crash -- --node --kills 1000 --seed 41',
    minutes: 35,
  },
  ...Object.entries(CHAOS_ROUNDS).map(([fault, { rounds, minutes }]) => ({
    name: `cluster-${fault}`,
    command: `npm run cluster -- chaos --fault ${fault} --rounds ${rounds} --people 60 --seed 1`,
    minutes,
  })),
  {
    name: 'cluster-planted',
    command: 'node scripts/long-tests.mjs apps/bench/test/chaos-planted',
    minutes: 10,
  },
  {
    name: 'soak',
    command: 'npm run soak -- --minutes 30',
    minutes: 33,
  },
  {
    name: 'load-generators',
    command: 'node scripts/long-tests.mjs apps/bench/test',
    minutes: 1,
  },
  {
    name: 'hostile',
    command: 'npm run bench -- hostile --rounds 5 --judge',
    minutes: 5,
  },
  {
    name: 'reports',
    command: 'npm run bench -- reports --rounds 9 --judge',
    minutes: 5,
  },
  {
    name: 'sockets-10000',
    command: 'npm run bench -- crowd --connections 10000 --rounds 3 --judge',
    minutes: 5,
  },
  {
    // Runs without `--judge`, because this benchmark misses its target (docs/performance.md). The
    // miss is printed each time.
    name: 'memory-18000',
    command: 'npm run bench -- memory --connections 18000 --rounds 3',
    minutes: 10,
  },
  {
    name: 'trust',
    command: 'npm run simulate:trust -- --seed 1 --to 10',
    minutes: 2,
  },
  {
    name: 'fuzz-decoder',
    command: 'node packages/protocol/test/fuzz/main.ts --seed 31 --cases 500000',
    minutes: 1,
  },
  {
    name: 'fuzz-signal',
    command: 'node packages/gateway/test/signal-policy/main.ts --seed 32 --cases 500000',
    minutes: 2,
  },
  {
    name: 'gallery-matrix',
    command: 'node e2e/gallery/matrix.ts',
    minutes: 35,
  },
  {
    name: 'lighthouse',
    command: 'node e2e/speed/lighthouse.ts',
    minutes: 3,
  },
  {
    name: 'interactions',
    command: 'node e2e/speed/interactions.ts',
    minutes: 1,
  },
  {
    name: 'stories',
    command: 'node scripts/long-stories.mjs',
    minutes: 10,
  },
  {
    name: 'weak-network',
    command: 'node e2e/network/weak.ts',
    minutes: 1,
  },
  {
    name: 'offline',
    command: 'node e2e/network/offline.ts',
    minutes: 1,
  },
  {
    name: 'shield-pictures',
    command: 'node apps/bench/src/shield-pictures.ts',
    minutes: 12,
  },
];
