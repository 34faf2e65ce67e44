import type { Log } from './log.ts';

/** Logs each configuration error once, because every request reveals it again. */
export function sayOnce(log: Log): (what: 'proxy' | 'origin') => void {
  const said = new Set<string>();
  return (what) => {
    if (said.has(what)) return;
    said.add(what);
    log({ event: what === 'proxy' ? 'proxy-not-listed' : 'origin-not-listed' });
  };
}
