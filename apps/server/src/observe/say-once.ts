import type { Log } from './log.ts';

/**
 * Returns a function that logs each kind of configuration error only once, because every request
 * reveals the error again.
 */
export function sayOnce(log: Log): (what: 'proxy' | 'origin') => void {
  const said = new Set<string>();
  return (what) => {
    if (said.has(what)) return;
    said.add(what);
    log({ event: what === 'proxy' ? 'proxy-not-listed' : 'origin-not-listed' });
  };
}
