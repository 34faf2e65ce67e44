import type { Instant } from '@farandole/kernel/clock';
import {
  brandId,
  type ConnectionId,
  type MatchId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import { decodeClientMessage } from '@farandole/protocol/codec';
import type { Seat } from '@farandole/protocol/fields';
import { HELLO_TIMEOUT_MS } from '@farandole/protocol/limits';
import type { SessionSnapshot, SocketFacts } from '@farandole/protocol/session-snapshot';
import { abandonCall } from '../abandon-call.ts';
import { partWaiting } from '../calls.ts';
import type { Connection } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { defer } from '../facts.ts';
import { refuseForAge } from '../handlers/age.ts';
import { restoreGiven, waitForPeer } from '../handlers/restore.ts';
import { GENERATIONS_SKIPPED } from '../limits.ts';
import { matchGiven } from '../matching.ts';
import { send } from '../outbox.ts';
import type { Search } from '../search.ts';
import { resubmitSearch } from '../searches.ts';
import type { Session } from '../session.ts';
import {
  bind,
  detachSession,
  dropConnection,
  endOverflowed,
  endSession,
  forgetConnection,
  refuseSearch,
} from '../session-life.ts';
import { tellStanding } from '../standing.ts';
import { utf8Length } from '../utf8-length.ts';
import { isVain } from '../vain-waits.ts';
import { begin, finish } from './greet.ts';
import {
  fromSocketFacts,
  isMovable,
  readRestore,
  readSearch,
  readSession,
  takeSnapshot,
  toSocketFacts,
} from './snapshot.ts';

/** A session between two nodes. */
export interface Given {
  readonly snapshot: SessionSnapshot;
  readonly generation: number;
}

/** A user who waits for a peer to restore their call. */
export interface Waiting {
  /** Null while the user has no socket. */
  readonly connection: ConnectionId | null;
  readonly match: MatchId;
  readonly seat: Seat;
}

interface WithSocket<Socket> extends Given {
  readonly connection: Socket;
}

/** A socket whose hello another node handles. */
export interface ForwardedHello {
  readonly connection: Connection;
  readonly facts: SocketFacts;
  readonly nonce: string;
  readonly hello: string;
  /** For how many ms the socket has been open. */
  readonly openForMs: number;
  /** Frames that came after the hello. */
  readonly early: readonly string[];
}

/**
 * What the other nodes of a cluster do with the sessions of this gateway: their sockets, their
 * questions, and the moves of sessions from and to this node.
 */
export class SessionMoves {
  readonly #context: GatewayContext;

  constructor(context: GatewayContext) {
    this.#context = context;
  }

  /** The user's session on this node, or null without one. */
  sessionOf(subject: SubjectId): Pick<Session, 'id' | 'generation' | 'connection'> | null {
    return this.#context.sessionBySubject.get(subject) ?? null;
  }

  /** Subjects of all sessions on this node. */
  subjects(): readonly SubjectId[] {
    return [...this.#context.sessionBySubject.keys()];
  }

  /** Answers the question that `OtherNodes.ask` asked: no other node has a session of the user. */
  asked(id: ConnectionId, now: Instant): void {
    const context = this.#begin(now);
    const connection = context.connections.get(id);
    const greeting = connection?.greeting;
    if (connection === undefined || greeting?.asking === undefined) return;
    finish(context, connection, greeting, greeting.asking);
    endOverflowed(context);
  }

  /** Closes a socket whose page shall try again, on this node or another. */
  retry(id: ConnectionId, now: Instant): void {
    const context = this.#begin(now);
    const connection = context.connections.get(id);
    if (connection !== undefined) dropConnection(context, connection, 'other-node');
  }

  /** Releases a socket whose hello waits, so that another node handles the hello. */
  forward(id: ConnectionId, now: Instant): ForwardedHello | null {
    const context = this.#begin(now);
    const connection = context.connections.get(id);
    if (connection?.greeting?.asking === undefined || connection.state.state !== 'awaiting-hello') {
      return null;
    }
    const { greeting, facts, state } = connection;
    forgetConnection(context, connection);
    const { text: hello } = greeting;
    const early = greeting.early.map(({ text }) => text);
    const openForMs = Math.round(now.monotonicMs - connection.openedAtMs);
    return { connection, facts: toSocketFacts(facts), nonce: state.nonce, hello, openForMs, early };
  }

  /**
   * Adds a socket of another node whose hello this node handles. Closes the socket to try again if
   * the user's session has left this node meanwhile, because another node may have it.
   */
  opened(
    id: ConnectionId,
    socket: Omit<ForwardedHello, 'connection' | 'early'>,
    now: Instant,
  ): void {
    const context = this.#begin(now);
    const { facts, nonce, hello, openForMs } = socket;
    if (!context.sessionBySubject.has(brandId<SubjectId>(facts.subject))) {
      context.ports.connections.close(id, 'other-node');
      return;
    }
    const helloByMs = now.monotonicMs + HELLO_TIMEOUT_MS;
    const deadline = context.deadlines.add(helloByMs, { due: 'hello', connection: id });
    const state = { state: 'awaiting-hello', nonce, deadline } as const;
    const connection = createForwarded(context, id, fromSocketFacts(facts), state, openForMs);
    context.connections.set(id, connection);
    const decoded = decodeClientMessage(hello, utf8Length(hello));
    if (decoded.ok && decoded.value.type === 'session.hello') {
      begin(context, connection, nonce, decoded.value, hello);
    } else {
      dropConnection(context, connection, 'malformed');
    }
    endOverflowed(context);
  }

  /** Returns the session of a forwarded socket that could move to the node with the socket. */
  movable(id: ConnectionId, now: Instant): Session | null {
    const context = this.#begin(now);
    const state = context.connections.get(id)?.state;
    if (state?.state !== 'bound') return null;
    return isMovable(context, state.session) ? state.session : null;
  }

  /**
   * Gives away the session of a socket. A search leaves the pool, unless its ticket is matched.
   * The session ends here without any message. Returns null if the session can't move now.
   */
  give(id: ConnectionId, isMatched: boolean, now: Instant): WithSocket<Connection> | null {
    const context = this.#begin(now);
    const connection = context.connections.get(id);
    if (connection?.state.state !== 'bound') return null;
    const { session } = connection.state;
    if (!isMovable(context, session)) return null;
    const snapshot = takeSnapshot(context, session);
    const { activity } = session;
    if (activity.state === 'searching') {
      context.removeSearch(activity.search);
      if (!isMatched) context.ports.matchmaker.withdraw(activity.search.ticket.id);
    }
    if (activity.state === 'restoring') context.restores.forget(activity.restore);
    if (activity.state !== 'idle') session.apply({ event: 'ended' });
    session.apply({ event: 'closed' });
    context.sessions.delete(session.id);
    context.sessionBySubject.delete(session.subject);
    context.ports.people.left(session);
    forgetConnection(context, connection);
    const { generation } = session;
    return { snapshot, generation, connection };
  }

  /** The users here who wait until a peer on another node restores their call, or a given call. */
  waiting(match: MatchId | null = null): readonly Waiting[] {
    const { restores } = this.#context;
    const waiting = match === null ? restores.allWaiting : restores.waiting(match);
    return waiting.map(({ session: { connection }, receipt: { match: id, seat } }) => {
      return { connection, match: id, seat };
    });
  }

  /** Whether this node knows that a call is over for good, so that it can't be restored. */
  isOver(match: MatchId, { monotonicMs }: Instant): boolean {
    const { restores, callDurations, calls } = this.#context;
    const hasEnded = restores.isSettled(match) || callDurations.has(match, monotonicMs);
    return hasEnded && !(calls.has(match) || restores.isAbandoned(match));
  }

  /** The peer of a user who waits here has ended the call. */
  restoreOver(match: MatchId, now: Instant): void {
    partWaiting(this.#begin(now), match);
  }

  /**
   * Takes a session that another node gave for a match or to restore a call, and whose socket is
   * there. The last session opens the call. Returns false if the match is over or no peer waits.
   */
  take(id: ConnectionId, match: MatchId, given: Given, now: Instant): boolean {
    const context = this.#begin(now);
    const isFull = context.sessions.size >= context.sessionsMax;
    if (isFull || this.#has(given.snapshot)) return false;
    const { state } = given.snapshot.activity;
    const isTaken =
      state === 'restoring' ? this.#takeRestoring(id, given) : this.#takeMatched(id, match, given);
    endOverflowed(context);
    return isTaken;
  }

  #takeRestoring(id: ConnectionId, { snapshot, generation }: Given): boolean {
    const context = this.#context;
    const { activity } = snapshot;
    const session = this.#read(snapshot, generation, id);
    const restore = activity.state === 'restoring' ? readRestore(context, session, activity) : null;
    const join = restore === null ? null : restoreGiven(context, restore.receipt);
    const mayNot = context.isAgeRefused(session) || context.standingOf(session).may !== 'meet';
    if (restore === null || join === null || mayNot) return false;
    this.#add(session, createForwarded(context, id, session.facts, { state: 'bound', session }));
    join(restore);
    return true;
  }

  #takeMatched(id: ConnectionId, match: MatchId, { snapshot, generation }: Given): boolean {
    const context = this.#context;
    const { activity } = snapshot;
    const facts = fromSocketFacts(snapshot.facts);
    const { subject } = facts;
    if (activity.state !== 'searching') return false;
    const given = { id: brandId<SessionId>(snapshot.session), subject, facts };
    const device = brandId<Session['device']>(snapshot.device);
    return matchGiven(context, match, { ...given, device }, () => {
      const session = this.#read(snapshot, generation, id);
      const search = readSearch(context, session, activity);
      if (search === null) return null;
      this.#add(session, createForwarded(context, id, facts, { state: 'bound', session }));
      session.apply({ event: 'began', activity: { state: 'searching', search } });
      context.addSearch(search);
      return search;
    });
  }

  /**
   * Continues a session on this node, which has its socket. Without a socket, the session waits
   * for a resume.
   */
  adopt(given: WithSocket<Connection | null>, now: Instant): boolean {
    const { snapshot, generation, connection } = given;
    const context = this.#begin(now);
    if (this.#has(snapshot)) return false;
    const id = connection?.id ?? brandId<ConnectionId>(NO_SOCKET);
    const session = this.#read(snapshot, generation, id);
    this.#add(session, connection);
    // This node may have read the decision before the session came.
    if (context.standingOf(session).may === 'nothing') {
      tellStanding(context, session, 'new');
      endSession(context, session, 'goes', 'sanctioned');
      return true;
    }
    this.#resumeActivity(session, snapshot.activity);
    // The user may have been refused as a minor on this node meanwhile.
    if (snapshot.age !== session.age) refuseForAge(context, session);
    if (connection === null) detachSession(context, session);
    endOverflowed(context);
    return true;
  }

  /** This node has lost contact with the other nodes. */
  fenced(now: Instant): void {
    this.#context.fence.begin(now.monotonicMs);
  }

  unfenced(now: Instant): void {
    this.#context.fence.end(now.monotonicMs);
  }

  /**
   * Keeps the user's session, of which no live node has another one. Dead nodes may have used its
   * next generations, so these are skipped.
   */
  confirmed(subject: SubjectId): void {
    const session = this.#context.sessionBySubject.get(subject);
    if (session !== undefined) session.generation += GENERATIONS_SKIPPED;
  }

  /** Ends a session of which another node has a newer one. */
  replaced(subject: SubjectId, now: Instant): void {
    const context = this.#begin(now);
    const session = context.sessionBySubject.get(subject);
    if (session !== undefined) {
      abandonCall(context, session);
      endSession(context, session, 'lost', 'replaced');
    }
    endOverflowed(context);
  }

  #begin(now: Instant): GatewayContext {
    this.#context.now = now;
    return this.#context;
  }

  #has({ session, facts }: SessionSnapshot): boolean {
    const { sessions, sessionBySubject } = this.#context;
    return (
      sessions.has(brandId<SessionId>(session)) ||
      sessionBySubject.has(brandId<SubjectId>(facts.subject))
    );
  }

  #read(snapshot: SessionSnapshot, generation: number, id: ConnectionId): Session {
    return readSession(this.#context, snapshot, generation, id);
  }

  #add(session: Session, connection: Connection | null): void {
    const context = this.#context;
    context.sessions.set(session.id, session);
    context.sessionBySubject.set(session.subject, session);
    context.ports.pairs.see(session.subject, context.now);
    session.isRead = context.ports.people.arrived(session);
    // The call's home may have died before it told the peer, who waits to restore the call then.
    if (session.endedMatch !== null) partWaiting(context, session.endedMatch);
    if (connection === null) return;
    context.connections.set(connection.id, connection);
    bind(context, connection, session);
  }

  #resumeActivity(session: Session, activity: SessionSnapshot['activity']): void {
    const context = this.#context;
    if (activity.state === 'searching') {
      const search = readSearch(context, session, activity);
      if (search === null) {
        const { clientTicket: ticket } = activity;
        send(context, session, 'ticket.refused', { ticket, reason: 'policy-changed' });
        return;
      }
      session.apply({ event: 'began', activity: { state: 'searching', search } });
      context.addSearch(search);
      const isWaiting = defer(context, session, {
        message: activity,
        handle: () => this.#searchOn(search),
        refuse: () => refuseSearch(context, session, 'server-busy'),
      });
      if (!isWaiting) this.#searchOn(search);
    } else if (activity.state === 'restoring') {
      const restore = readRestore(context, session, activity);
      const join = restore === null ? null : restoreGiven(context, restore.receipt);
      if (restore !== null && join !== null) join(restore);
      else if (restore === null || !waitForPeer(context, restore)) {
        send(context, session, 'restore.refused', { reason: 'too-late' });
      } else if (this.isOver(restore.receipt.match, context.now) || isVain(context, restore)) {
        // A decision may have come while the session moved.
        partWaiting(context, restore.receipt.match);
      }
    }
  }

  /** Submits a search that moved here, once the user's facts are read and the user has a socket. */
  #searchOn(search: Search): void {
    const { activity, connection } = search.session;
    const isOpen = activity.state === 'searching' && activity.search === search;
    if (isOpen && connection !== null) resubmitSearch(this.#context, search);
  }
}

/** Name of the socket of a session that has none. No socket has it. */
const NO_SOCKET = 'no socket';

function createForwarded(
  context: GatewayContext,
  id: ConnectionId,
  facts: Connection['facts'],
  state: Connection['state'],
  openForMs = 0,
): Connection {
  const order = ++context.opened;
  const openedAtMs = context.now.monotonicMs - openForMs;
  return { id, facts, openedAtMs, order, framesFullAtMs: 0, isForwarded: true, state };
}
