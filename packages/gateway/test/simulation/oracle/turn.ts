import type { CloseReason } from '@farandole/protocol/close-codes';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { Expectation } from './expectation.ts';
import { sidesOf } from './model.ts';
import type { Oracle } from './oracle.ts';
import { isDrowned } from './session-frames.ts';
import { Violation } from './violation.ts';

const REFUSALS: ReadonlySet<ServerMessage['type']> = new Set([
  'block.refused',
  'block.kept',
  'report.refused',
  'restore.refused',
]);

/** What somebody hears of for what the person across did, and for nothing else. */
const OF_THE_OTHER: ReadonlySet<ServerMessage['type']> = new Set([
  'signal.offer',
  'signal.answer',
  'signal.candidate',
  'chat.typing',
  'media.updated',
]);

/**
 * GW-2: the turn in which the node takes one frame. Whatever was in it, it may end the speaker's
 * own session, and be heard of by those who share a call with the speaker; nobody else notices.
 */
export class Turn {
  readonly #oracle: Oracle;
  #speaker: string | null = null;
  #subject = '';
  #expected: Expectation | null = null;
  #closedFor: CloseReason | null = null;
  readonly #said: ServerMessage['type'][] = [];

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  begin(connection: string, subject: string, expected: Expectation | null): void {
    this.#speaker = connection;
    this.#subject = subject;
    this.#expected = expected;
    this.#closedFor = null;
    this.#said.length = 0;
  }

  end(): void {
    const expected = this.#expected;
    this.#speaker = null;
    // Who is too fast, or kept out, may hear of that first; that they are is looked at elsewhere.
    const isElse = this.#closedFor === 'too-fast' || this.#closedFor === 'sanctioned';
    if (expected !== null && !isElse) this.#check(expected);
  }

  says(connection: string, message: ServerMessage): void {
    if (this.#speaker === null) return;
    if (this.#expected !== null) this.#said.push(message.type);
    if (connection === this.#speaker) {
      this.#checkEcho(message.type);
      return;
    }
    const { subject } = this.#oracle.sockets.of(connection).ear;
    // That their own frames were taken may be told along with anything.
    if (subject === this.#subject || message.type === 'link.ack') return;
    const match = 'match' in message ? this.#oracle.model.matches.get(message.match) : undefined;
    if (match !== undefined && sidesOf(match).some((side) => side.subject === this.#subject))
      return;
    throw new Violation(
      'GW-2',
      `${subject} is told ${message.type} for a frame of ${this.#subject}`,
    );
  }

  closes(connection: string, reason: CloseReason): void {
    if (this.#speaker === null) return;
    if (connection === this.#speaker) {
      this.#closedFor = reason;
      return;
    }
    const { subject } = this.#oracle.sockets.of(connection).ear;
    if (subject === this.#subject) return;
    // Who takes nothing is ended by the first that is too much, whoever says it.
    const session = this.#oracle.model.byConnection.get(connection);
    if (reason === 'slow-consumer' && session !== undefined && isDrowned(session)) return;
    throw new Violation('GW-2', `${subject} is closed (${reason}) for a frame of ${this.#subject}`);
  }

  /** I7: what one side does is told to the other; to itself only what it missed. */
  #checkEcho(type: ServerMessage['type']): void {
    if (!OF_THE_OTHER.has(type) || this.#speaker === null) return;
    const session = this.#oracle.model.byConnection.get(this.#speaker);
    if (session?.resumedInStep === this.#oracle.step) return;
    throw new Violation('I7', `${this.#subject} is told of their own ${type}`);
  }

  #check(expected: Expectation): void {
    const came = this.#closedFor ?? (this.#said.join(', ') || 'nothing');
    const fails = (): Violation =>
      new Violation(
        expected.breaks,
        `a frame of ${this.#subject} was to be met with ${expected.kind}, and ${came} came`,
      );
    switch (expected.kind) {
      case 'close':
        if (this.#closedFor === null || !expected.reasons.includes(this.#closedFor)) throw fails();
        return;
      case 'silence':
        if (this.#closedFor !== null || this.#said.some((type) => type !== 'link.ack'))
          throw fails();
        return;
      case 'refusal':
        if (!this.#said.some((type) => REFUSALS.has(type))) throw fails();
    }
  }
}
