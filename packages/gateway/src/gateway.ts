import { assertNever } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import type { ConnectionId, DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type {
  EpochChanged,
  MatchmakerListener,
  TicketAbandoned,
  TicketMatched,
  TicketProposed,
  TicketRefused,
} from '@farandole/matchmaking/ports';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { decodeClientMessage, encodeServerMessage } from '@farandole/protocol/codec';
import { DRAIN_DEADLINE_MS, HELLO_TIMEOUT_MS } from '@farandole/protocol/limits';
import { ACCEPTED_VERSIONS } from '@farandole/protocol/version';
import { applyStandings } from './apply-standing.ts';
import { endClosedSearches } from './community-door.ts';
import type { GatewayConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { GatewayContext, type GatewayPorts } from './context.ts';
import { spend } from './credits.ts';
import { dispatch } from './dispatch.ts';
import type { Due } from './due.ts';
import { refuseDeferred } from './facts.ts';
import { type AgeDeclaration, takeAgeRefusals } from './handlers/age.ts';
import { takeFacts } from './handlers/people.ts';
import { endRestoreWait, endRestoreWindow } from './handlers/restore.ts';
import { settleWrite } from './handlers/settle.ts';
import { takeRemovals } from './handlers/unblock.ts';
import { keepHours } from './hours.ts';
import { FRAME_CREDITS } from './limits.ts';
import { type LonelySearches, lonelySearchesOf } from './lonely-searches.ts';
import { onAbandoned, onEpochChanged, onMatched, onProposed, onRefused } from './matching.ts';
import { endDrain, meetMoveDeadline, moveSoon, sendAway } from './moves/drain.ts';
import { deviceVerified, greet } from './moves/greet.ts';
import { hasOtherNodes } from './moves/other-nodes.ts';
import { SessionMoves } from './moves/session-moves.ts';
import { OnlineCount } from './online-count.ts';
import { sendPassing, tellTaken } from './outbox.ts';
import type { PersonFacts } from './people.ts';
import type {
  ConnectionFacts,
  FirstReport,
  GatewayCounts,
  GatewaySizes,
  UnblockRecord,
} from './ports.ts';
import {
  closeSilent,
  detachSession,
  dropConnection,
  endActivity,
  endGrace,
  endOverflowed,
  endSession,
  forgetConnection,
  refuseFrame,
  refuseSearch,
} from './session-life.ts';
import { type CallCount, callsOf, countsOf, sizesOf } from './sizes.ts';
import { admitsSocket, canResume } from './upgrade-pass.ts';

export type { GatewayConfig } from './config.ts';
export type { GatewayPorts } from './context.ts';

/**
 * Codes with which a page closes the socket for good (RFC 6455, section 7.4.1). Any other code
 * means a lost connection.
 */
const GONE_CODES: ReadonlySet<number> = new Set([1000, 1001]);

/**
 * The sessions, calls and message relay of one node. The gateway never waits and never reads a
 * clock. Its owner passes each event with the event's time, and calls `tick` about four times a
 * second.
 */
export class Gateway implements MatchmakerListener {
  readonly #context: GatewayContext;
  readonly #onlineCount: OnlineCount;
  /** Sessions of which the socket or the state is on another node. */
  readonly moves: SessionMoves;

  /**
   * @throws AssertionError if the node id is invalid, or if the relay mode needs a TURN server
   * and none is configured
   */
  constructor(config: GatewayConfig, ports: GatewayPorts, startedAt: Instant) {
    this.#context = new GatewayContext(config, ports, startedAt);
    this.moves = new SessionMoves(this.#context);
    this.#onlineCount = new OnlineCount(startedAt.monotonicMs);
    this.#context.deadlines.add(this.#onlineCount.firstAtMs, { due: 'online-count' });
    ports.matchmaker.attach(this);
  }

  /** Returns whether a token permits the user to open a socket. A ticket permits one socket. */
  admits(token: string, subject: SubjectId, now: Instant): boolean {
    return admitsSocket(this.#begin(now), token, subject);
  }

  /** Whether a secret belongs to a live session of the user. */
  canResume(secret: string, subject: SubjectId, now: Instant): boolean {
    return canResume(this.#begin(now), secret, subject);
  }

  connectionOpened(id: ConnectionId, facts: ConnectionFacts, now: Instant): void {
    const context = this.#begin(now);
    if (context.drain.state === 'over') {
      context.ports.connections.close(id, 'server-moving');
      return;
    }
    if (context.connections.size >= context.connectionsMax) {
      context.ports.connections.close(id, 'too-many');
      return;
    }
    const nonce = context.ports.signer.randomId();
    const helloByMs = now.monotonicMs + HELLO_TIMEOUT_MS;
    const deadline = context.deadlines.add(helloByMs, { due: 'hello', connection: id });
    const state = { state: 'awaiting-hello', nonce, deadline } as const;
    const age = { openedAtMs: now.monotonicMs, order: ++context.opened };
    const connection: Connection = { id, facts, ...age, framesFullAtMs: 0, state };
    context.connections.set(id, connection);
    const excess = context.silent.add(connection);
    if (excess !== null) dropConnection(context, excess, 'silent');
    if (excess === connection) return;
    const offer = { versions: ACCEPTED_VERSIONS, acks: true } as const;
    const challenge = { type: 'session.challenge', nonce, ...offer } as const;
    context.ports.connections.send(id, encodeServerMessage(challenge));
  }

  /**
   * Handles one text frame of `byteLength` bytes. An invalid frame ends only the session that
   * sent it.
   *
   * @param receivedAtMs monotonic time at which the node read the frame, for the rate limit
   */
  receive(
    id: ConnectionId,
    text: string,
    byteLength: number,
    now: Instant,
    receivedAtMs = now.monotonicMs,
  ): void {
    const context = this.#begin(now);
    const connection = context.connections.get(id);
    // The node had closed this socket before the frame arrived.
    if (connection === undefined) return;
    const fault = this.#take(connection, text, byteLength, receivedAtMs);
    if (fault !== null) refuseFrame(this.#context, connection, fault);
    endOverflowed(context);
  }

  /** Called with the result of a signature that `Devices.verify` verified later. */
  deviceVerified(id: ConnectionId, device: DeviceKeyId | null, now: Instant): void {
    deviceVerified(this.#begin(now), id, device);
  }

  /** Ends the session of a socket for which too many frames wait to be handled (GW-62c). */
  flooded(id: ConnectionId, now: Instant): void {
    const context = this.#begin(now);
    const connection = context.connections.get(id);
    if (connection !== undefined) refuseFrame(this.#context, connection, 'too-fast');
    endOverflowed(context);
  }

  /**
   * Handles a socket that was closed or lost. If the page closed the socket, its session ends.
   * Otherwise the session waits for a resume.
   */
  connectionClosed(id: ConnectionId, code: number, now: Instant): void {
    const context = this.#begin(now);
    const connection = context.connections.get(id);
    if (connection === undefined) return;
    forgetConnection(context, connection);
    if (connection.state.state === 'awaiting-hello') return;
    const { session } = connection.state;
    if (GONE_CODES.has(code)) endSession(context, session, 'goes', null);
    else detachSession(context, session);
    endOverflowed(context);
  }

  tick(now: Instant): void {
    const context = this.#begin(now);
    context.ports.pairs.advance(now);
    keepHours(context);
    for (;;) {
      const due = context.deadlines.takeDue(now.monotonicMs);
      if (due === null) break;
      this.#meetDeadline(due);
    }
    endOverflowed(context);
  }

  /**
   * Called with what the store knows about users whom `People.arrived` asked for.
   *
   * @param asOf the pair ledger's `removals` before the read began
   * @returns false if the read is too old, so that the users must be read again
   */
  peopleRead(people: readonly PersonFacts[], asOf: number, now: Instant): boolean {
    const context = this.#begin(now);
    const isTaken = takeFacts(context, people, asOf);
    endOverflowed(context);
    return isTaken;
  }

  /** Called with the declarations of minors that other nodes have stored. May repeat some. */
  agesRefused(declarations: readonly AgeDeclaration[], now: Instant): void {
    const context = this.#begin(now);
    takeAgeRefusals(context, declarations);
    endOverflowed(context);
  }

  /** Called with the removals of blocks that all nodes have stored. May repeat some. */
  blocksRemoved(removals: readonly UnblockRecord[], now: Instant): void {
    const context = this.#begin(now);
    takeRemovals(context, removals);
    endOverflowed(context);
  }

  /**
   * Called when the journal has stored a record, or has failed to store the record.
   *
   * @param first the stored report of this user in this call, if it isn't the one of this record
   */
  journalSettled(entry: number, stored: boolean, now: Instant, first?: FirstReport): void {
    const context = this.#begin(now);
    settleWrite(context, entry, stored, first);
    endOverflowed(context);
  }

  /** Called when members may have closed a community. Ends its searches. */
  communitiesChanged(now: Instant): void {
    const context = this.#begin(now);
    endClosedSearches(context);
    endOverflowed(context);
  }

  /**
   * Called when moderators' decisions changed. Notifies users and ends activities that are no
   * longer allowed.
   *
   * @param subjects checks only these users; all users if absent
   */
  standingsChanged(now: Instant, subjects?: readonly SubjectId[]): void {
    const context = this.#begin(now);
    applyStandings(context, subjects);
    endOverflowed(context);
  }

  /**
   * Prepares the node to stop: refuses new searches and sessions, and lets calls continue until
   * the deadline.
   */
  drain(now: Instant): void {
    const context = this.#begin(now);
    if (context.isDraining) return;
    const endsAtMs = now.monotonicMs + DRAIN_DEADLINE_MS;
    context.drain = { state: 'until', endsAtMs };
    context.deadlines.add(endsAtMs, { due: 'drain' });
    for (const session of context.sessions.values()) {
      if (moveSoon(context, session) || hasOtherNodes(context)) continue;
      refuseSearch(context, session, 'server-moving');
      sendPassing(context, session, { type: 'server.moving', deadlineMs: DRAIN_DEADLINE_MS });
    }
    endOverflowed(context);
  }

  sendAway(now: Instant): void {
    sendAway(this.#begin(now));
  }

  /** Whether the node may stop, because it has no sessions or the drain deadline has passed. */
  get drained(): boolean {
    const { drain, sessions } = this.#context;
    return drain.state === 'over' || (drain.state === 'until' && sessions.size === 0);
  }

  /** Number of users with a socket on all nodes together. */
  get online(): number {
    return this.counts().online + (this.#context.ports.nodes?.onlineElsewhere() ?? 0);
  }

  counts(): GatewayCounts {
    return countsOf(this.#context);
  }

  lonelySearches(): LonelySearches {
    return lonelySearchesOf(this.#context);
  }

  callCounts(): readonly CallCount[] {
    return callsOf(this.#context);
  }

  sizes(): GatewaySizes {
    return sizesOf(this.#context);
  }

  epochChanged(event: EpochChanged, now: Instant): void {
    const context = this.#begin(now);
    onEpochChanged(context, event);
    endOverflowed(context);
  }

  refused(event: TicketRefused, now: Instant): void {
    const context = this.#begin(now);
    onRefused(context, event);
    endOverflowed(context);
  }

  proposed(event: TicketProposed, now: Instant): void {
    const context = this.#begin(now);
    onProposed(context, event);
    endOverflowed(context);
  }

  matched(event: TicketMatched, now: Instant): void {
    const context = this.#begin(now);
    onMatched(context, event);
    endOverflowed(context);
  }

  abandoned(event: TicketAbandoned, now: Instant): void {
    const context = this.#begin(now);
    onAbandoned(context, event);
    endOverflowed(context);
  }

  #begin(now: Instant): GatewayContext {
    this.#context.now = now;
    return this.#context;
  }

  #take(
    connection: Connection,
    text: string,
    byteLength: number,
    receivedAtMs: number,
  ): CloseReason | null {
    const context = this.#context;
    const fullAtMs = spend(connection.framesFullAtMs, FRAME_CREDITS, receivedAtMs);
    if (fullAtMs === null) return 'too-fast';
    connection.framesFullAtMs = fullAtMs;
    const decoded = decodeClientMessage(text, byteLength);
    if (!decoded.ok) return decoded.reason;
    const { state } = connection;
    if (state.state === 'bound') return dispatch(context, state.session, decoded.value);
    return greet(context, connection, state.nonce, decoded.value, text);
  }

  #meetDeadline(due: Due): void {
    const context = this.#context;
    switch (due.due) {
      case 'hello':
        closeSilent(context, due.connection);
        return;
      case 'grace':
        endGrace(context, due.session);
        return;
      case 'rejoin':
        endActivity(context, due.session, 'lost');
        return;
      case 'facts':
        refuseDeferred(context, due.session);
        return;
      case 'acknowledgement':
        due.session.isAckDue = false;
        tellTaken(context, due.session);
        return;
      case 'given':
      case 'move-away':
        meetMoveDeadline(context, due);
        return;
      case 'restore-wait':
        endRestoreWait(context, due.restore);
        return;
      case 'restore-window':
        endRestoreWindow(context);
        return;
      case 'online-count':
        this.#tellOnline();
        return;
      case 'drain':
        endDrain(this.#context);
        return;
      default:
        assertNever(due);
    }
  }

  #tellOnline(): void {
    const context = this.#context;
    const goOnAtMs = this.#onlineCount.tell(context, () => this.online);
    context.deadlines.add(goOnAtMs, { due: 'online-count' });
  }
}
