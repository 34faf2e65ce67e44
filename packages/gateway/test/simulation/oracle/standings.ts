import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { concerns, type Decided, type Identity } from './decisions.ts';
import { callOf, type MatchModel, type SessionModel, sidesOf } from './model.ts';
import type { Oracle } from './oracle.ts';
import type { Socket } from './sockets.ts';
import { Violation } from './violation.ts';

type Changed = ServerMessageOf<'standing.changed'>;

/**
 * GW-15, GW-17: whoever people decided to keep out, or from video, is so in the turn in which the
 * node hears of it and on every socket from then on, and is told.
 */
export class Standings {
  readonly #oracle: Oracle;
  /** Who has a socket, and is yet to be told in this step what they may do. */
  readonly #untold = new Set<SessionModel>();
  /** Who is to do no more, at the end of this step, than they may. */
  readonly #bound = new Set<SessionModel>();

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  /** Something is decided, or taken back, of which the node hears in this step. */
  change(decided: Decided, change: 'begins' | 'ends'): void {
    const { known, model } = this.#oracle;
    const concerned = [...model.sessions.values()].filter((each) => concerns(decided, each));
    const before = concerned.map((session) => toldAs(known.decisions.of(session)));
    if (change === 'begins') known.decisions.add(decided);
    else known.decisions.delete(decided);
    for (const [at, session] of concerned.entries()) {
      if (before[at] === toldAs(known.decisions.of(session))) continue;
      if (session.connection !== null) this.#untold.add(session);
      this.#bind(session);
    }
  }

  /** A session has a socket, the first or another one. */
  entered(session: SessionModel, isNew: boolean): void {
    const may = this.#oracle.known.decisions.mayOf(session);
    if (may === 'nothing') {
      throw new Violation('GW-15', `${session.subject} may do nothing, and is let in`);
    }
    if (may !== 'meet' || (!isNew && session.isStandingTold)) this.#untold.add(session);
    if (!isNew) this.#bind(session);
  }

  /** The node says what somebody may do; to a socket without a session, because it gets none. */
  told(connection: string, session: SessionModel | undefined, message: Changed): void {
    const socket = this.#oracle.sockets.of(connection);
    const { subject } = socket.ear;
    const decided = this.#oracle.known.decisions.of(session ?? identityOf(socket));
    const told = JSON.stringify([message.may, message.because ?? null, message.appeal ?? null]);
    if (told !== toldAs(decided)) {
      throw new Violation('GW-17', `${subject} is told ${told}, and it is ${toldAs(decided)}`);
    }
    socket.isToldOut = decided?.may === 'nothing';
    if (session === undefined) return;
    const isDue = this.#untold.delete(session);
    if (!isDue && session.resumedInStep !== this.#oracle.step) {
      throw new Violation('GW-17', `${subject} is told again what they may do`);
    }
    session.isStandingTold = true;
  }

  /** A socket is closed as one of somebody who is kept out. */
  shownOut(connection: string): void {
    const socket = this.#oracle.sockets.of(connection);
    const { subject } = socket.ear;
    if (this.#oracle.known.decisions.mayOf(identityOf(socket)) !== 'nothing') {
      throw new Violation('GW-15', `${subject} is shown out, and nobody decided it`);
    }
    if (!socket.isToldOut)
      throw new Violation('GW-17', `${subject} is shown out, and not told why`);
    const isAtHello = !this.#oracle.model.byConnection.has(connection);
    this.#oracle.counts[isAtHello ? 'turnedAway' : 'shownOut'] += 1;
  }

  /** Whoever is in a call, or has a place in it, may have one of its mode. */
  checkCall(match: MatchModel): void {
    for (const { session, subject } of sidesOf(match)) {
      const may = this.#oracle.known.decisions.mayOf(session);
      if (may === 'nothing' || (may === 'text' && match.mode === 'video')) {
        throw new Violation('GW-15', `${subject} is in the call ${match.id} by ${match.mode}`);
      }
    }
  }

  /** In the step in which people are told of a call: of video where both may have it, or not. */
  checkOffer(match: MatchModel, isVideoOffered: boolean): void {
    for (const { session, subject } of sidesOf(match)) {
      if (!isVideoOffered || this.#oracle.known.decisions.mayOf(session) === 'meet') continue;
      throw new Violation('GW-15', `${match.id} may turn to video, they say, with ${subject}`);
    }
  }

  /** Whoever may only write asks for no call of before a restart, and gets none. */
  checkRestores(session: SessionModel): void {
    const may = this.#oracle.known.decisions.mayOf(session);
    if (may === 'meet' || session.resumedInStep === this.#oracle.step) return;
    throw new Violation('GW-15', `${session.subject} may only write, and is brought back`);
  }

  /** At the end of a step. */
  check(): void {
    if (this.#bound.size > 0) {
      for (const session of this.#bound) this.checkMay(session);
      this.#bound.clear();
    }
    if (this.#untold.size === 0) return;
    for (const { isOpen, connection, subject } of this.#untold) {
      if (!isOpen || connection === null) continue;
      throw new Violation('GW-17', `${subject} is not told what they may do now`);
    }
    this.#untold.clear();
  }

  /** Somebody does nothing that they may not do, as far as they have a socket to hear of it. */
  checkMay(session: SessionModel): void {
    const { subject, connection, search, restoring, isOpen } = session;
    const may = this.#oracle.known.decisions.mayOf(session);
    if (!isOpen || may === 'meet') return;
    if (may === 'nothing') throw new Violation('GW-15', `${subject} may do nothing, and is there`);
    if (connection === null) return;
    const does =
      (search?.wish.mode === 'video' && 'searches by video') ||
      (callOf(session)?.mode === 'video' && 'is in a call by video') ||
      (restoring !== null && 'waits for a call to come back');
    if (does) throw new Violation('GW-15', `${subject} may only write, and ${does}`);
  }

  /** What must come, in this step, of what somebody may do now. */
  #bind(session: SessionModel): void {
    const oracle = this.#oracle;
    const may = oracle.known.decisions.mayOf(session);
    if (may === 'meet') return;
    const isAttached = session.connection !== null;
    if (isAttached) this.#bound.add(session);
    if (may === 'nothing') {
      // Nobody hears of the end of a session without a socket.
      if (!isAttached) oracle.closeSession(session);
      return;
    }
    const call = callOf(session);
    if (call?.mode === 'video') {
      oracle.counts.keptToText += 1;
      oracle.cause(call);
      if (call.state === 'live') oracle.mustEnd.add(call);
    }
    if (isAttached) return;
    // Who has no socket hears of it when there is one again.
    if (session.search?.wish.mode === 'video') {
      session.search = null;
      oracle.backlogs.told(session);
    }
    if (session.restoring !== null) {
      oracle.endMatch(session.restoring);
      oracle.backlogs.told(session);
    }
  }
}

function identityOf({ ear, place }: Socket): Identity {
  return { subject: ear.subject, deviceKey: ear.deviceKey, place };
}

function toldAs(decided: Decided | null): string {
  const { may = 'meet', because = null, appeal = null } = decided ?? {};
  return JSON.stringify([may, because, appeal]);
}
