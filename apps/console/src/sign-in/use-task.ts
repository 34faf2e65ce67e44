import { useState } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';

export interface Task {
  readonly isBusy: boolean;
  /** What went wrong the last time. */
  readonly problem: Problem | null;
  /** Does it, unless something is being done already; `work` says what went wrong. */
  readonly run: (work: () => Promise<Problem | null>) => Promise<void>;
}

/** Something that is asked of the node and takes a moment. */
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
