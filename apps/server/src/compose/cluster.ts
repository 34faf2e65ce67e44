import { hkdfSync } from 'node:crypto';
import { SharedBudgets } from '@farandole/cluster/shared-budgets';
import {
  ConnectError,
  type ConnectProblem,
  connectValkey,
} from '@farandole/cluster/valkey/connect';
import type { ValkeyLocation } from '@farandole/cluster/valkey/location';
import { type OwnFault, ValkeyCluster } from '@farandole/cluster/valkey/valkey-cluster';
import type { ValkeyWire } from '@farandole/cluster/valkey/wire';
import type { SessionTicketClaims } from '@farandole/gateway/session-ticket';
import type { NodeId } from '@farandole/kernel/id';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import { databaseIdAt } from '@farandole/storage/postgres/database-id';
import type { BudgetName, Budgets } from '../budgets.ts';
import { fingerprintOf, KEY_BYTES } from '../keys/keys.ts';
import { StartError } from '../start-error.ts';
import type { UpgradeParts } from '../transport/upgrade-parts.ts';
import { instantOf, type StoragePart } from './storage.ts';

export interface ClusterOptions {
  readonly storage: StoragePart;
  readonly node: NodeId;
  readonly online: () => number;
  /** URL of the database, which a server with several nodes always has. */
  readonly databaseUrl: string | null;
  /** Asks for a turn of the node soon, because messages of other nodes have arrived. */
  readonly onArrived: () => void;
}

/** Budgets whose limits hold for all nodes together. */
const SHARED: readonly BudgetName[] = [
  'tickets',
  'reports',
  'reports-of-day',
  'sign-in',
  'passkeys',
];

const THE_SERVER = 'The Valkey server of FARANDOLE_VALKEY_URL';

const CONNECT_MESSAGES: Readonly<Record<ConnectProblem, string>> = {
  unreachable: 'can’t be reached. Start it, or correct the address.',
  password: 'refuses the password. Correct the user and the password.',
  'too-old': 'is too old. Use Valkey, or Redis 7 or later.',
  refused: 'refuses a command. Give its user the rights that docs/several-nodes.md lists.',
};

const FAULT_MESSAGES: Readonly<Record<OwnFault | 'database', string>> = {
  keys:
    'connects nodes with another keys file. Copy the keys file from the other node. Another ' +
    'installation needs another Valkey server.',
  version: 'connects nodes of another major version. Stop them before you start this one.',
  database:
    'connects nodes of another database. Give every node the same FARANDOLE_DATABASE_URL. To move ' +
    'to another database, stop all nodes first.',
  clock:
    'has another date than this machine, by more than 5 seconds. Let both follow a time server (NTP).',
};

/** Joins the other nodes. @throws StartError if this node can't or mustn't join */
export async function openCluster(
  location: ValkeyLocation,
  { storage, node, online, databaseUrl, onArrived }: ClusterOptions,
): Promise<ValkeyCluster> {
  const id = databaseUrl === null ? null : await databaseIdAt(databaseUrl);
  const wire = await connect(location);
  const { subject } = storage.keys.ring;
  const cluster = new ValkeyCluster({
    ...{ node, wire, online, onArrived },
    secret: new Uint8Array(hkdfSync('sha256', subject, '', 'farandole nodes 1', KEY_BYTES)),
    fingerprint: fingerprintOf({ subject }),
    database: { id, isReached: () => storage.storeHealth.isReached },
    now: () => instantOf(storage.clock),
  });
  try {
    const fault = await cluster.join();
    if (fault !== null) throw new StartError(`${THE_SERVER} ${FAULT_MESSAGES[fault]}`);
    return cluster;
  } catch (error) {
    await cluster.close();
    if (error instanceof StartError) throw error;
    throw unusable('refused', error);
  }
}

/** Opens the connections to Valkey. @throws StartError that says what to correct */
export async function connect(location: ValkeyLocation): Promise<ValkeyWire> {
  try {
    return await connectValkey(location);
  } catch (error) {
    throw error instanceof ConnectError ? unusable(error.problem, error) : error;
  }
}

function unusable(problem: ConnectProblem, cause: unknown): StartError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartError(`${THE_SERVER} ${CONNECT_MESSAGES[problem]} (${reason})`, { cause });
}

/** Makes the limits of tickets, reports and sign-in hold for all nodes together. */
export function shareBudgets(cluster: ValkeyCluster, budgets: Budgets): SharedBudgets {
  const shared = new Map(SHARED.map((name) => [name as string, budgets[name]] as const));
  return new SharedBudgets(cluster.node, cluster.broker, shared);
}

/**
 * Returns a function that decides whether a session ticket is new to all nodes. Other tokens may be
 * used again. Without Valkey, each node decides alone.
 *
 * @param ticketOf opens a session ticket, or returns null for another token
 */
export function redeemOnce(
  cluster: ValkeyCluster,
  ticketOf: (token: string) => Pick<SessionTicketClaims, 'session'> | null,
): NonNullable<UpgradeParts['redeem']> {
  return (token, answer) => {
    const ticket = ticketOf(token);
    if (ticket === null) {
      answer({ ticket: null });
      return;
    }
    cluster.useOnce(ticket.session, SESSION_TICKET_LIFETIME_MS, (isFirst) => {
      // The answer arrives in a drain of the node, in which no socket may open.
      queueMicrotask(() => answer(isFirst === false ? null : { ticket: ticket.session }));
    });
  };
}
