import { useState } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';
import { useConsole } from '../parts/console-context.ts';

export interface Task {
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  /**
   * Runs `work` unless an earlier task is still running. `work` returns an error message or
   * null.
   */
  readonly run: (work: () => Promise<Problem | null>) => Promise<void>;
  readonly post: <Value>(
    path: string,
    body: unknown,
    then: (value: Value) => void | Promise<void>,
  ) => Promise<void>;
}

export function useTask(): Task {
  const { api } = useConsole();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run: Task['run'] = async (work) => {
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    setProblem(await work());
    setBusy(false);
  };
  return {
    isBusy,
    problem,
    run,
    post: async <Value>(
      path: string,
      body: unknown,
      then: (value: Value) => void | Promise<void>,
    ) =>
      await run(async () => {
        const answer = await api.post<Value>(path, body);
        if (!answer.ok) return answer.problem;
        await then(answer.value);
        return null;
      }),
  };
}
