import { runMutant, shareOut, withCache } from '../crew.ts';
import type { SimulationOptions } from '../simulation.ts';
import type { Mutant } from './mutant.ts';

/** One after the other, until one shows the bug: most do in the first. The rules differ by world. */
export const MUTANT_WORLDS: readonly SimulationOptions[] = [
  ...Array.from({ length: 24 }, (_, i) => ({ seed: i + 1, sessions: 1_200, people: 60 })),
  // Whoever takes nothing in fills what is kept for them only where more is said.
  { seed: 786_448, sessions: 2_000, people: 120 },
];

/** A planted bug may well be an endless loop, and is then noticed by nothing else. */
export const STUCK_AFTER_MS = 5 * 60_000;

export interface Verdict {
  readonly mutant: Mutant;
  /** The promise that was broken, or null. */
  readonly violated: string | null;
  readonly isKilled: boolean;
  readonly sessions: number;
}

export async function judge(mutant: Mutant, cacheFolder: string): Promise<Verdict> {
  const options = { cacheFolder, stuckAfterMs: STUCK_AFTER_MS };
  const { violated, sessions } = await runMutant(mutant.name, worldsFor(mutant), options);
  const isKilled = (mutant.killedBy as readonly (string | null)[]).includes(violated);
  return { mutant, violated, isKilled, sessions };
}

function worldsFor({ shownIn }: Mutant): readonly SimulationOptions[] {
  const isFirst = ({ seed }: SimulationOptions) => seed === shownIn;
  return [...MUTANT_WORLDS.filter(isFirst), ...MUTANT_WORLDS.filter((world) => !isFirst(world))];
}

/**
 * Runs planted bugs over all cores.
 *
 * @param onVerdict told of each as it is done
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
