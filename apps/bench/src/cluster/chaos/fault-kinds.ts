/** Faults in which nodes stop on request. */
export const MOVES: ReadonlySet<string> = new Set(['roll', 'roll-versions']);

/** Faults of a shared server, or of a node's link to it. Calls go on after it is back. */
export const ENGINES: ReadonlySet<string> = new Set([
  ...['valkey-kill', 'valkey-empty', 'valkey-failover', 'valkey-lose'],
  ...['pg-restart', 'pg-away-60s', 'stop-in-transaction', 'valkey-cut-one', 'pg-cut-one'],
]);

/** Faults that cut a node off from the others, which count it as dead and let its users go on. */
export const CUTS: ReadonlySet<string> = new Set(['valkey-cut-one']);
