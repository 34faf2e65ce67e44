import { assert, assertDefined } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import {
  brandId,
  type ConnectionId,
  type DeviceKeyId,
  isId,
  type MatchId,
  type SessionId,
  type SubjectId,
  type TicketId,
} from '@farandole/kernel/id';
import type { HourPlan } from '@farandole/matchmaking/hours';
import { carries, carriesMedia, type Medium, type ModeRules } from '@farandole/matchmaking/mode';
import type { Matchmaker, Party } from '@farandole/matchmaking/ports';
import { isMode, type Mode } from '@farandole/protocol/fields';
import type { Budget } from './budget/budget.ts';
import type { Call } from './call.ts';
import type { Communities } from './communities.ts';
import type { GatewayConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { Devices } from './devices.ts';
import type { Due } from './due.ts';
import { ExpiringMap } from './expiring-map.ts';
import { Fence } from './fence.ts';
import { type HoursSeen, NONE_SEEN } from './hours-seen.ts';
import {
  AGE_REFUSALS_MAX,
  AGE_REFUSED_FOR_MS,
  BLOCK_WAITERS_MAX,
  BLOCKS_STORED_FOR_MS,
  BLOCKS_STORED_REMEMBERED_MAX,
  BUFFERED_LINES_MAX,
  CALL_DURATIONS_MAX,
  CONNECTIONS_MAX,
  INVITATIONS_SPAN_MS,
  INVITERS_REMEMBERED_MAX,
  OFFER_CHARS_BUFFERED_MAX,
  PENDING_WRITES_MAX,
  REPORTS_MERGE_FOR_MS,
  SESSIONS_PER_CONNECTION_MAX,
  silentSocketsMax,
} from './limits.ts';
import type { OtherNodes } from './moves/other-nodes.ts';
import { noteOnSessions } from './moves/pair-notes.ts';
import type { PairLedger } from './pair-ledger.ts';
import type { PendingWrite } from './pending-write.ts';
import type { People } from './people.ts';
import type {
  BlockRecord,
  CallEnds,
  Connections,
  IceServers,
  Journal,
  JournalRecord,
  NetworkFacts,
  Observer,
  Segments,
  Signer,
  Standing,
  Standings,
} from './ports.ts';
import { Questions } from './questions.ts';
import { Reports } from './reports.ts';
import { Restores } from './restores.ts';
import type { Search, SharedProposal } from './search.ts';
import type { Session } from './session.ts';
import { UsedTickets } from './session-ticket.ts';
import { SilentSockets } from './silent-sockets.ts';
import { UsualWaits } from './usual-waits.ts';

export interface GatewayPorts {
  readonly connections: Connections;
  readonly signer: Signer;
  readonly devices: Devices;
  readonly journal: Journal;
  readonly matchmaker: Matchmaker;
  readonly network: NetworkFacts;
  readonly iceServers: IceServers;
  readonly observer: Observer;
  readonly standings: Standings;
  readonly circles: Segments;
  readonly people: People;
  readonly communities: Communities;
  readonly callEnds: CallEnds;
  /** The published hours. Absent if the server has none. */
  readonly hours?: () => HourPlan;
  /** Absent on a server with one node. */
  readonly nodes?: OtherNodes;
  /** Budgets of reports by unproven users, for instance one per hour and one per day. */
  readonly reportBudgets: readonly Budget[];
  /** Budget of invitations per network. */
  readonly invitationBudget: Budget;
  /**
   * Facts about which users must not meet. The gateway and the pool share this object. It
   * changes in the event-loop turn in which two users meet or part.
   */
  readonly pairs: PairLedger;
}

/** A minor's declaration within the last day, by the user's cookie or only by their device key. */
type AgeRefusal = { readonly by: 'cookie' } | { readonly by: 'device'; readonly endsAtMs: number };

/** A block created recently. If the client repeats the request, the node returns this block. */
export interface RecentBlock extends Pick<BlockRecord, 'mark'> {
  readonly isStored: boolean;
}

/**
 * The gateway's whole state and the current time. Its methods only keep the parts of the state
 * consistent.
 */
export class GatewayContext {
  readonly config: GatewayConfig;
  readonly ports: GatewayPorts;
  /** Random id of this process. Each receipt names the process that issued it. */
  readonly run: string;
  now: Instant;
  /** Latest epoch that the pool's writer announced. Null before the first announcement. */
  poolEpoch: number | null = null;
  drain:
    | { readonly state: 'no' }
    | { readonly state: 'until'; readonly endsAtMs: number }
    | { readonly state: 'over' } = {
    state: 'no',
  };
  /** Since when this node is fenced (see `Fence`). */
  readonly fence = new Fence();
  readonly deadlines = new DeadlineQueue<Due>();
  readonly connections = new Map<ConnectionId, Connection>();
  readonly sessions = new Map<SessionId, Session>();
  readonly sessionBySubject = new Map<SubjectId, Session>();
  readonly searches = new Map<TicketId, Search>();
  readonly calls = new Map<MatchId, Call>();
  /** Confirmed proposals whose call opens here with sessions of other nodes, until then. */
  readonly promisedElsewhere = new Map<MatchId, SharedProposal>();
  readonly restores: Restores;
  readonly reports = new Reports();
  readonly questions = new Questions();
  /**
   * Users who declared to be minors, by cookie and by device key. The value of a cookie is false
   * if writing the declaration failed.
   */
  readonly ageRefusals = new ExpiringMap<SubjectId | DeviceKeyId, boolean>(
    AGE_REFUSED_FOR_MS,
    AGE_REFUSALS_MAX,
  );
  /** Recent blocks by `blockKey`. A repeated request gets the known block and writes nothing. */
  readonly recentBlocks = new ExpiringMap<string, RecentBlock>(
    BLOCKS_STORED_FOR_MS,
    BLOCKS_STORED_REMEMBERED_MAX,
  );
  /** Number of invitations that each user made. */
  readonly invitationsMade = new ExpiringMap<SubjectId, number>(
    INVITATIONS_SPAN_MS,
    INVITERS_REMEMBERED_MAX,
  );
  /** Durations of recently ended calls in ms. */
  readonly callDurations = new ExpiringMap<MatchId, number>(
    REPORTS_MERGE_FOR_MS,
    CALL_DURATIONS_MAX,
  );
  /** Used tickets: each permitted one socket. */
  readonly admittedTickets = new UsedTickets();
  /** Used tickets: a session was opened with each. */
  readonly usedTickets = new UsedTickets();
  /** Number of sockets so far. */
  opened = 0;
  readonly silent: SilentSockets;
  readonly usualWaits = new UsualWaits();
  /** What `keepHours` last saw: the hours, and those that were on. */
  hoursSeen: HoursSeen = NONE_SEEN;
  /** The bells that users were notified of, by their hour's community, which is empty in the open pool. */
  readonly bells = new Map<string, number>();
  /**
   * Sessions whose send buffer overflowed in this event-loop turn. They are ended before the
   * turn is over.
   */
  readonly overflowed: Session[] = [];
  /** Length of the buffered offers of all searches, in UTF-16 code units. */
  #offerCharsBuffered = 0;
  /** Length of all messages that wait for facts, in UTF-16 code units. */
  deferredChars = 0;
  readonly #pendingWrites = new Map<number, PendingWrite>();
  #entry = 0;

  constructor(config: GatewayConfig, ports: GatewayPorts, startedAt: Instant) {
    assert(
      config.hasTurn || config.relayMode === 'direct' || config.relayMode === 'fallback',
      'relay-only needs a TURN server',
    );
    assert(config.rules.modes.size > 0, 'a server offers at least one mode');
    for (const mode of config.rules.modes.keys())
      assert(isMode(mode), `the protocol has no mode ${mode}`);
    assert(isId(config.node), `a node is named as every id is, and not ${config.node}`);
    this.config = config;
    this.silent = new SilentSockets(silentSocketsMax(this.connectionsMax));
    this.ports = ports;
    this.restores = new Restores(undefined, ports.nodes !== undefined);
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

  /** Total time for which this node has been fenced, in ms. */
  get fencedMs(): number {
    return this.fence.totalMs(this.now.monotonicMs);
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

  /** Whether the user may search as their search says. */
  maySearch({ session, mode, ticket }: Pick<Search, 'session' | 'mode' | 'ticket'>): boolean {
    if (!this.mayBeIn(session, mode)) return false;
    return ticket.exchange === undefined || this.standingOf(session).exchangeClosed === undefined;
  }

  isAgeRefused(session: Pick<Session, 'subject' | 'device'>): boolean {
    return this.ageRefusalOf(session) !== null;
  }

  /**
   * Returns why and until when (monotonic ms) the user is refused as a minor. Null if they aren't.
   * The cookie comes first, because a moderator can lift only a refusal by device key.
   */
  ageRefusalOf({ subject, device }: Pick<Session, 'subject' | 'device'>): AgeRefusal | null {
    const { monotonicMs, wallMs } = this.now;
    if (this.ageRefusals.has(subject, monotonicMs)) return { by: 'cookie' };
    const endsAtMs = this.ageRefusals.expiresAtMs(device, monotonicMs);
    if (endsAtMs === null || this.ports.standings.isAgeLifted(subject, wallMs)) return null;
    return { by: 'device', endsAtMs };
  }

  /** Whether the operator offers the mode. */
  offers(mode: Mode): boolean {
    return this.config.rules.modes.has(mode);
  }

  /** @throws AssertionError if the operator doesn't offer the mode */
  modeRules(mode: Mode): ModeRules {
    return assertDefined(this.config.rules.modes.get(mode), 'an offered mode has rules');
  }

  carries(mode: Mode, medium: Medium): boolean {
    return carries(this.modeRules(mode), medium);
  }

  carriesMedia(mode: Mode): boolean {
    return carriesMedia(this.modeRules(mode));
  }

  addSearch(search: Search): void {
    this.searches.set(search.ticket.id, search);
    this.#offerCharsBuffered += search.offer?.text.length ?? 0;
  }

  removeSearch(search: Search): void {
    assert(this.searches.delete(search.ticket.id), 'a search ended twice');
    this.#offerCharsBuffered -= search.offer?.text.length ?? 0;
  }

  /**
   * Returns an opaque id of the user's current network if users of one network must not meet,
   * else null.
   */
  networkOf({ facts }: Pick<Session, 'facts'>): string | null {
    return this.ports.network.keptApart(facts.clientAddress);
  }

  /**
   * Returns the user's network and whether the user has earned trust. Both help to decide whom
   * the user may meet, as do cookie and device key.
   */
  partyOf(session: Pick<Session, 'subject' | 'facts'>): Pick<Party, 'origin' | 'proven'> {
    const origin = session.facts.network?.network ?? null;
    return { origin, proven: this.isProven(session) };
  }

  /**
   * Gives a search a new ticket id and the user's current network. Late events for the previous
   * id are ignored.
   */
  renewTicket(search: Search): void {
    this.searches.delete(search.ticket.id);
    const id = brandId<TicketId>(this.ports.signer.randomId());
    const network = this.networkOf(search.session);
    search.ticket = { ...search.ticket, id, network, ...this.partyOf(search.session) };
    this.searches.set(search.ticket.id, search);
  }

  get offerCharsBuffered(): number {
    return this.#offerCharsBuffered;
  }

  get pendingWrites(): number {
    return this.#pendingWrites.size;
  }

  /** Writes a journal record. No client waits for the result. */
  append(record: JournalRecord): void {
    if (this.ports.nodes !== undefined) noteOnSessions(this, record);
    this.ports.journal.append(this.#entry++, record);
  }

  /**
   * Writes a journal record and remembers which client waits for the result. Returns false if
   * too many writes are pending.
   */
  appendAwaited(record: JournalRecord, write: PendingWrite): boolean {
    if (this.#pendingWrites.size >= PENDING_WRITES_MAX) return false;
    this.#pendingWrites.set(this.#entry, write);
    this.append(record);
    return true;
  }

  /**
   * Adds a waiting client to a block that is being written. Returns false if too many clients
   * wait for the block, and null if no such block is being written.
   */
  joinPendingBlock(mark: string, session: Session): boolean | null {
    for (const [entry, write] of this.#pendingWrites) {
      if (write.write !== 'block' || write.record.mark !== mark) continue;
      if (write.sessions.length >= BLOCK_WAITERS_MAX) return false;
      this.#pendingWrites.set(entry, { ...write, sessions: [...write.sessions, session] });
      return true;
    }
    return null;
  }

  /** Whether a write of this user is pending, so that an answer to the page is due. */
  isWritingOf({ subject }: Pick<Session, 'subject'>): boolean {
    for (const write of this.#pendingWrites.values()) {
      const by = write.write === 'age-refused' ? write.subject : write.record.by;
      if (by === subject) return true;
    }
    return false;
  }

  /** Whether a write of the block with this id is pending. */
  isWritingBlock(mark: string): boolean {
    for (const write of this.#pendingWrites.values()) {
      if (write.write === 'block' && write.record.mark === mark) return true;
    }
    return false;
  }

  /** Whether a write that removes the block with this id is pending. */
  isTakingBack(mark: string): boolean {
    for (const write of this.#pendingWrites.values()) {
      if (write.write === 'unblock' && write.record.mark === mark) return true;
    }
    return false;
  }

  /**
   * Removes and returns the pending write of a record. Returns undefined if no client waits for
   * the record.
   */
  takePendingWrite(entry: number): PendingWrite | undefined {
    const write = this.#pendingWrites.get(entry);
    this.#pendingWrites.delete(entry);
    return write;
  }
}
