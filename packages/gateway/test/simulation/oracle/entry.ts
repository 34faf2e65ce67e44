import type { CloseReason } from '@farandole/protocol/close-codes';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { Expectation } from '../expectation.ts';
import { type Facts, isOverflowed, type Session, type Socket, sidesOf } from './facts.ts';
import { Violation } from './violation.ts';

const REFUSALS: ReadonlySet<string> = new Set([
  'block.refused',
  'block.kept',
  'report.refused',
  'restore.refused',
]);
/** Sent to a person only because the other person did something. */
const OF_THE_OTHER: ReadonlySet<string> = new Set([
  'signal.offer',
  'signal.answer',
  'signal.candidate',
  'chat.typing',
  'media.updated',
]);

/** What the node sends and closes while it handles one frame. */
export class Turn {
  readonly socket: Socket;
  readonly session: Session | null;
  readonly sent: ServerMessage[] = [];
  closedFor: CloseReason | null = null;
  readonly #facts: Facts;
  readonly #expected: Expectation | null;

  constructor(facts: Facts, socket: Socket, expected: Expectation | null) {
    this.#facts = facts;
    this.socket = socket;
    this.session = socket.session;
    this.#expected = expected;
  }

  /** GW-2: others receive only what concerns a call with the sender of the frame. */
  sends(to: Socket, message: ServerMessage): void {
    const { subject } = this.socket.log;
    if (to === this.socket) {
      this.sent.push(message);
      const isResumed = to.session?.resumedInStep === this.#facts.step;
      if (!OF_THE_OTHER.has(message.type) || isResumed) return;
      throw new Violation('I7', `${subject} receives their own ${message.type}`);
    }
    const { subject: other } = to.log;
    if (other === subject || message.type === 'link.ack') return;
    const match = 'match' in message ? this.#facts.matches.get(message.match) : undefined;
    if (match && sidesOf(match).some(({ session }) => session.subject === subject)) return;
    throw new Violation('GW-2', `${other} receives ${message.type} for a frame of ${subject}`);
  }

  /** GW-2: a frame closes no socket of another person. */
  closes(socket: Socket, reason: CloseReason): void {
    if (socket === this.socket) this.closedFor = reason;
    const isOwn = socket.log.subject === this.socket.log.subject;
    // A client that reads nothing is closed by the first frame beyond its limit.
    const isFull = reason === 'slow-consumer' && socket.session && isOverflowed(socket.session);
    if (isOwn || isFull) return;
    throw new Violation('GW-2', `${socket.log.subject} is closed for a frame of another`);
  }

  isRefused(): boolean {
    return this.sent.some(({ type }) => REFUSALS.has(type));
  }

  /** The frame had its expected outcome. A client over its limit, or sanctioned, may be closed. */
  check(): void {
    const { closedFor } = this;
    const expected = this.#expected;
    if (expected === null || closedFor === 'too-fast' || closedFor === 'sanctioned') return;
    const others = this.sent.filter(({ type }) => type !== 'link.ack');
    const came = {
      close: closedFor !== null && (expected.reasons ?? []).includes(closedFor),
      silence: closedFor === null && others.length === 0,
      refusal: this.isRefused(),
    }[expected.kind];
    if (came) return;
    const sent = closedFor ?? (others.map(({ type }) => type).join(', ') || 'nothing');
    const { subject } = this.socket.log;
    throw new Violation(expected.breaks, `${subject} expects ${expected.kind}, and ${sent} came`);
  }
}

/** GW-10, GW-11: a ticket opens one session; a resume takes up a session of the same person. */
export class Entry {
  readonly #facts: Facts;
  readonly #minted = new Map<string, { readonly subject: string; readonly atWallMs: number }>();
  readonly #used = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  mint(session: string, subject: string, wallMs: number): void {
    this.#minted.set(session, { subject, atWallMs: wallMs });
  }

  nodeStarts(): void {
    this.#used.clear();
  }

  checkOpened({ log: { subject } }: Socket, session: string): void {
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

  checkResumed(socket: Socket, message: ServerMessageOf<'session.resumed'>): Session {
    const session = this.#facts.sessions.get(message.session);
    if (session === undefined) throw new Violation('I4', `${message.session} is over, and resumes`);
    const { subject, deviceKey } = socket.log;
    const resume = socket.hello?.resume;
    const isOwn = session.subject === subject && session.deviceKey === deviceKey;
    if (!isOwn || resume?.secret !== session.secret) {
      throw new Violation('GW-10', `the session of ${session.subject} is given to another`);
    }
    const { sent, acknowledged, taken } = session;
    if (resume.received > sent || resume.received < acknowledged || message.received !== taken) {
      const counts = `${resume.received} of ${sent}, ${message.received} of ${taken}`;
      throw new Violation('I6', `${subject} resumes after ${counts}`);
    }
    return session;
  }
}
