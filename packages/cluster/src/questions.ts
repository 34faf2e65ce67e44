import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import { NODE_MESSAGE_VERSION, type NodeMessageOf } from '@farandole/protocol/node-message';
import { QUESTION_REPEATED_EVERY_MS } from './limits.ts';
import type { HeldSession } from './moves.ts';
import type { NodeChannel } from './node-channel.ts';

type Answer = NodeMessageOf<'who.answer'>;

/** What all other nodes know about a user. */
export type Verdict =
  | { readonly has: 'nothing' }
  | { readonly has: 'session'; readonly node: NodeId; readonly generation: number }
  /** The question can't be answered now, or another socket of the user won. */
  | { readonly has: 'retry' };

export interface Asked {
  readonly subject: string;
  /** Orders concurrent questions about one user. The largest one wins. */
  readonly rank: string;
  /** This node's session of the user. */
  readonly own?: HeldSession;
  done(verdict: Verdict, now: Instant): void;
}

interface Open extends Asked {
  readonly id: string;
  readonly waitsFor: Set<NodeId>;
  best: { readonly node: NodeId; readonly generation: number } | null;
  /** Generation under which the session moves; 0 if it doesn't, infinite if nobody knows it. */
  movingGeneration: number;
  askAtMonotonicMs: number;
}

/**
 * Asks all other nodes whether they have a session of a user. A round is complete when every live
 * member has answered, so that no session is overlooked. An incomplete round is asked again.
 */
export class Questions {
  readonly #channel: NodeChannel;
  readonly #node: NodeId;
  readonly #mint: () => string;
  readonly #open = new Map<string, Open>();
  /** The same questions by user, because thousands are open after a node died. */
  readonly #bySubject = new Map<string, Open>();

  constructor(channel: NodeChannel, node: NodeId, mint: () => string) {
    this.#channel = channel;
    this.#node = node;
    this.#mint = mint;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Asks about a user. Ends an earlier question of this node about the same user. */
  ask(asked: Asked, now: Instant): void {
    const earlier = this.#bySubject.get(asked.subject);
    if (earlier !== undefined) this.#end(earlier, { has: 'retry' }, now);
    const open: Open = {
      ...asked,
      id: this.#mint(),
      ...{ waitsFor: new Set<NodeId>(), best: null, movingGeneration: 0, askAtMonotonicMs: 0 },
    };
    this.#open.set(open.id, open);
    this.#bySubject.set(open.subject, open);
    this.#begin(open, now);
  }

  /**
   * Whether the asker of a question must give up, because a question of this node about the same
   * user has a larger rank. Ends the question of this node if it has a smaller one.
   */
  yields({ subject, rank }: NodeMessageOf<'who.subject'>, now: Instant): boolean {
    const open = this.#bySubject.get(subject);
    if (open === undefined) return false;
    if (open.rank > rank) return true;
    this.#end(open, { has: 'retry' }, now);
    return false;
  }

  answered(from: NodeId, { question, has, generation }: Answer, now: Instant): void {
    const open = this.#open.get(question);
    if (open === undefined || !open.waitsFor.delete(from)) return;
    if (has === 'yields') {
      this.#end(open, { has: 'retry' }, now);
      return;
    }
    if (has === 'newer') {
      this.#end(open, { has: 'session', node: from, generation }, now);
      return;
    }
    if (has === 'later') {
      const moving = generation === 0 ? Number.POSITIVE_INFINITY : generation;
      open.movingGeneration = Math.max(open.movingGeneration, moving);
    }
    const isLargest = open.best === null || generation > open.best.generation;
    if (has === 'session' && isLargest) open.best = { node: from, generation };
    this.#settle(open, now);
  }

  /** A dead node needs no longer answer. */
  memberGone(node: NodeId, now: Instant): void {
    for (const open of [...this.#open.values()]) {
      if (open.best?.node === node) open.best = null;
      if (open.waitsFor.delete(node)) this.#settle(open, now);
    }
  }

  /** A fenced node can't know which nodes live, so all its questions must be asked again. */
  fenced(now: Instant): void {
    for (const open of [...this.#open.values()]) this.#end(open, { has: 'retry' }, now);
  }

  /** Repeats the questions that aren't answered completely. */
  tick(now: Instant): void {
    for (const open of [...this.#open.values()]) {
      if (now.monotonicMs >= open.askAtMonotonicMs) this.#begin(open, now);
    }
  }

  #begin(open: Open, now: Instant): void {
    if (this.#channel.isFenced(now)) {
      this.#end(open, { has: 'retry' }, now);
      return;
    }
    open.askAtMonotonicMs = now.monotonicMs + QUESTION_REPEATED_EVERY_MS;
    open.best = null;
    open.movingGeneration = 0;
    open.waitsFor.clear();
    for (const node of this.#channel.members().keys()) {
      if (node !== this.#node) open.waitsFor.add(node);
    }
    if (open.waitsFor.size === 0) {
      this.#settle(open, now);
      return;
    }
    const { id: question, subject, rank, own } = open;
    const about = { v: NODE_MESSAGE_VERSION, question, subject, rank } as const;
    this.#channel.broadcast({ type: 'who.subject', ...about, ...(own && { own }) });
  }

  #settle(open: Open, now: Instant): void {
    // While the session moves, the question is asked again at its next time.
    const isMoving = open.movingGeneration > (open.best?.generation ?? 0);
    if (open.waitsFor.size > 0 || isMoving) return;
    this.#end(
      open,
      open.best === null ? { has: 'nothing' } : { has: 'session', ...open.best },
      now,
    );
  }

  #end(open: Open, verdict: Verdict, now: Instant): void {
    if (!this.#open.delete(open.id)) return;
    this.#bySubject.delete(open.subject);
    open.done(verdict, now);
  }
}
