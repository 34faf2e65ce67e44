import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import { callOf, type MatchModel, type SessionModel, sidesOf } from './model.ts';

/** So many frames the node says to somebody, at most, because of one frame of the other's… */
const FRAMES_CAUSED_MAX = 2;
/** …each longer than that by so much, at most. */
const LONGER_CHARS_MAX = 1_000;

interface Owed {
  frames: number;
  chars: number;
  /** The call that it may have been told the end of; of each there is one. */
  over: MatchModel | null;
}

/**
 * What is kept for sessions that have no socket. It is seen on no socket, and nobody but the node
 * knows how much of what a page said it let through; so this counts what it may be at the most.
 * Where that is too much, the node may have ended the session and be right, or have kept it and be
 * right too.
 */
export class Backlogs {
  readonly #owed = new Map<SessionModel, Owed>();
  readonly #doubted = new Set<SessionModel>();

  clear(): void {
    this.#owed.clear();
    this.#doubted.clear();
  }

  /** A session loses its socket, or gets another: the other person is told. */
  linkChanged(session: SessionModel): void {
    this.forget(session);
    if (session.connection === null) this.#owed.set(session, { frames: 0, chars: 0, over: null });
    this.caused(session, 0);
  }

  forget(session: SessionModel): void {
    this.#owed.delete(session);
    this.#doubted.delete(session);
  }

  /** A session does something that the person across from it, if there is one, may hear of. */
  caused(by: SessionModel, chars: number): void {
    // A new page that takes up the place of the one before is heard of too.
    const call = callOf(by);
    if (this.#owed.size === 0 || call === null) return;
    const session = call[call.a?.subject === by.subject ? 'b' : 'a']?.session;
    const owed = session === undefined ? undefined : this.#owed.get(session);
    if (session === undefined || owed === undefined) return;
    owed.frames += FRAMES_CAUSED_MAX;
    owed.chars += FRAMES_CAUSED_MAX * (chars + LONGER_CHARS_MAX);
    this.#doubt(session, owed);
  }

  /** A call may be over, by the clock alone too: whoever of the two has no socket is told that once. */
  mayBeOver(match: MatchModel): void {
    for (const { session } of sidesOf(match)) {
      const owed = this.#owed.get(session);
      if (owed === undefined || owed.over === match) continue;
      owed.over = match;
      this.told(session);
    }
  }

  /** A session is told one thing more; nothing is known of its length but that it is short. */
  told(session: SessionModel): void {
    const owed = this.#owed.get(session);
    if (owed === undefined) return;
    owed.frames += 1;
    owed.chars += LONGER_CHARS_MAX;
    this.#doubt(session, owed);
  }

  #doubt(session: SessionModel, owed: Owed): void {
    const frames = session.sent - session.acknowledged + owed.frames;
    if (frames > UNACKED_FRAMES_MAX || session.sentChars + owed.chars > UNACKED_CHARS_MAX) {
      this.#doubted.add(session);
    }
  }

  /** Sessions for whom more may be kept than may be. */
  get doubted(): ReadonlySet<SessionModel> {
    return this.#doubted;
  }
}

export function countDetached(sessions: Iterable<SessionModel>): number {
  let count = 0;
  for (const { connection } of sessions) if (connection === null) count += 1;
  return count;
}
