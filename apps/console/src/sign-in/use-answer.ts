import { useEffect, useMemo } from 'preact/hooks';
import type { Answer } from '../api/api-client.ts';
import { type Loadable, Resource } from '../state/loadable.ts';

/** What the node answers to one question, which is asked again only when somebody wants it. */
export function useAnswer<Value>(
  ask: () => Promise<Answer<Value>>,
  key: string,
): { readonly current: Loadable<Value>; readonly again: () => Promise<void> } {
  const resource = useMemo(() => new Resource(ask), [key]);
  useEffect(() => void resource.reload(), [resource]);
  return { current: resource.current.value, again: () => resource.reload() };
}
