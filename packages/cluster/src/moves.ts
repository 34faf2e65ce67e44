import type { Instant } from '@farandole/kernel/clock';
import { brandId, type ConnectionId, type NodeId, type SubjectId } from '@farandole/kernel/id';
import { NODE_MESSAGE_VERSION, type NodeMessageOf } from '@farandole/protocol/node-message';
import { HomeSockets } from './home-sockets.ts';
import {
  GIVEN_LATELY_MS,
  MOVE_ASKED_EVERY_MS,
  MOVE_REMEMBERED_MS,
  TAKEN_UNSURE_MS,
} from './limits.ts';
import type { NodeChannel } from './node-channel.ts';

export type SessionMove = NodeMessageOf<'session.move'>;

export type HeldSession = NonNullable<NodeMessageOf<'who.subject'>['own']>;

export type MoveMessage =
  | SessionMove
  | NodeMessageOf<'session.taken'>
  | NodeMessageOf<'session.refused'>
  | NodeMessageOf<'session.have'>;

/** The node's sessions, as the moves change them. */
export interface MoveHost {
  /**
   * Takes a session that another node gives, and returns whether this node is its home now. This
   * is the commit: a match opens its call inside.
   */
  accept(from: NodeId, move: SessionMove, now: Instant): boolean;
  /** Another node is the home of a session that this node gave. */
  taken(move: SessionMove, home: NodeId, now: Instant): void;
  /** This node is again the home of a session that it gave to a node, under a new generation. */
  tookBack(move: SessionMove, taker: NodeId, generation: number, now: Instant): void;
}

interface InDoubt {
  readonly move: SessionMove;
  readonly to: NodeId;
  askAtMonotonicMs: number;
}

interface Note {
  readonly wasTaken: boolean;
  readonly untilMonotonicMs: number;
}

interface Unconfirmed {
  readonly subject: SubjectId;
  readonly untilMonotonicMs: number;
}

interface Remembered {
  readonly generation: number;
  readonly untilMonotonicMs: number;
}

/**
 * Moves sessions between nodes so that exactly one node is a session's home. Each attempt has its
 * own generation. The giver is *in doubt* until the taker answers, and takes the session back if
 * the taker refuses or is dead. An answer is a promise: the taker repeats it for
 * `MOVE_REMEMBERED_MS` and never accepts a generation that it refused.
 */
export class Moves {
  readonly #channel: Pick<NodeChannel, 'send' | 'members' | 'isFenced'>;
  readonly #host: MoveHost;
  readonly #inDoubt = new Map<string, InDoubt>();
  /** Answers by session and generation, oldest first. */
  readonly #notes = new Map<string, Note>();
  /** Sessions that other nodes took lately, by user, oldest first. */
  readonly #givenLately = new Map<string, Remembered>();
  /** The newest generation of each session that moved here, away or back lately, oldest first. */
  readonly #newest = new Map<string, Remembered>();
  /** Users of taken sessions whose givers may not know it yet, by socket, oldest first. */
  readonly #unconfirmed = new Map<ConnectionId, Unconfirmed>();
  #given = 0;
  #returned = 0;

  constructor(channel: Pick<NodeChannel, 'send' | 'members' | 'isFenced'>, host: MoveHost) {
    this.#channel = channel;
    this.#host = host;
  }

