import type { CloseReason } from '@farandole/protocol/close-codes';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { Expectation } from '../expectation.ts';
import { type Facts, isDrowned, type Session, type Socket, sidesOf } from './facts.ts';
import { Violation } from './violation.ts';

const REFUSALS: ReadonlySet<ServerMessage['type']> = new Set([
  'block.refused',
  'block.kept',
  'report.refused',
  'restore.refused',
]);
/** What a person is told of what the other did, and of nothing else. */
const OF_THE_OTHER: ReadonlySet<ServerMessage['type']> = new Set([
  'signal.offer',
  'signal.answer',
  'signal.candidate',
  'chat.typing',
  'media.updated',
]);

/** What the node says and closes while it takes one frame. */
export class Turn {
  readonly socket: Socket;
  readonly session: Session | null;
  readonly said: ServerMessage[] = [];
  closedFor: CloseReason | null = null;
  readonly #facts: Facts;
  readonly #expected: Expectation | null;

  constructor(facts: Facts, socket: Socket, expected: Expectation | null) {
    this.#facts = facts;
    this.socket = socket;
    this.session = socket.session;
    this.#expected = expected;
  }

  /** GW-2: others hear only what concerns a call with the sender of the frame. */
  says(to: Socket, message: ServerMessage): void {
    const { subject } = this.socket.ear;
    if (to === this.socket) {
      this.said.push(message);
      const isResumed = to.session?.resumedInStep === this.#facts.step;
      if (!OF_THE_OTHER.has(message.type) || isResumed) return;
      throw new Violation('I7', `${subject} is told of their own ${message.type}`);
    }
    if (to.ear.subject === subject || message.type === 'link.ack') return;
    const match = 'match' in message ? this.#facts.matches.get(message.match) : undefined;
    if (match !== undefined && sidesOf(match).some((side) => side.subject === subject)) return;
    throw new Violation(
      'GW-2',
      `${to.ear.subject} is told ${message.type} for a frame of ${subject}`,
    );
  }

  /** GW-2: a frame closes no socket of anybody else. */
  closes(socket: Socket, reason: CloseReason): void {
    if (socket === this.socket) this.closedFor = reason;
    const isOwn = socket.ear.subject === this.socket.ear.subject;
    // Who takes nothing is ended by the first frame that is too much.
    const isFull = reason === 'slow-consumer' && socket.session && isDrowned(socket.session);
    if (isOwn || isFull) return;
    throw new Violation('GW-2', `${socket.ear.subject} is closed for a frame of another`);
  }

  isRefused(): boolean {
    return this.said.some(({ type }) => REFUSALS.has(type));
  }

  /** What had to come of the frame did. Who is too fast or sanctioned may be closed instead. */
  check(): void {
    const { closedFor } = this;
    const expected = this.#expected;
    if (expected === null || closedFor === 'too-fast' || closedFor === 'sanctioned') return;
    const others = this.said.filter(({ type }) => type !== 'link.ack');
    const came = {
      close: closedFor !== null && (expected.reasons ?? []).includes(closedFor),
      silence: closedFor === null && others.length === 0,
      refusal: this.isRefused(),
    }[expected.kind];
    if (came) return;
    const said = closedFor ?? (others.map(({ type }) => type).join(', ') || 'nothing');
    const { subject } = this.socket.ear;
    throw new Violation(expected.breaks, `${subject} expects ${expected.kind}, and ${said} came`);
  }
}

/** GW-10, GW-11: a ticket opens one session, a resume takes up one's own. */
export class Entry {
  readonly #facts: Facts;
  readonly #minted = new Map<string, { readonly subject: string; readonly atWallMs: number }>();
  #used = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  mint(session: string, subject: string, wallMs: number): void {
    this.#minted.set(session, { subject, atWallMs: wallMs });
  }

  nodeStarts(): void {
    this.#used = new Set();
  }

  checkOpened({ ear: { subject } }: Socket, session: string): void {
    const minted = this.#minted.get(session);
    if (minted?.subject !== subject) {
      throw new Violation('GW-11', `${subject} opens a session by the ticket of another`);
    }
    if (this.#facts.wallMs - minted.atWallMs >= SESSION_TICKET_LIFETIME_MS) {
      throw new Violation('GW-11', `${subject} opens a session by a ticket that is too old`);
    }
    if (this.#used.has(session)) throw new Violation('GW-11', `${subject} uses a ticket twice`);
    this.#used.add(session);
  }

  checkResumed(
    socket: Socket,
    { session: id, received }: ServerMessageOf<'session.resumed'>,
  ): Session {
    const session = this.#facts.sessions.get(id);
    if (session === undefined) throw new Violation('I4', `${id} is over, and is resumed`);
    const { subject, deviceKey } = socket.ear;
    const resume = socket.hello?.resume;
    const isOwn = session.subject === subject && session.deviceKey === deviceKey;
    if (!isOwn || resume?.secret !== session.secret) {
      throw new Violation('GW-10', `the session of ${session.subject} is given to another`);
    }
    const { sent, acknowledged, taken } = session;
    if (resume.received > sent || resume.received < acknowledged) {
      throw new Violation('I6', `${subject} resumes after ${resume.received} of ${sent}`);
    }
    if (received !== taken) throw new Violation('I6', `${received} frames taken, not ${taken}`);
    return session;
  }
}
