import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { HELLO_TIMEOUT_MS } from '@farandole/protocol/limits';
import type { GatewayCounts } from '../../../src/ports.ts';
import { ENCOUNTERS_KEPT_MS } from '../rules.ts';
import type { NodeSizes } from '../sim-node.ts';
import { type Match, type Session, sidesOf } from './facts.ts';
import type { Oracle } from './oracle.ts';
import { check } from './violation.ts';

/** A disk keeps an encounter twice as long as a node; a clock that was set back, once more. */
const ENCOUNTERS_REMEMBERED_MS = 3 * ENCOUNTERS_KEPT_MS + TICK_EVERY_MS;
const INFINITE = Number.POSITIVE_INFINITY;

const isAttached = ({ socket }: Session): boolean => socket !== null;
const isSearching = ({ search }: Session): boolean => search !== null;

/** I10: what the node holds is bounded by the people who are there and what they did recently. */
export function checkHeld(
  { facts, records, chat }: Oracle,
  { gateway, pairs, poolWaiting }: NodeSizes,
): void {
  const { connectionsMax = INFINITE, offerCharsBufferedMax = INFINITE } = facts.rules.config;
  const sessions = [...facts.sessions.values()];
  const live = [...facts.live];
  const attached = sessions.filter(isAttached);
  const searching = sessions.filter(isSearching);
  const silent = [...facts.sockets.values()].filter(({ session }) => session === null);
  const silentBeforeMs = facts.nowMs - HELLO_TIMEOUT_MS - TICK_EVERY_MS;
  const offerChars = sumOf(searching, ({ search }) => search?.wish.offer?.length ?? 0);
  const restoresEndMs = (facts.restoresUntilMs ?? facts.nowMs) + TICK_EVERY_MS;
  const most: Readonly<Record<string, readonly [count: number, limit: number]>> = {
    connections: [gateway.connections, Math.min(silent.length + attached.length, connectionsMax)],
    restores: [gateway.restores, facts.nowMs < restoresEndMs ? INFINITE : 0],
    'pending writes': [gateway.pendingWrites, records.pending],
    'characters of offers': [gateway.offerChars, Math.min(offerChars, offerCharsBufferedMax)],
    gates: [gateway.gates, sumOf(live, ({ mode }) => (mode === 'video' ? 2 : 0))],
    'lines that wait': [gateway.bufferedLines, sumOf(live, (match) => chat.bufferedMost(match))],
    encounters: [pairs.encounters, records.metWithin(ENCOUNTERS_REMEMBERED_MS)],
    'tickets in the pool': [poolWaiting, attached.filter(isSearching).length],
    'silent sockets': [silent.filter(({ openedAtMs }) => openedAtMs <= silentBeforeMs).length, 0],
  };
  for (const [what, [held, atMost]] of Object.entries(most)) {
    check(held <= atMost, 'I10', `${what}: ${held} are held, not ${atMost}`);
  }
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

/**
 * I4: the node counts the people who are there, and nobody else. A detached session may have ended
 * unseen because too much was queued for it, and its call with it.
 */
export function checkCounts({ facts }: Oracle, counts: GatewayCounts): void {
  const sessions = [...facts.sessions.values()];
  const isSeen = (match: Match) => sidesOf(match).some(({ session }) => isAttached(session));
  const searching = sessions.filter(isSearching);
  const online = sessions.filter(isAttached).length;
  const expected: Readonly<Record<keyof GatewayCounts, readonly [least: number, most: number]>> = {
    online: [online, online],
    detached: [0, sessions.length - online],
    waiting: [searching.filter(isAttached).length, searching.length],
    calls: [[...facts.live].filter(isSeen).length, facts.live.size],
  };
  for (const key of ['online', 'detached', 'waiting', 'calls'] as const) {
    const [least, most] = expected[key];
    const isWithin = counts[key] >= least && counts[key] <= most;
    check(isWithin, 'I4', `${key}: the node counts ${counts[key]}, not ${least} to ${most}`);
  }
}
