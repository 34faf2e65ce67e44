import { NETWORK_APART_MS, NETWORK_NEW_MS } from '../limits.ts';

/** A hash of a name, and for how many ms something has been true of it. */
export type HashFor = readonly [hash: string, forMs: number];

/**
 * What the node of a ticket knows about whom the ticket's user must not meet, as plain data. Names
 * are keyed hashes that are the same on every node. The pool's node can so check a pair of which it
 * knows nothing else.
 */
export interface TicketFacts {
  /** Hashes of the user's cookie and device key. */
  readonly names: readonly [subject: string, device: string];
  /** Network of an unproven user, and for how long the user's node has known the user. */
  readonly network: HashFor | null;
  /** Cookies and device keys of those whom the user blocked or reported. */
  readonly apart: readonly string[];
  /** Networks of those whom the user blocked or reported, with the age of the block or report. */
  readonly near: readonly HashFor[];
  /** Whom the user met, and how long ago. */
  readonly met: readonly HashFor[];
}

/** Facts of a ticket that waits, with an index. */
export interface WaitingFacts {
  readonly names: TicketFacts['names'];
  readonly network: TicketFacts['network'];
  readonly apart: ReadonlySet<string>;
  readonly near: ReadonlyMap<string, number>;
  readonly met: ReadonlyMap<string, number>;
  /** When the facts arrived. */
  readonly atMs: number;
}

export function indexFacts(facts: TicketFacts, atMs: number): WaitingFacts {
  const { names, network, apart, near, met } = facts;
  return {
    ...{ names, network, atMs },
    apart: new Set(apart),
    near: new Map(near),
    met: new Map(met),
  };
}

/** Whether a block or report of one user keeps the two users apart. Symmetric. */
export function areKeptApart(a: WaitingFacts, b: WaitingFacts, nowMs: number): boolean {
  return separates(a, b, nowMs) || separates(b, a, nowMs);
}

/** Whether the two users met less than `cooldownMs` ago, as one of their nodes knows. Symmetric. */
export function haveMet(
  a: WaitingFacts,
  b: WaitingFacts,
  cooldownMs: number,
  nowMs: number,
): boolean {
  return metAgoMs(a, b, nowMs) < cooldownMs || metAgoMs(b, a, nowMs) < cooldownMs;
}

function separates(by: WaitingFacts, of: WaitingFacts, nowMs: number): boolean {
  if (by.apart.size > 0 && of.names.some((name) => by.apart.has(name))) return true;
  if (by.near.size === 0 || of.network === null) return false;
  const [network, seenForMs] = of.network;
  const forMs = by.near.get(network);
  if (forMs === undefined) return false;
  const sinceMs = forMs + nowMs - by.atMs;
  const knownMs = seenForMs + nowMs - of.atMs;
  return sinceMs < NETWORK_APART_MS && knownMs < sinceMs + NETWORK_NEW_MS;
}

function metAgoMs(one: WaitingFacts, other: WaitingFacts, nowMs: number): number {
  if (one.met.size === 0) return Number.POSITIVE_INFINITY;
  const agoMs = other.names.map((name) => one.met.get(name) ?? Number.POSITIVE_INFINITY);
  return Math.min(...agoMs) + nowMs - one.atMs;
}
