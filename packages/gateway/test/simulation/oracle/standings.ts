import type { Decided } from '../desk.ts';
import type { ClientAddress } from '../rules.ts';
import { callOf, type Facts, type Match, type Session, type Socket, sidesOf } from './facts.ts';
import { check } from './violation.ts';

interface Identity {
  readonly subject: string;
  readonly deviceKey: string;
  readonly place: ClientAddress;
}

/** I9: a sanction holds in the turn in which the node hears of it, and on each socket after that. */
export class Standings {
  readonly #facts: Facts;
  readonly #decided = new Set<Decided>();
  readonly #changed = new Set<Session>();
  /** Video calls that ended because one person may only write. */
  keptToText = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  change(decided: Decided, change: 'begins' | 'ends'): void {
    if (change === 'begins') this.#decided.add(decided);
    else this.#decided.delete(decided);
    for (const session of [...this.#facts.sessions.values()]) {
      if (concerns(decided, session)) this.#enforce(session);
    }
  }

  entered(session: Session, isNew: boolean): void {
    const may = this.mayOf(session);
    check(may !== 'nothing', 'I9', `${session.subject} may do nothing, and is let in`);
    if (!isNew) this.#enforce(session);
  }

  mayOf(identity: Identity): 'meet' | Decided['may'] {
    const may = [...this.#decided].filter((each) => concerns(each, identity));
    return may.some((each) => each.may === 'nothing') ? 'nothing' : (may[0]?.may ?? 'meet');
  }

  mayBeIn(identity: Identity, mode: string): boolean {
    const may = this.mayOf(identity);
    return may === 'meet' || (may === 'text' && mode === 'text');
  }

  checkClosed({ log: { subject, deviceKey }, place }: Socket): void {
    const may = this.mayOf({ subject, deviceKey, place });
    check(may === 'nothing', 'I9', `${subject} is closed as sanctioned, and no decision says so`);
  }

  checkMayRestore(session: Session): void {
    const may = this.mayOf(session) === 'meet' || session.resumedInStep === this.#facts.step;
    check(may, 'I9', `${session.subject} may only write, and is brought back`);
  }

  checkCall(match: Match, isVideoOffered = false): void {
    const mode = isVideoOffered ? 'video' : match.mode;
    for (const { session } of sidesOf(match)) {
      const may = this.mayBeIn(session, mode);
      check(may, 'I9', `${session.subject} may not be in a call by ${mode}`);
    }
  }

  endStep(): void {
    for (const session of this.#changed) this.checkSession(session);
    this.#changed.clear();
  }

  /** An attached session does nothing that its person may not do. */
  checkSession(session: Session): void {
    const { subject, socket, search, restoring, isOpen } = session;
    const may = this.mayOf(session);
    if (!isOpen || may === 'meet') return;
    check(may !== 'nothing', 'I9', `${subject} may do nothing, and is there`);
    if (socket === null) return;
    const does =
      search?.wish.mode === 'video' || callOf(session)?.mode === 'video' || restoring !== null;
    check(!does, 'I9', `${subject} may only write, and does more`);
  }

  /** Records what must happen in this step because of a decision. */
  #enforce(session: Session): void {
    const may = this.mayOf(session);
    if (may === 'meet') return;
    if (session.socket !== null) this.#changed.add(session);
    else if (may === 'nothing') this.#facts.closeSession(session);
    const call = callOf(session);
    if (may === 'text' && call?.mode === 'video') {
      this.keptToText += 1;
      this.#facts.mustEndNow(call);
    }
    // A detached session hears of the end later.
    if (session.socket === null && session.search?.wish.mode === 'video') session.search = null;
  }
}

function concerns({ on, name }: Decided, { subject, deviceKey, place }: Identity): boolean {
  return { subject, device: deviceKey, network: place.clientAddress }[on] === name;
}
