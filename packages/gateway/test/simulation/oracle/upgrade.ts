import type { CloseReason } from '@farandole/protocol/close-codes';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { Expectation } from '../expectation.ts';
import { type Facts, isOverflowed, type Socket } from './facts.ts';
import { check } from './violation.ts';

const REFUSALS = /^(block\.refused|block\.kept|report\.refused|restore\.refused)$/;
/** Sent to a person only because the other person did something. */
const OF_THE_OTHER = /^(signal\.(offer|answer|candidate)|chat\.typing|media\.updated)$/;

/** What the node sends and closes while it handles one frame. */
export class Upgrade {
  readonly #socket: Socket;
  readonly sent: ServerMessage[] = [];
  closedFor: CloseReason | null = null;
  readonly #facts: Facts;
  readonly #expected: Expectation | null;

  constructor(facts: Facts, socket: Socket, expected: Expectation | null) {
    this.#facts = facts;
    this.#socket = socket;
    this.#expected = expected;
  }

  sends(to: Socket, message: ServerMessage): void {
    if (to !== this.#socket) return;
    this.sent.push(message);
    const isResumed = to.session?.resumedInStep === this.#facts.step;
    const isOwn = OF_THE_OTHER.test(message.type) && !isResumed;
    check(!isOwn, 'I7', `${to.log.subject} receives their own ${message.type}`);
  }

  /** GW-2: a frame closes no socket of another person. */
  closes(socket: Socket, reason: CloseReason): void {
    if (socket === this.#socket) this.closedFor = reason;
    const { subject } = socket.log;
    // A client that reads nothing is closed by the first frame beyond its limit.
    const isFull = reason === 'slow-consumer' && socket.session && isOverflowed(socket.session);
    const isOwn = subject === this.#socket.log.subject;
    check(isOwn || isFull === true, 'GW-2', `${subject} is closed for a frame of another`);
  }

  isRefused(): boolean {
    return this.sent.some(({ type }) => REFUSALS.test(type));
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
    const sent = closedFor ?? (others.map(({ type }) => type).join(', ') || 'nothing');
    const { subject } = this.#socket.log;
    check(came, expected.breaks, `${subject} expects ${expected.kind}, and ${sent} came`);
  }
}
