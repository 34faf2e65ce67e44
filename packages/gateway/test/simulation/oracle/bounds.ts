import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { ACK_AFTER_MS, HELLO_TIMEOUT_MS } from '@farandole/protocol/limits';
import type { GatewaySizes, JournalRecord } from '../../../src/ports.ts';
import { ENCOUNTERS_KEPT_MS } from '../rules.ts';
import { type MatchModel, type SessionModel, sidesOf } from './model.ts';
import type { Oracle } from './oracle.ts';
import { Violation } from './violation.ts';

/** What the parts of a node hold, as they say themselves. */
export interface Held {
  readonly gateway: GatewaySizes;
  readonly pairs: { readonly encounters: number; readonly blocks: number };
  /** Tickets that wait in the pool. */
  readonly poolWaiting: number;
}

/** The count of people online, the window for restores and the drain's deadline. */
const DEADLINES_OF_THE_NODE = 3;
/** A disk keeps an encounter twice as long as a node does, and a clock that was set back, once more. */
const ENCOUNTERS_REMEMBERED_MS = 3 * ENCOUNTERS_KEPT_MS + TICK_EVERY_MS;
const SESSIONS_PER_CONNECTION_MAX = 2;

/**
 * I10: what the node holds is bounded by who is there, and by what they did lately. It is asked how
 * much it holds of each kind, and never what.
 */
export class Bounds {
  readonly #oracle: Oracle;
  /** When sessions that are over were last owed an acknowledgement. */
  #owed: number[] = [];
  #minors = 0;
  /** Of those, words that are being written. */
  #minorsPending = 0;

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  appended(record: JournalRecord): void {
    if (record.kind !== 'age-refused') return;
    this.#minors += 1;
    this.#minorsPending += 1;
  }

  /** It is on disk, or could not be written. */
  settled(record: JournalRecord): void {
    if (record.kind === 'age-refused') this.#minorsPending -= 1;
  }

  closed({ takenAtMs }: SessionModel): void {
    if (this.#isOwedSince(takenAtMs)) this.#owed.push(takenAtMs);
  }

  restart(): void {
    this.#owed = [];
  }

  check({ gateway, pairs, poolWaiting }: Held, sessions: readonly SessionModel[]): void {
    const { known, ledger, tickets, nowMs, rules } = this.#oracle;
    const awaiting = this.#oracle.sockets.silentSince(nowMs);
    const live = [...this.#oracle.model.matches.values()].filter(({ state }) => state === 'live');
    const searches = sessions.filter(({ search }) => search !== null);
    const attached = sessions.filter(({ connection }) => connection !== null);
    const detached = sessions.length - attached.length;
    const seats = sessions.filter(({ seat }) => seat !== null).length;
    this.#owed = this.#owed.filter((takenAtMs) => this.#isOwedSince(takenAtMs));
    const owed = sessions.filter(({ takenAtMs }) => this.#isOwedSince(takenAtMs)).length;
    const connectionsMax = rules.config.connectionsMax ?? Number.POSITIVE_INFINITY;
    const most: Readonly<Record<string, readonly [held: number, most: number]>> = {
      connections: [gateway.connections, Math.min(awaiting + attached.length, connectionsMax)],
      sessions: [
        gateway.sessions,
        Math.min(sessions.length, SESSIONS_PER_CONNECTION_MAX * connectionsMax),
      ],
      deadlines: [
        gateway.deadlines,
        awaiting + detached + seats + owed + this.#owed.length + DEADLINES_OF_THE_NODE,
      ],
      'used tickets': [gateway.usedTickets, tickets.usedLately],
      'age refusals': [gateway.ageRefusals, this.#minors],
      'recent blocks': [gateway.recentBlocks, ledger.countAll('block')],
      reports: [gateway.reports, ledger.countAll('report')],
      restores: [gateway.restores, this.#oracle.restoresMost()],
      'pending writes': [gateway.pendingWrites, ledger.pending + this.#minorsPending],
      'characters of offers': [
        gateway.offerChars,
        Math.min(
          searches.reduce((sum, { search }) => sum + (search?.wish.offer?.length ?? 0), 0),
          rules.config.offerCharsHeldMax ?? Number.POSITIVE_INFINITY,
        ),
      ],
      searches: [gateway.searches, searches.length],
      calls: [gateway.calls, live.length],
      gates: [gateway.gates, 2 * live.filter(({ mode }) => mode === 'video').length],
      'lines that wait': [gateway.heldLines, this.#heldLines(live)],
      encounters: [pairs.encounters, known.meetingsIn(ENCOUNTERS_REMEMBERED_MS)],
      blocks: [pairs.blocks, ledger.countAll('block') + ledger.countAll('report')],
      'tickets in the pool': [poolWaiting, attached.filter(({ search }) => search !== null).length],
      'silent sockets': [
        this.#oracle.sockets.silentSince(nowMs - HELLO_TIMEOUT_MS - TICK_EVERY_MS),
        0,
      ],
    };
    for (const [what, [held, atMost]] of Object.entries(most)) {
      if (held > atMost) throw new Violation('I10', `${what}: ${held} are held, not ${atMost}`);
    }
  }

  #heldLines(live: readonly MatchModel[]): number {
    const { heldLines } = this.#oracle;
    const each = live.flatMap((match) => sidesOf(match).map((side) => heldLines.most(match, side)));
    return each.reduce((sum, most) => sum + most, 0);
  }

  #isOwedSince(takenAtMs: number): boolean {
    return this.#oracle.nowMs - takenAtMs < ACK_AFTER_MS + TICK_EVERY_MS;
  }
}
