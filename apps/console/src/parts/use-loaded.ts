import { effect, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Loadable } from '../state/loadable.ts';
import { Resource } from '../state/loadable.ts';
import { useConsole } from './console-context.ts';

/** Minimum time in ms between two reloads, because changes arrive in bursts. */
const RELOAD_EVERY_MS = 1_500;

export interface Loaded<Value> {
  readonly current: ReadonlySignal<Loadable<Value>>;
  readonly reload: () => Promise<void>;
}

/** @param everyMs time in ms between reloads, for values that change without an action */
export function useLoaded<Value>(path: string, everyMs?: number): Loaded<Value> {
  const model = useConsole();
  const resource = useMemo(
    () => new Resource((unattended) => model.api.get<Value>(path, unattended)),
    [model, path],
  );
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let reloadedAtMs = -RELOAD_EVERY_MS;
    let version: number | null = null;
    const reload = (unattended: boolean): void => {
      timer = null;
      reloadedAtMs = performance.now();
      void resource.reload(unattended);
    };
    reload(false);
    const stop = effect(() => {
      const said = model.live.value.said?.version ?? null;
      if (said === null || said === version) return;
      const isFirst = version === null;
      version = said;
      if (isFirst || timer !== null) return;
      const waitMs = Math.max(0, reloadedAtMs + RELOAD_EVERY_MS - performance.now());
      timer = setTimeout(() => reload(true), waitMs);
    });
    const clock = everyMs === undefined ? null : setInterval(() => reload(true), everyMs);
    return () => {
      stop();
      if (clock !== null) clearInterval(clock);
      if (timer !== null) clearTimeout(timer);
    };
  }, [model, resource, everyMs]);
  return { current: resource.current, reload: () => resource.reload() };
}
