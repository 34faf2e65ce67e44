import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { HELLO_TIMEOUT_MS } from '@farandole/protocol/limits';
import { DEFERRED_PER_SESSION_MAX } from '../../../src/limits.ts';
import type { GatewayCounts } from '../../../src/ports.ts';
import type { NodeSizes } from '../sim-node.ts';
import { check } from '../violation.ts';
import { isText, type Session, sidesOf } from './facts.ts';
import type { Oracle } from './oracle.ts';

const INFINITE = Number.POSITIVE_INFINITY;

const isAttached = ({ socket }: Session): boolean => socket !== null;

/**
 * Checks two invariants. I10: the number of present users and their recent actions limits the
 * node's memory. I4: the node's counts equal the number of present users. Some counts have a
 * range, because the node may silently have ended a detached session with a full queue, and the
 * session's call, or have restored the call of two detached sessions.
 */
export function checkBounds(
  { facts, records, chat }: Oracle,
  counts: GatewayCounts,
  { gateway, poolWaiting }: NodeSizes,
): void {
  const { connectionsMax = INFINITE, offerCharsBufferedMax = INFINITE } = facts.rules.config;
  const sessions = [...facts.sessions.values()];
  const live = [...facts.live];
  const seen = live.filter((match) => sidesOf(match).some(({ session }) => isAttached(session)));
  const online = sessions.filter(isAttached).length;
  const searching = sessions.filter(({ search }) => search !== null);
  const waiting = searching.filter(isAttached).length;
  // A search that waited for facts may begin while its user has no socket to hear of it.
  const unheard = sessions.filter((one) => !isAttached(one) && one.wishes.size > 0);
  // A restore that waited for facts may reopen a call while neither user has a socket.
  const reopened = new Set(
    sessions.flatMap(({ socket, asksRestore: match }) =>
      socket === null && match !== null && !facts.live.has(match) ? [match] : [],
    ),
  ).size;
  const silent = [...facts.sockets.values()].filter(({ session }) => session === null);
  const silentBeforeMs = facts.nowMs - HELLO_TIMEOUT_MS - TICK_EVERY_MS;
  const tooSilent = silent.filter(({ openedAtMs }) => openedAtMs <= silentBeforeMs).length;
  const offerChars =
    sumOf(searching, ({ search }) => search?.wish.offer?.length ?? 0) +
    sumOf(unheard, ({ wishes }) => sumOf([...wishes.values()], ({ offer }) => offer?.length ?? 0));
  const lines = sumOf(live, (match) => chat.bufferedMost(match));
  const gates = sumOf(live, ({ mode }) => (isText(mode) ? 0 : 2)) + 2 * reopened;
  const sockets = Math.min(silent.length + online, connectionsMax);
  const restoresEndMs = (facts.restoresUntilMs ?? facts.nowMs) + TICK_EVERY_MS;
  const rows: readonly (readonly ['I4' | 'I10', string, count: number, ...Bounds])[] = [
    ['I4', 'online', counts.online, online, online],
    ['I4', 'detached', counts.detached, 0, sessions.length - online],
    ['I4', 'waiting', counts.waiting, waiting, searching.length + unheard.length],
    ['I4', 'calls', counts.calls, seen.length, live.length + reopened],
    ['I10', 'connections', gateway.connections, 0, sockets],
    ['I10', 'restores', gateway.restores, 0, facts.nowMs < restoresEndMs ? INFINITE : 0],
    ['I10', 'pending writes', gateway.pendingWrites, 0, records.pending],
    ['I10', 'offers', gateway.offerChars, 0, Math.min(offerChars, offerCharsBufferedMax)],
    ['I10', 'gates', gateway.gates, 0, gates],
    ['I10', 'buffered lines', gateway.bufferedLines, 0, lines],
    ['I10', 'deferred messages', gateway.deferred, 0, DEFERRED_PER_SESSION_MAX * sessions.length],
    ['I10', 'tickets in the pool', poolWaiting, 0, waiting],
    ['I10', 'silent sockets', tooSilent, 0, 0],
  ];
  for (const [invariant, what, count, least, most] of rows) {
    const isWithin = count >= least && count <= most;
    check(isWithin, invariant, `${what}: the node has ${count}, not ${least} to ${most}`);
  }
}

type Bounds = readonly [least: number, most: number];

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
