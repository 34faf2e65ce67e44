import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Mutant } from '@farandole/e2e/planting/mutant';
import { runMutant, shareOut, withCache } from '../crew.ts';
import type { SimulationOptions } from '../simulation.ts';

/**
 * Worlds in which a planted bug runs, in this order, until one world detects the bug. The first
 * world detects most bugs.
 */
const MUTANT_WORLDS: readonly SimulationOptions[] = [
  ...Array.from({ length: 24 }, (_, i) => ({ seed: i + 1, sessions: 1_200, people: 60 })),
  // This world has more users, because only then do unacknowledged frames reach their limit.
  { seed: 786_448, sessions: 2_000, people: 120 },
];

/** Worlds of three nodes, for planted bugs in moves or that the invariants W1 to W10 detect. */
const CLUSTER_WORLDS: readonly SimulationOptions[] = Array.from({ length: 24 }, (_, i) => ({
  ...{ seed: i + 1, sessions: 800, people: 30, nodes: 3 },
}));

const STUCK_AFTER_MS = 5 * 60_000;

const CHECKOUT = fileURLToPath(new URL('../../../../../', import.meta.url));
const PLANT = './packages/gateway/test/simulation/plant-in-tests.ts';

export interface Verdict {
  readonly mutant: Mutant;
  /** The invariant or test file that detected the bug, or null if none did. */
  readonly caughtBy: string | null;
  readonly isCaught: boolean;
  readonly sessions: number;
}

async function judge(mutant: Mutant, cacheFolder: string): Promise<Verdict> {
  const [first = ''] = mutant.caughtBy;
  if (isTestFile(first)) {
    const isCaught = await failsWith(mutant, first);
    return { mutant, caughtBy: isCaught ? first : null, isCaught, sessions: 0 };
  }
  const options = { cacheFolder, stuckAfterMs: STUCK_AFTER_MS };
  const { violated, sessions } = await runMutant(mutant.name, worldsFor(mutant), options);
  const isCaught = violated !== null && mutant.caughtBy.includes(violated);
  return { mutant, caughtBy: violated, isCaught, sessions };
}

export function isTestFile(caughtBy: string): boolean {
  return caughtBy.endsWith('.test.ts');
}

function worldsFor({ file, shownIn, caughtBy }: Mutant): readonly SimulationOptions[] {
  // On one node, no session moves.
  const isOfCluster = file.includes('/moves/') || caughtBy.some((by) => /^W\d+$/.test(by));
  const worlds = isOfCluster ? CLUSTER_WORLDS : MUTANT_WORLDS;
  const isFirst = ({ seed }: SimulationOptions) => seed === shownIn;
  return [...worlds.filter(isFirst), ...worlds.filter((world) => !isFirst(world))];
}

async function failsWith({ name }: Mutant, file: string): Promise<boolean> {
  const test = spawn(process.execPath, ['--import', PLANT, '--test', `packages/${file}`], {
    cwd: CHECKOUT,
    env: { ...process.env, FARANDOLE_MUTANT: name },
    stdio: 'ignore',
  });
  const [code] = (await once(test, 'exit')) as [number | null];
  return code === 1;
}

/**
 * Runs planted bugs on all cores.
 * @param onVerdict called with each bug's result as soon as its run ends
 */
export async function runMutants(
  mutants: readonly Mutant[],
  onVerdict: (verdict: Verdict) => void,
): Promise<void> {
  await withCache((cacheFolder) =>
    shareOut(mutants, () => ({
      run: async (mutant) => onVerdict(await judge(mutant, cacheFolder)),
      stop: () => {},
    })),
  );
}
