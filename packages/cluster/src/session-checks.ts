import type { Instant } from '@farandole/kernel/clock';
import type { NodeId, SubjectId } from '@farandole/kernel/id';
import type { Questions } from './questions.ts';

/** Number of users about whom this node asks per tick. */
const CHECKED_PER_TICK = 50;
/** Begin of the rank of a check. It is smaller than the rank of each hello, which has the time. */
const CHECK = '0/';

/** The sessions of this node, as the checks read and end them. */
export interface CheckedSessions {
  sessionOf(subject: SubjectId): {
    readonly id: string;
    readonly generation: number;
    /** Null if the session has no socket. */
    readonly connection: string | null;
  } | null;
  /** No live node has another session of the user. */
  confirmed(subject: SubjectId): void;
  /** Ends a session of which another node has a newer one. */
  replaced(subject: SubjectId, now: Instant): void;
}

/**
 * Finds users with a session on this node who may have a session on another node too, because they
 * may have opened one while this node was fenced. Ends the session of this node if so.
 */
export class SessionChecks {
  readonly #node: NodeId;
  readonly #questions: Pick<Questions, 'ask'>;
  readonly #sessions: () => CheckedSessions;
  /** Users who aren't checked yet, in the order in which they were added, with their ranks. */
  readonly #unchecked = new Map<SubjectId, string>();
  /** Those of `#unchecked` about whom this node asks. */
  readonly #asked = new Set<SubjectId>();
  /** Users whose sessions moved here, while the givers may have taken them back. */
  readonly #doubtful = new Set<SubjectId>();

  constructor(node: NodeId, questions: Pick<Questions, 'ask'>, sessions: () => CheckedSessions) {
    this.#node = node;
    this.#questions = questions;
    this.#sessions = sessions;
  }

  add(subjects: readonly SubjectId[]): void {
    for (const subject of subjects) {
      if (this.#unchecked.has(subject)) continue;
      const isConnected = (this.#sessions().sessionOf(subject)?.connection ?? null) !== null;
      this.#unchecked.set(subject, `${CHECK}${isConnected ? 1 : 0}/${this.#node}`);
    }
  }

  /** Called with users whom this node doesn't serve until they are checked. */
  doubt(subjects: readonly SubjectId[]): void {
    for (const subject of subjects) this.#doubtful.add(subject);
  }

  doubts(subject: SubjectId): boolean {
    return this.#doubtful.has(subject);
  }

  /**
   * Whether a user still waits for the check. Until then the user's session must not move: the node
   * with the other session and the next node would both keep one.
   */
  has(subject: SubjectId): boolean {
    return this.#unchecked.has(subject);
  }

  /**
   * Whether another node that asks checks the same user and keeps its session. Otherwise both nodes
   * would end theirs.
   */
  yields(subject: SubjectId, rank: string): boolean {
    const own = this.#unchecked.get(subject);
    return own !== undefined && rank.startsWith(CHECK) && rank > own;
  }

  /** Asks about some of the users. Called only while all live members are known. */
  tick(now: Instant): void {
    if (this.#unchecked.size === 0) this.#doubtful.clear();
    let left = CHECKED_PER_TICK;
    for (const [subject, rank] of [...this.#unchecked]) {
      if (left === 0) return;
      if (this.#asked.has(subject)) continue;
      left -= 1;
      const session = this.#sessions().sessionOf(subject);
      if (session === null) this.#unchecked.delete(subject);
      else this.#ask(subject, rank, session, now);
    }
  }

  #ask(
    subject: SubjectId,
    rank: string,
    { id: session, generation }: { readonly id: string; readonly generation: number },
    now: Instant,
  ): void {
    this.#asked.add(subject);
    this.#questions.ask(
      {
        subject,
        rank,
        own: { session, generation },
        done: (verdict, at) => {
          this.#asked.delete(subject);
          if (verdict.has === 'retry') return;
          this.#unchecked.delete(subject);
          this.#doubtful.delete(subject);
          if (verdict.has === 'session') this.#sessions().replaced(subject, at);
          else this.#sessions().confirmed(subject);
        },
      },
      now,
    );
  }
}
