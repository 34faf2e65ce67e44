import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { ACK_AFTER_MS, HELLO_TIMEOUT_MS } from '@farandole/protocol/limits';
import type { GatewayCounts, GatewaySizes } from '../../../src/ports.ts';
import { ENCOUNTERS_KEPT_MS } from '../rules.ts';
import type { Acquaintance } from './acquaintance.ts';
import type { Chat } from './chat.ts';
import type { Disk } from './disk.ts';
import type { Facts, Session } from './facts.ts';
import { Violation } from './violation.ts';

/** How much the parts of a node hold, as they say themselves. */
export interface Held {
  readonly gateway: GatewaySizes;
  readonly pairs: { readonly encounters: number; readonly blocks: number };
  /** Tickets in the pool. */
  readonly poolWaiting: number;
}

/** The count of people online, the window for restores and the drain. */
const DEADLINES_OF_THE_NODE = 3;
/** A disk keeps an encounter twice as long as a node, and a clock that was set back once more. */
const ENCOUNTERS_REMEMBERED_MS = 3 * ENCOUNTERS_KEPT_MS + TICK_EVERY_MS;
const SESSIONS_PER_CONNECTION_MAX = 2;
const INFINITE = Number.POSITIVE_INFINITY;

interface Parts {
  readonly facts: Facts;
  readonly known: Acquaintance;
  readonly disk: Disk;
  readonly chat: Chat;
}

/** I10: what the node holds is bounded by who is there, and by what they did lately. */
export class Bounds {
  readonly #parts: Parts;
  /** When sessions that are over last sent a frame: an acknowledgement may still be due. */
  #owed: number[] = [];
  ticketsUsed = 0;
  /** Calls of before a restart may be held until then. */
  restoresUntilMs: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  closed({ takenAtMs }: Session): void {
    this.#owed.push(takenAtMs);
  }

  nodeStarts(): void {
    this.#owed = [];
    this.ticketsUsed = 0;
    this.restoresUntilMs = null;
  }

  check({ gateway, pairs, poolWaiting }: Held, sessions: readonly Session[]): void {
    const { facts, known, disk, chat } = this.#parts;
    const { connectionsMax = INFINITE, offerCharsHeldMax = INFINITE } = facts.rules.config;
    const live = [...facts.matches.values()].filter(({ state }) => state === 'live');
    const attached = sessions.filter(({ socket }) => socket !== null);
    const searching = sessions.filter(({ search }) => search !== null);
    const silent = [...facts.sockets.values()].filter(({ session }) => session === null);
    const silentBeforeMs = facts.nowMs - HELLO_TIMEOUT_MS - TICK_EVERY_MS;
    this.#owed = this.#owed.filter((takenAtMs) => this.#isOwed(takenAtMs));
    const deadlines =
      silent.length +
      (sessions.length - attached.length) +
      sessions.filter(({ seat }) => seat !== null).length +
      sessions.filter(({ takenAtMs }) => this.#isOwed(takenAtMs)).length +
      this.#owed.length +
      DEADLINES_OF_THE_NODE;
    const offerChars = searching.reduce((sum, { search }) => {
      return sum + (search?.wish.offer?.length ?? 0);
    }, 0);
    const restoresEndMs = (this.restoresUntilMs ?? facts.nowMs) + TICK_EVERY_MS;
    const most: Readonly<Record<string, readonly [held: number, most: number]>> = {
      connections: [gateway.connections, Math.min(silent.length + attached.length, connectionsMax)],
      sessions: [
        gateway.sessions,
        Math.min(sessions.length, SESSIONS_PER_CONNECTION_MAX * connectionsMax),
      ],
      deadlines: [gateway.deadlines, deadlines],
      'used tickets': [gateway.usedTickets, this.ticketsUsed],
      'age refusals': [gateway.ageRefusals, disk.counts['age-refused']],
      'recent blocks': [gateway.recentBlocks, disk.counts.block],
      reports: [gateway.reports, disk.counts.report],
      restores: [gateway.restores, facts.nowMs < restoresEndMs ? INFINITE : 0],
      'pending writes': [gateway.pendingWrites, disk.pending],
      'characters of offers': [gateway.offerChars, Math.min(offerChars, offerCharsHeldMax)],
      searches: [gateway.searches, searching.length],
      calls: [gateway.calls, live.length],
      gates: [gateway.gates, 2 * live.filter(({ mode }) => mode === 'video').length],
      'lines that wait': [
        gateway.heldLines,
        live.reduce((sum, match) => sum + chat.heldMost(match), 0),
      ],
      encounters: [pairs.encounters, known.meetingsIn(ENCOUNTERS_REMEMBERED_MS)],
      blocks: [pairs.blocks, disk.counts.block + disk.counts.report],
      'tickets in the pool': [poolWaiting, attached.filter(({ search }) => search).length],
      'silent sockets': [silent.filter(({ openedAtMs }) => openedAtMs <= silentBeforeMs).length, 0],
    };
    for (const [what, [held, atMost]] of Object.entries(most)) {
      if (held > atMost) throw new Violation('I10', `${what}: ${held} are held, not ${atMost}`);
    }
  }

  #isOwed(takenAtMs: number): boolean {
    return this.#parts.facts.nowMs - takenAtMs < ACK_AFTER_MS + TICK_EVERY_MS;
  }
}

/**
 * I4: the node counts those who are there, and nobody else. A session without a socket may have
 * ended unseen, since more was owed to it than is kept, and with it its call.
 */
export function checkCounts(facts: Facts, counts: GatewayCounts): void {
  const sessions = [...facts.sessions.values()];
  const live = [...facts.matches.values()].filter(({ state }) => state === 'live');
  const isHeard = ({ socket }: Session) => socket !== null;
  const isHeardCall = ({ a, b }: (typeof live)[number]) =>
    [a, b].some((side) => side !== null && isHeard(side.session));
  const searching = sessions.filter(({ search }) => search !== null);
  const online = sessions.filter(isHeard).length;
  const expected: Readonly<Record<keyof GatewayCounts, readonly [least: number, most: number]>> = {
    online: [online, online],
    detached: [0, sessions.length - online],
    waiting: [searching.filter(isHeard).length, searching.length],
    calls: [live.filter(isHeardCall).length, live.length],
  };
  for (const key of ['online', 'detached', 'waiting', 'calls'] as const) {
    const [least, most] = expected[key];
    if (counts[key] >= least && counts[key] <= most) continue;
    throw new Violation('I4', `${key}: the node counts ${counts[key]}, not ${least} to ${most}`);
  }
}
