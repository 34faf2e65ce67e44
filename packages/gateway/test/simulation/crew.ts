import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SimulationOptions } from './simulation.ts';
import type { WorkerReply } from './worker.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

export interface CrewOptions {
  readonly mutant?: string;
  /** Folder with a cache of compiled code, which shortens the start of a worker. */
  readonly cacheFolder: string;
  /** Time limit in ms for one world. A worker that exceeds it is killed. */
  readonly stuckAfterMs: number;
}

/** Result of one world, or null if its worker was killed. */
export type Finding = WorkerReply | null;

/** A child process that runs worlds of the simulation. */
export class Worker {
  readonly #process: ChildProcess;
  readonly #stuckAfterMs: number;
  readonly #ready: Promise<unknown>;
  readonly #ended: Promise<unknown>;

  constructor({ mutant, cacheFolder, stuckAfterMs }: CrewOptions) {
    this.#stuckAfterMs = stuckAfterMs;
    this.#process = fork(WORKER, mutant === undefined ? [] : ['--mutant', mutant], {
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE: cacheFolder },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#ready = once(this.#process, 'message');
    this.#ended = once(this.#process, 'exit');
    // The empty handlers prevent unhandled rejections, because these promises may be awaited only
    // after they reject.
    for (const event of [this.#ready, this.#ended]) event.catch(() => {});
  }

  async run(world: SimulationOptions): Promise<Finding> {
    const worker = this.#process;
    await Promise.race([this.#ready, this.#goes()]);
    const stuck = setTimeout(() => worker.kill('SIGKILL'), this.#stuckAfterMs);
    try {
      const answer = once(worker, 'message');
      worker.send(world);
      const found = await Promise.race([answer, this.#goes()]);
      return found === null ? null : ((found as [WorkerReply])[0] ?? null);
    } finally {
      clearTimeout(stuck);
    }
  }

  /**
   * Waits for the end of the process. Returns null if the process was killed.
   * @throws Error if the process ended for another reason
   */
  async #goes(): Promise<null> {
    await this.#ended;
    if (this.#process.signalCode === 'SIGKILL') return null;
    throw new Error(`a worker of the simulation ended by itself, with ${this.#process.exitCode}`);
  }

  stop(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}

/**
 * Runs a function with a temporary cache folder for compiled code, and deletes the folder
 * afterwards.
 */
export async function withCache<Result>(
  run: (cacheFolder: string) => Promise<Result>,
): Promise<Result> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'farandole-simulation-'));
  try {
    return await run(cacheFolder);
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Shares the items among the workers. A worker takes the next item as soon as it is free. */
export async function shareOut<Work>(
  works: readonly Work[],
  makeHand: () => { readonly run: (work: Work) => Promise<void>; readonly stop: () => void },
  hands = availableParallelism(),
): Promise<void> {
  const left = [...works];
  await Promise.all(
    Array.from({ length: Math.min(hands, works.length) }, async () => {
      const hand = makeHand();
      try {
        for (let work = left.shift(); work !== undefined; work = left.shift()) await hand.run(work);
      } finally {
        hand.stop();
      }
    }),
  );
}

/**
 * Runs worlds on all cores.
 * @param onFound called with each world's result as soon as that world ends
 */
export async function runWorlds(
  worlds: readonly SimulationOptions[],
  onFound: (answer: WorkerReply) => void,
): Promise<void> {
  await withCache((cacheFolder) =>
    shareOut(worlds, () => {
      const worker = new Worker({ cacheFolder, stuckAfterMs: STUCK_AFTER_MS });
      return {
        run: async (world) => {
          const found = await worker.run(world);
          if (found === null) throw new Error(`the world of seed ${world.seed} does not end`);
          onFound(found);
        },
        stop: () => worker.stop(),
      };
    }),
  );
}

/**
 * The time limit is generous, because a world that normally takes seconds can take much longer
 * at low priority on a busy machine.
 */
const STUCK_AFTER_MS = 60 * 60_000;

/**
 * Runs a node with a planted bug in one world after another, until the simulation detects the
 * bug.
 */
export async function runMutant(
  mutant: string,
  worlds: readonly SimulationOptions[],
  options: Omit<CrewOptions, 'mutant'>,
): Promise<{ readonly violated: string | null; readonly sessions: number }> {
  const worker = new Worker({ mutant, ...options });
  let sessions = 0;
  try {
    for (const world of worlds) {
      const found = await worker.run(world);
      if (found === null) return { violated: 'stuck', sessions };
      sessions += found.outcome.counts.sessions;
      if (found.violated !== null) return { violated: found.violated.invariant, sessions };
    }
    return { violated: null, sessions };
  } finally {
    worker.stop();
  }
}
