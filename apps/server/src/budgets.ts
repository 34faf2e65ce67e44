import { BudgetTree } from '@farandole/gateway/budget/budget-tree';
import type { IpAddress } from '@farandole/gateway/signal-policy/address';
import type { Clock } from '@farandole/kernel/clock';
import {
  APPEAL_PATH,
  ICE_SERVERS_PATH,
  OWN_WARNING_PATH,
  REPORT_OUTCOME_PATH,
  SESSION_TICKET_PATH,
} from '@farandole/protocol/http-api';
import {
  HTTP_SOCKETS_MAX,
  HTTP_SOCKETS_PER_NETWORK_MAX,
  PASSWORD_CHECK_MS,
  UPLOAD_BYTES_MAX,
} from './limits.ts';
import { type AddressRange, isInRange } from './net/address-range.ts';

/** A budget's limits. The rules GW-65 to GW-69 divide the budget among addresses. */
export interface BudgetRow {
  /** Units of all addresses together. */
  readonly capacity: number;
  /** Units of one network: a /24 of IPv4 or a /56 of IPv6. */
  readonly networkMax: number;
  /** Time in ms for an empty budget to refill at the initial rate; null if users return units. */
  readonly refillMs: number | null;
}

export interface BudgetLimits {
  /** Maximum number of connected users. */
  readonly connectionsMax: number;
  /** Maximum number of connected users per network. */
  readonly connectionsPerNetworkMax: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Half of the CPU time of ten seconds, in µs. */
const FRAMES_SHARED_US = 5_000_000;

/** Work of a request in µs by its path, as measured on a node under load. */
const REQUEST_US: Readonly<Record<string, number>> = {
  [SESSION_TICKET_PATH]: 1_000,
  [ICE_SERVERS_PATH]: 600,
  [REPORT_OUTCOME_PATH]: 900,
  [OWN_WARNING_PATH]: 1_500,
  [APPEAL_PATH]: 1_800,
};
/** Work in µs of a request that is refused, or that another budget limits too. */
const OTHER_REQUEST_US = 500;

/** Returns what a request costs from the budget `requests`. */
export function requestUs(path: string): number {
  return REQUEST_US[path] ?? OTHER_REQUEST_US;
}

/**
 * All budgets of a node. A single busy network gets `networkMax` if `capacity` is at least eight
 * times as large. A single busy address gets half of `networkMax`.
 */
export function budgetRows({ connectionsMax, connectionsPerNetworkMax }: BudgetLimits) {
  const network = connectionsPerNetworkMax;
  // At least ten networks can use their maximum, because less would be too strict.
  const all = Math.max(connectionsMax, 10 * network);
  return {
    // Open WebSockets.
    sockets: { capacity: connectionsMax, networkMax: network, refillMs: null },
    // Connections to the HTTP server, including WebSockets, but without those of listed proxies.
    connections: {
      capacity: connectionsMax + HTTP_SOCKETS_MAX,
      networkMax: network + HTTP_SOCKETS_PER_NETWORK_MAX,
      refillMs: null,
    },
    // µs of frames that waited for a later event-loop turn. All networks together get half a core.
    frames: {
      capacity: FRAMES_SHARED_US,
      networkMax: FRAMES_SHARED_US,
      refillMs: 10 * SECOND_MS,
    },
    // Requests to open a WebSocket.
    upgrades: { capacity: all, networkMax: network, refillMs: 10 * SECOND_MS },
    // Session tickets.
    tickets: { capacity: all, networkMax: network, refillMs: MINUTE_MS },
    // TURN credentials. They are valid for ten minutes, and each session renews its own.
    'turn-credentials': { capacity: 2 * all, networkMax: 2 * network, refillMs: 10 * MINUTE_MS },
    // µs of requests of the API and the appeal pages. All networks together get half a core. A
    // network may get four session tickets per minute for each of its sockets.
    requests: {
      capacity: (MINUTE_MS * 1_000) / 2,
      networkMax: 4 * network * requestUs(SESSION_TICKET_PATH),
      refillMs: MINUTE_MS,
    },
    // Uploads of pictures, with or without a valid token.
    uploads: { capacity: 3_000, networkMax: 30, refillMs: MINUTE_MS },
    // Uploads of pictures that are held in memory.
    'uploads-at-once': { capacity: 64, networkMax: 8, refillMs: null },
    // Bytes of pictures with a valid token: for a network a hundred uploads of the largest size.
    'upload-bytes': {
      capacity: 10_000 * UPLOAD_BYTES_MAX,
      networkMax: 100 * UPLOAD_BYTES_MAX,
      refillMs: DAY_MS,
    },
    // Requests for notifications, and to end them.
    notifications: { capacity: 5_000, networkMax: 50, refillMs: HOUR_MS },
    // Requests for own data, counted before their proof is checked.
    'own-data': { capacity: 2_000, networkMax: 20, refillMs: HOUR_MS },
    // Requests for own data that wait for their answer. They run one at a time.
    'own-data-waiting': { capacity: 20, networkMax: 2, refillMs: null },
    // Invalid appeal codes.
    'appeal-codes': { capacity: 1_000, networkMax: 10, refillMs: 15 * MINUTE_MS },
    // Wrong codes of communities.
    'community-codes': { capacity: 1_000, networkMax: 10, refillMs: 15 * MINUTE_MS },
    // Appeals against age refusals by device key. Limited per network, as device keys are free.
    'age-appeals': { capacity: 500, networkMax: 6, refillMs: DAY_MS },
    // Invitations to private meetings. An address alone gets half of its network's.
    invitations: { capacity: 20_000, networkMax: 20, refillMs: DAY_MS },
    // Requests of the console.
    console: { capacity: 60_000, networkMax: 1_200, refillMs: MINUTE_MS },
    // ms of wrong sign-in attempts with a password or a link. All networks together get a fifth of
    // a core.
    'sign-in': { capacity: HOUR_MS / 5, networkMax: 10 * PASSWORD_CHECK_MS, refillMs: HOUR_MS },
    // µs of wrong sign-in attempts with a passkey. All networks together get a fifth of a core.
    passkeys: {
      capacity: (MINUTE_MS * 1_000) / 5,
      networkMax: (MINUTE_MS * 1_000) / 5,
      refillMs: MINUTE_MS,
    },
    // Reports that get their own row in the queue. All further reports of a network share a row.
    reports: { capacity: 2_000, networkMax: 10, refillMs: HOUR_MS },
    'reports-of-day': { capacity: 6_000, networkMax: 30, refillMs: DAY_MS },
  } as const satisfies Readonly<Record<string, BudgetRow>>;
}

export type BudgetName = keyof ReturnType<typeof budgetRows>;

export type Budgets = Readonly<Record<BudgetName, BudgetTree>>;

export interface BudgetsOptions extends BudgetLimits {
  /** Ranges of a campus or a carrier. Only the limit of all addresses together applies to them. */
  readonly exemptRanges: readonly AddressRange[];
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Called for each refusal. */
  readonly onRefused: (budget: BudgetName) => void;
  /** Called for units that were taken, with a negative cost for units that were given back. */
  readonly onChanged?: (budget: BudgetName, address: string, cost: number) => void;
}

export function createBudgets(options: BudgetsOptions): Budgets {
  const { exemptRanges, clock, onRefused, onChanged } = options;
  const isExempt = (address: IpAddress): boolean =>
    exemptRanges.some((range) => isInRange(address, range));
  const rows: Readonly<Record<BudgetName, BudgetRow>> = budgetRows(options);
  const names = Object.keys(rows) as BudgetName[];
  const trees = names.map((name) => {
    const row = rows[name];
    const tree = new BudgetTree({
      ...row,
      isExempt,
      nowMs: () => clock.monotonicMs(),
      onRefused: () => onRefused(name),
      ...(onChanged !== undefined && {
        onChanged: (address: string, cost: number) => onChanged(name, address, cost),
      }),
      // No entry of held units is ever dropped, because its address could then take them again.
      ...(row.refillMs === null && { entriesMax: row.capacity }),
    });
    return [name, tree] as const;
  });
  // The cast is correct, because every row of limits yields one tree.
  return Object.fromEntries(trees) as Budgets;
}

/** Entries that one call of a sweep visits per level (such as address or network). */
const SWEPT_AT_ONCE = 1_000;

/**
 * Returns a function to call at each tick of the node. Each call drops entries of addresses and
 * networks that use no units from the next budget.
 */
export function budgetSweeps(budgets: Budgets): () => void {
  const trees = Object.values(budgets);
  let next = 0;
  return () => {
    trees[next]?.sweep(SWEPT_AT_ONCE);
    next = (next + 1) % trees.length;
  };
}
