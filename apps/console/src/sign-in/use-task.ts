import { useState } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';

export interface Task {
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  /** Runs `work` unless something is running; `work` returns the problem. */
  readonly run: (work: () => Promise<Problem | null>) => Promise<void>;
}

export function useTask(): Task {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    isBusy,
    problem,
    run: async (work) => {
      if (isBusy) return;
      setBusy(true);
      setProblem(null);
      setProblem(await work());
      setBusy(false);
    },
  };
}
