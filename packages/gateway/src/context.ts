import { assert, assertDefined } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import {
  brandId,
  type ConnectionId,
  type DeviceKeyId,
  isId,
  type MatchId,
  type NodeId,
  type SessionId,
  type SubjectId,
  type TicketId,
} from '@farandole/kernel/id';
import { carriesMedia, type MatchRules, type ModeRules } from '@farandole/matchmaking/mode';
import type { Matchmaker, Party } from '@farandole/matchmaking/ports';
import { MODES, type Mode } from '@farandole/protocol/fields';
import type { RelayMode } from '@farandole/protocol/http-api';
import type { Call } from './call.ts';
import type { Connection } from './connection.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { Due } from './due.ts';
import { ExpiringMap } from './expiring-map.ts';
import {
  AGE_REFUSALS_MAX,
  AGE_REFUSED_FOR_MS,
  BLOCK_WAITERS_MAX,
  BLOCKS_STORED_FOR_MS,
  BLOCKS_STORED_REMEMBERED_MAX,
  BUFFERED_LINES_MAX,
  CALL_DURATIONS_MAX,
  CONNECTIONS_MAX,
  OFFER_CHARS_BUFFERED_MAX,
  PENDING_WRITES_MAX,
  REPORTS_MERGE_FOR_MS,
  SESSIONS_PER_CONNECTION_MAX,
} from './limits.ts';
import type { PairLedger } from './pair-ledger.ts';
import type {
  BlockRecord,
  CallEnds,
  Connections,
  Journal,
  JournalRecord,
  NetworkFacts,
  Observer,
  ReportRecord,
  Segments,
  Signer,
  Standing,
  Standings,
  UnblockRecord,
} from './ports.ts';
import { Reports } from './reports.ts';
import { Restores } from './restores.ts';
import type { Search } from './search.ts';
import type { Session } from './session.ts';
import { UsedTickets } from './session-ticket.ts';
import { UsualWaits } from './usual-waits.ts';

export interface GatewayConfig {
  readonly node: NodeId;
  readonly relayMode: RelayMode;
  /** Whether there is a TURN server. Without one, only direct connections are possible. */
  readonly hasTurn: boolean;
  readonly rules: MatchRules;
  readonly takesPictures: boolean;
  /** Defaults to `CONNECTIONS_MAX`. */
  readonly connectionsMax?: number;
  /** UTF-16 units of buffered offers; defaults to `OFFER_CHARS_BUFFERED_MAX`. */
  readonly offerCharsBufferedMax?: number;
  /** Lines waiting for a seat; defaults to `BUFFERED_LINES_MAX`. */
  readonly bufferedLinesMax?: number;
}

export interface GatewayPorts {
  readonly connections: Connections;
  readonly signer: Signer;
  readonly journal: Journal;
  readonly matchmaker: Matchmaker;
  readonly network: NetworkFacts;
  readonly observer: Observer;
  readonly standings: Standings;
  readonly circles: Segments;
  readonly callEnds: CallEnds;
  /** Shared with the pool; updated in the turn in which two users meet or part. */
  readonly pairs: PairLedger;
}

/** A record whose write a client is waiting for. */
export type PendingWrite =
  | { readonly write: 'report'; readonly record: ReportRecord }
  | { readonly write: 'block'; readonly sessions: readonly Session[]; readonly record: BlockRecord }
  | {
      readonly write: 'unblock';
      readonly session: Session;
      readonly record: UnblockRecord;
      readonly id: string;
    }
  | { readonly write: 'age-refused'; readonly subject: SubjectId };

/** A recent block: a repeated request returns it. */
export interface RecentBlock extends Pick<BlockRecord, 'mark'> {
  readonly isStored: boolean;
}

/** Gateway state and the current instant. Its methods only keep its parts consistent. */
export class GatewayContext {
  readonly config: GatewayConfig;
  readonly ports: GatewayPorts;
  /** Identifies this process in the receipts that it issues. */
  readonly run: string;
  now: Instant;
  /** Latest epoch of the pool's writer; null before the first. */
  poolEpoch: number | null = null;
  drain:
    | { readonly state: 'no' }
    | { readonly state: 'until'; readonly endsAtMs: number }
    | { readonly state: 'over' } = {
    state: 'no',
  };
  readonly deadlines = new DeadlineQueue<Due>();
  readonly connections = new Map<ConnectionId, Connection>();
  readonly sessions = new Map<SessionId, Session>();
  readonly sessionBySubject = new Map<SubjectId, Session>();
  readonly searches = new Map<TicketId, Search>();
  readonly calls = new Map<MatchId, Call>();
  readonly restores = new Restores();
  readonly reports = new Reports();
  /**
   * Declared minors, by cookie and by device key; a cookie's value says whether the record is
   * written or being written.
   */
  readonly ageRefusals = new ExpiringMap<SubjectId | DeviceKeyId, boolean>(
    AGE_REFUSED_FOR_MS,
    AGE_REFUSALS_MAX,
  );
  /** Recent blocks by `blockKey`, so that a repeated request isn't written again. */
  readonly recentBlocks = new ExpiringMap<string, RecentBlock>(
    BLOCKS_STORED_FOR_MS,
    BLOCKS_STORED_REMEMBERED_MAX,
  );
  /** How long recent calls lasted. */
  readonly callDurations = new ExpiringMap<MatchId, number>(
    REPORTS_MERGE_FOR_MS,
    CALL_DURATIONS_MAX,
  );
  readonly usedTickets = new UsedTickets();
  readonly usualWaits = new UsualWaits();
  /** Sessions whose buffer overflowed in this turn; they end with the turn. */
  readonly overflowed: Session[] = [];
  /** UTF-16 units of the offers of all searches. */
  #offerCharsBuffered = 0;
  readonly #pendingWrites = new Map<number, PendingWrite>();
  #entry = 0;
  readonly #waitingByMode = new Map<Mode, number>();