  /** What is kept now, and how many sessions other nodes took or this node took back so far. */
  get sizes(): Readonly<Record<'inDoubt' | 'notes' | 'given' | 'returned', number>> {
    const counts = { given: this.#given, returned: this.#returned };
    return { inDoubt: this.#inDoubt.size, notes: this.#notes.size, ...counts };
  }

  isInDoubt(session: string): boolean {
    return this.#inDoubt.has(session);
  }

  isSubjectInDoubt(subject: string): boolean {
    for (const { move } of this.#inDoubt.values()) {
      if (move.snapshot.facts.subject === subject) return true;
    }
    return false;
  }

  /**
   * Returns the generation under which another node took the user's session so lately that it may
   * have been asked about the user before. Null otherwise.
   */
  givenLately(subject: string, now: Instant): number | null {
    const given = this.#givenLately.get(subject);
    return given !== undefined && now.monotonicMs < given.untilMonotonicMs
      ? given.generation
      : null;
  }

  /** The giver of a session with this socket knows that this node took it. */
  confirmed(socket: ConnectionId): void {
    this.#unconfirmed.delete(socket);
  }

  /** Users whose sessions this node took within `TAKEN_UNSURE_MS`, perhaps unknown to the givers. */
  unconfirmed(now: Instant): readonly SubjectId[] {
    const unconfirmed = [...this.#unconfirmed.values()];
    return unconfirmed
      .filter(({ untilMonotonicMs }) => now.monotonicMs < untilMonotonicMs)
      .map(({ subject }) => subject);
  }

  /**
   * Returns the newest generation of another node's session, if that node has it only under an
   * earlier one. Null if this node knows of none.
   */
  newerThan({ session, generation }: HeldSession, now: Instant): number | null {
    const newest = this.#newest.get(session);
    const isKnown = newest !== undefined && now.monotonicMs < newest.untilMonotonicMs;
    return isKnown && newest.generation > generation ? newest.generation : null;
  }

  /** Whether a session can be given to a node now. */
  canGive(to: NodeId, now: Instant): boolean {
    return !this.#channel.isFenced(now) && this.#channel.members().has(to);
  }

  /**
   * Gives a session away. Afterwards the caller must not act for it.
   *
   * @returns false if the other node isn't a live member. Nothing is sent then, because a node that
   * was never seen alive can't be seen to die
   */
  begin(to: NodeId, move: SessionMove, now: Instant): boolean {
    if (!this.canGive(to, now)) return false;
    const askAtMonotonicMs = now.monotonicMs + MOVE_ASKED_EVERY_MS;
    this.#inDoubt.set(move.session, { move, to, askAtMonotonicMs });
    this.#channel.send(to, move);
    return true;
  }

  receive(from: NodeId, message: MoveMessage, now: Instant): void {
    switch (message.type) {
      case 'session.move':
        this.#answer(from, message, () => this.#accepts(from, message, now), now);
        return;
      case 'session.have':
        this.#answer(from, message, () => false, now);
        return;
      case 'session.taken':
      case 'session.refused':
        this.#settle(from, message, now);
    }
  }

  /**
   * Takes back the sessions that were given to a dead node. A session that the dead node fetched is
   * lost, because the dead node had the session's socket.
   */
  memberGone(node: NodeId, now: Instant): void {
    for (const open of [...this.#inDoubt.values()]) {
      if (open.to !== node) continue;
      if (open.move.match === null) this.#inDoubt.delete(open.move.session);
      else this.#takeBack(open, now);
    }
  }

  /**
   * Called when this node has completed no beat for too long. Gives up all sessions in doubt and
   * returns them: the takers may have taken them, and may pass them on or die while this node hears
   * nothing.
   */
  fenced(): readonly string[] {
    const sessions = [...this.#inDoubt.keys()];
    this.#inDoubt.clear();
    return sessions;
  }

  tick(now: Instant): void {
    forgetOld(this.#notes, now);
    forgetOld(this.#givenLately, now);
    forgetOld(this.#newest, now);
    forgetOld(this.#unconfirmed, now);
    if (this.#channel.isFenced(now)) return;
    for (const each of [...this.#inDoubt.values()]) {
      if (now.monotonicMs < each.askAtMonotonicMs) continue;
      each.askAtMonotonicMs = now.monotonicMs + MOVE_ASKED_EVERY_MS;
      const { session, generation } = each.move;
      const v = NODE_MESSAGE_VERSION;
      this.#channel.send(each.to, { type: 'session.have', v, session, generation });
    }
  }

  /** A fenced node accepts nothing, because the giver may count it as dead. */
  #accepts(from: NodeId, move: SessionMove, now: Instant): boolean {
    if (this.#channel.isFenced(now) || !this.#host.accept(from, move, now)) return false;
    if (move.socket !== null) {
      const subject = brandId<SubjectId>(move.snapshot.facts.subject);
      const untilMonotonicMs = now.monotonicMs + TAKEN_UNSURE_MS;
      remember(this.#unconfirmed, HomeSockets.idOf(from, move.socket), {
        subject,
        untilMonotonicMs,
      });
    }
    return true;
  }

  #answer(
    from: NodeId,
    attempt: { readonly session: string; readonly generation: number },
    decide: () => boolean,
    now: Instant,
  ): void {
    const { session, generation } = attempt;
    const key = `${session} ${generation}`;
    const wasTaken = this.#notes.get(key)?.wasTaken ?? decide();
    if (wasTaken) this.#moved(session, generation, now);
    this.#notes.delete(key);
    const untilMonotonicMs = now.monotonicMs + MOVE_REMEMBERED_MS;
    this.#notes.set(key, { wasTaken, untilMonotonicMs });
    const type = wasTaken ? 'session.taken' : 'session.refused';
    this.#channel.send(from, { type, v: NODE_MESSAGE_VERSION, session, generation });
  }

  #settle(from: NodeId, answer: Exclude<MoveMessage, SessionMove>, now: Instant): void {
    const open = this.#inDoubt.get(answer.session);
    if (open?.move.generation !== answer.generation || open.to !== from) return;
    if (answer.type === 'session.refused') {
      this.#takeBack(open, now);
      return;
    }
    this.#inDoubt.delete(answer.session);
    this.#given += 1;
    const { session, generation, snapshot } = open.move;
    this.#moved(session, generation, now);
    const untilMonotonicMs = now.monotonicMs + GIVEN_LATELY_MS;
    remember(this.#givenLately, snapshot.facts.subject, { generation, untilMonotonicMs });
    this.#host.taken(open.move, from, now);
  }

  #takeBack({ move, to }: InDoubt, now: Instant): void {
    this.#inDoubt.delete(move.session);
    this.#returned += 1;
    const generation = move.generation + 1;
    this.#moved(move.session, generation, now);
    this.#host.tookBack(move, to, generation, now);
  }

  #moved(session: string, generation: number, now: Instant): void {
    const newest = Math.max(generation, this.#newest.get(session)?.generation ?? 0);
    const untilMonotonicMs = now.monotonicMs + MOVE_REMEMBERED_MS;
    remember(this.#newest, session, { generation: newest, untilMonotonicMs });
  }
}

/** Sets an entry and makes it the newest one. */
function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
}

/** Deletes the entries whose time is over. The map has its oldest entries first. */
function forgetOld<K>(
  map: Map<K, { readonly untilMonotonicMs: number }>,
  { monotonicMs }: Instant,
): void {
  for (const [key, { untilMonotonicMs }] of map) {
    if (monotonicMs < untilMonotonicMs) return;
    map.delete(key);
  }
}