  constructor(config: GatewayConfig, ports: GatewayPorts, startedAt: Instant) {
    assert(
      config.hasTurn || config.relayMode === 'direct' || config.relayMode === 'fallback',
      'relay-only needs a TURN server',
    );
    for (const mode of MODES) assert(config.rules.modes.has(mode), `the mode ${mode} has no rules`);
    assert(isId(config.node), `a node is named as every id is, and not ${config.node}`);
    this.config = config;
    this.ports = ports;
    this.run = ports.signer.randomId();
    this.now = startedAt;
  }

  get connectionsMax(): number {
    return this.config.connectionsMax ?? CONNECTIONS_MAX;
  }

  get sessionsMax(): number {
    return this.connectionsMax * SESSIONS_PER_CONNECTION_MAX;
  }

  mayHoldOffer(chars: number): boolean {
    const max = this.config.offerCharsBufferedMax ?? OFFER_CHARS_BUFFERED_MAX;
    return this.#offerCharsBuffered + chars <= max;
  }

  get bufferedLinesMax(): number {
    return this.config.bufferedLinesMax ?? BUFFERED_LINES_MAX;
  }

  get isDraining(): boolean {
    return this.drain.state !== 'no';
  }

  standingOf({ subject, device, facts }: Pick<Session, 'subject' | 'device' | 'facts'>): Standing {
    const { clientAddress } = facts;
    return this.ports.standings.of({ subject, device, clientAddress }, this.now.wallMs);
  }

  isProven({ subject }: Pick<Session, 'subject'>): boolean {
    return this.ports.circles.isProven(subject, this.now.wallMs);
  }

  mayBeIn(session: Pick<Session, 'subject' | 'device' | 'facts'>, mode: Mode): boolean {
    const { may } = this.standingOf(session);
    return may === 'meet' || (may === 'text' && !this.carriesMedia(mode));
  }

  /** Whether a minor's declaration of this cookie or device counts. */
  isAgeRefused({ subject, device }: Pick<Session, 'subject' | 'device'>): boolean {
    const { monotonicMs } = this.now;
    return this.ageRefusals.has(subject, monotonicMs) || this.ageRefusals.has(device, monotonicMs);
  }

  modeRules(mode: Mode): ModeRules {
    return assertDefined(this.config.rules.modes.get(mode), 'a mode of the protocol has rules');
  }

  carriesMedia(mode: Mode): boolean {
    return carriesMedia(this.modeRules(mode));
  }

  addSearch(search: Search): void {
    this.searches.set(search.ticket.id, search);
    this.#offerCharsBuffered += search.offer?.length ?? 0;
    this.#waitingByMode.set(search.mode, this.waitingIn(search.mode) + 1);
  }

  removeSearch(search: Search): void {
    assert(this.searches.delete(search.ticket.id), 'a search ended twice');
    this.#offerCharsBuffered -= search.offer?.length ?? 0;
    this.#waitingByMode.set(search.mode, this.waitingIn(search.mode) - 1);
  }

  /** Identifies the user's current network, where users of one network are kept apart. */
  networkOf({ facts }: Pick<Session, 'facts'>): string | null {
    return this.ports.network.keptApart(facts.clientAddress);
  }

  /** What `Apart` goes by, besides cookie and device key. */
  partyOf(session: Pick<Session, 'subject' | 'facts'>): Pick<Party, 'origin' | 'proven'> {
    const origin = session.facts.network?.network ?? null;
    return { origin, proven: this.isProven(session) };
  }

  /** Gives a search a new ticket from the current location; old events are ignored. */
  renewTicket(search: Search): void {
    this.searches.delete(search.ticket.id);
    const id = brandId<TicketId>(this.ports.signer.randomId());
    const network = this.networkOf(search.session);
    search.ticket = { ...search.ticket, id, network, ...this.partyOf(search.session) };
    this.searches.set(search.ticket.id, search);
  }

  waitingIn(mode: Mode): number {
    return this.#waitingByMode.get(mode) ?? 0;
  }

  get offerCharsBuffered(): number {
    return this.#offerCharsBuffered;
  }

  get pendingWrites(): number {
    return this.#pendingWrites.size;
  }

  /** Writes a record without waiting for the result. */
  append(record: JournalRecord): void {
    this.ports.journal.append(this.#entry++, record);
  }

  /** Writes a record and remembers who waits; returns false if too many writes are pending. */
  appendAwaited(record: JournalRecord, write: PendingWrite): boolean {
    if (this.#pendingWrites.size >= PENDING_WRITES_MAX) return false;
    this.#pendingWrites.set(this.#entry, write);
    this.append(record);
    return true;
  }

  /** Adds a waiter to a pending block; false if it has too many, null without such a block. */
  joinPendingBlock(mark: string, session: Session): boolean | null {
    for (const [entry, write] of this.#pendingWrites) {
      if (write.write !== 'block' || write.record.mark !== mark) continue;
      if (write.sessions.length >= BLOCK_WAITERS_MAX) return false;
      this.#pendingWrites.set(entry, { ...write, sessions: [...write.sessions, session] });
      return true;
    }
    return null;
  }

  /** Whether an unblock of this mark is being written. */
  isTakingBack(mark: string): boolean {
    for (const write of this.#pendingWrites.values()) {
      if (write.write === 'unblock' && write.record.mark === mark) return true;
    }
    return false;
  }

  /** Removes and returns the waiter of a record; undefined without one. */
  takePendingWrite(entry: number): PendingWrite | undefined {
    const write = this.#pendingWrites.get(entry);
    this.#pendingWrites.delete(entry);
    return write;
  }
}
