import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Mode, TaggedLine } from '@farandole/protocol/fields';
import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Place, WorldRules } from '../rules.ts';
import type { PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

/**
 * What the wire says of sockets, sessions and matches. The facts check nothing and read nothing of
 * the node. Times are those of the simulation, which no clock jump moves.
 */

/** A socket that the node believes to be open. */
export interface Socket {
  readonly id: string;
  readonly ear: PageEar;
  readonly place: Place;
  readonly openedAtMs: number;
  hello: ClientMessageOf<'session.hello'> | null;
  session: Session | null;
}

export interface Search {
  readonly session: Session;
  readonly wish: ClientMessageOf<'ticket.create'>;
  readonly interests: ReadonlySet<string>;
  readonly acceptedAtMs: number;
  onlyShared: boolean;
  widenedAtMs: number;
}

export interface Session {
  readonly id: string;
  readonly subject: string;
  readonly deviceKey: string;
  readonly secret: string;
  place: Place;
  /** Null while it is detached. */
  socket: Socket | null;
  linkSinceMs: number;
  isOpen: boolean;
  search: Search | null;
  call: Match | null;
  lastCall: Match | null;
  /** The call of before a restart that it asked for. */
  restoring: Match | null;
  /** The place in a call that is kept since the person's older page was lost. */
  seat: { readonly match: Match; readonly untilMs: number } | null;
  epochTold: number;
  readonly wishes: Map<string, ClientMessageOf<'ticket.create'>>;
  /** Sequenced frames of the node: the last one sent, the last one acknowledged, those between. */
  sent: number;
  acknowledged: number;
  readonly unacknowledged: Map<number, string>;
  unacknowledgedChars: number;
  /** Frames and characters that a detached session may have been sent, at most. */
  owedFrames: number;
  owedChars: number;
  /** The last sequenced frame of the page that reached the node, and when. */
  taken: number;
  takenAtMs: number;
  resumedInStep: number;
  /** When the credits for lost sockets are full again. */
  absencesFullAtMs: number;
}

export interface Side {
  readonly subject: string;
  readonly deviceKey: string;
  readonly search: Search;
  session: Session;
  allowsDirect: boolean;
  /** What the receipt and the page said when this side asked for the call after a restart. */
  restoresAs: Mode;
  received: number;
  /** The last of the older lines that this side still lacks; 0 when it lacks none. */
  lacksUpTo: number;
  /** The last line that it was given; it may begin with any line up to `beginsBy`. */
  given: number;
  beginsBy: number;
  /** Whether lines came to it although older ones are missing. */
  hasGap: boolean;
  /** Candidates shown to the other side since the last ICE restart. */
  shown: { ufrags: string; readonly lines: Set<string> };
}

interface SaidLine {
  readonly side: 'a' | 'b';
  readonly epoch: number;
  readonly text: string;
  /** Counts all lines that pages said. */
  readonly order: number;
  isRefused: boolean;
  /** Its place among the accepted lines; 0 before that. */
  at: number;
}

export interface Match {
  readonly id: string;
  readonly openedAtMs: number;
  epoch: number;
  mode: Mode;
  /** `suspended`: the node died; both sides may ask for the call. */
  state: 'live' | 'suspended' | 'over';
  overAtMs: number;
  /** The node's date on the oldest of the receipts that the two may hold. */
  receiptWallMs: number;
  a: Side | null;
  b: Side | null;
  readonly lines: (TaggedLine | null)[];
  readonly said: Map<string, SaidLine>;
  readonly sharedTold: readonly string[];
  /** The step in which somebody did what ends it. */
  causeStep: number;
}

export class Facts {
  readonly rules: WorldRules;
  step = 0;
  nowMs = 0;
  wallMs = 0;
  readonly sockets = new Map<string, Socket>();
  readonly sessions = new Map<string, Session>();
  readonly bySubject = new Map<string, Session>();
  readonly matches = new Map<string, Match>();
  readonly receipts = new Map<string, { match: Match; subject: string; mode: Mode }>();
  readonly forgotten = new Set<string>();
  /** Of this step: matches that end, and matches that must end. */
  readonly ended = new Set<Match>();
  readonly mustEnd = new Set<Match>();
  onMet: (match: Match) => void = () => {};
  onSessionClosed: (session: Session) => void = () => {};

  constructor(rules: WorldRules) {
    this.rules = rules;
  }

  socket(id: string): Socket {
    const socket = this.sockets.get(id);
    if (socket === undefined) throw new Violation('protocol', `${id} is not open`);
    return socket;
  }

  opened(socket: Socket, { session: id, secret, rejoin }: ServerMessageOf<'session.opened'>): void {
    const { subject, deviceKey } = socket.ear;
    const older = this.bySubject.get(subject);
    const session: Session = {
      ...{ id, subject, deviceKey, secret, socket, place: socket.place, linkSinceMs: this.nowMs },
      ...{ isOpen: true, search: null, call: null, lastCall: null, restoring: null, seat: null },
      ...{ epochTold: 0, wishes: new Map(), sent: 0, acknowledged: 0, unacknowledged: new Map() },
      ...{ unacknowledgedChars: 0, owedFrames: 0, owedChars: 0, taken: 0, absencesFullAtMs: 0 },
      ...{ takenAtMs: Number.NEGATIVE_INFINITY, resumedInStep: 0 },
    };
    const match = rejoin === undefined ? undefined : this.matches.get(rejoin.match);
    const side = rejoin === undefined ? undefined : match?.[rejoin.side];
    if (rejoin !== undefined && match !== undefined && side) {
      if (side.subject !== subject || side.deviceKey !== deviceKey) {
        throw new Violation('I7', `${subject} is offered the call of ${side.subject}`);
      }
      side.session = session;
      side.lacksUpTo = 0;
      session.seat = { match, untilMs: this.nowMs + rejoin.deadlineMs };
      match.receiptWallMs = Math.min(match.receiptWallMs, this.wallMs);
      this.receipts.set(rejoin.receipt, { match, subject, mode: rejoin.mode });
      if (older?.call === match) older.call = null;
      if (older?.seat?.match === match) older.seat = null;
    }
    if (older !== undefined) this.closeSession(older);
    this.sessions.set(id, session);
    this.bySubject.set(subject, session);
    socket.session = session;
  }

  resumed(socket: Socket, session: Session): void {
    if (session.socket === null) session.linkSinceMs = this.nowMs;
    else session.socket.session = null;
    session.socket = socket;
    session.place = socket.place;
    session.resumedInStep = this.step;
    socket.session = session;
    session.owedFrames = 0;
    session.owedChars = 0;
  }

  acknowledge(session: Session, place: number): void {
    for (let seq = session.acknowledged + 1; seq <= place; seq++) {
      session.unacknowledgedChars -= session.unacknowledged.get(seq)?.length ?? 0;
      session.unacknowledged.delete(seq);
    }
    session.acknowledged = Math.max(session.acknowledged, place);
  }

  found(session: Session, search: Search, message: ServerMessageOf<'match.found'>): Match {
    const match = this.matches.get(message.match) ?? this.#create(message);
    match[message.side] = {
      ...{ subject: session.subject, deviceKey: session.deviceKey, session, search },
      ...{ allowsDirect: false, restoresAs: message.mode, received: 0, lacksUpTo: 0 },
      ...{ given: 0, beginsBy: 1, hasGap: false, shown: nothingShown() },
    };
    session.search = null;
    this.#enter(session, match, message);
    return match;
  }

  #create({ match: id, epoch, mode, sharedInterests }: ServerMessageOf<'match.found'>): Match {
    const match: Match = {
      ...{ id, epoch, mode, openedAtMs: this.nowMs, state: 'live', overAtMs: 0, a: null, b: null },
      ...{ receiptWallMs: this.wallMs, lines: [], said: new Map() },
      ...{ sharedTold: sharedInterests, causeStep: -1 },
    };
    this.matches.set(id, match);
    return match;
  }

  #enter(
    session: Session,
    match: Match,
    { epoch, receipt, mode }: { epoch: number; receipt: string; mode: Mode },
  ): void {
    session.call = match;
    session.restoring = null;
    session.seat = null;
    session.epochTold = epoch;
    this.receipts.set(receipt, { match, subject: session.subject, mode });
  }

  /**
   * The call goes on under a later epoch: after a restart, or on a new page.
   *
   * @returns false for one who was away, and is told what the other side knows
   */
  restored(session: Session, match: Match, message: ServerMessageOf<'call.restored'>): boolean {
    const { epoch, newPage, counters } = message;
    const isLate = epoch <= match.epoch && session.resumedInStep === this.step;
    const isNew = match.state === 'live' ? epoch > match.epoch : !isLate;
    const asker = sidesOf(match).find(({ session: each }) => each.seat?.match === match)?.session;
    const side = match[message.side];
    if (side !== null) side.session = session;
    if (isNew) {
      match.epoch = epoch;
      const isAgain = match.state === 'live' && newPage === true;
      match.receiptWallMs = isAgain ? Math.min(match.receiptWallMs, this.wallMs) : this.wallMs;
      if (match.state !== 'live') this.#reopen(match);
      for (const each of sidesOf(match)) {
        each.allowsDirect = false;
        each.shown = nothingShown();
        each.lacksUpTo = 0;
        const count = counters[0] + counters[1];
        if (newPage === true && each.session === asker) {
          Object.assign(each, { given: 0, beginsBy: Math.max(1, count), lacksUpTo: count });
        } else if (newPage !== true) {
          each.given = each.received;
          if (each.received < count) each.lacksUpTo = count;
        }
      }
      if (asker !== undefined) {
        asker.call = match;
        asker.seat = null;
      }
    }
    this.#enter(session, match, message);
    return isNew;
  }

  #reopen(match: Match): void {
    match.state = 'live';
    match.mode = sidesOf(match).some(({ restoresAs }) => restoresAs === 'video') ? 'video' : 'text';
    // After a restart nobody has the lines that neither page brings.
    const seen = Math.max(match.a?.received ?? 0, match.b?.received ?? 0);
    for (const line of match.lines.splice(seen)) if (line !== null) match.said.delete(line.id);
    for (const session of this.sessions.values()) {
      if (session.restoring !== match) continue;
      session.restoring = null;
      session.call = match;
      for (const side of sidesOf(match))
        if (side.subject === session.subject) side.session = session;
    }
  }

  /** Somebody did what may end the match. */
  cause(match: Match): void {
    match.causeStep = this.step;
  }

  mayEnd(match: Match | null): void {
    if (match === null || match.state === 'suspended') return;
    this.cause(match);
    if (match.state === 'live') this.mustEnd.add(match);
  }

  endMatch(match: Match): void {
    if (match.state === 'over') return;
    if (match.state === 'live') {
      this.ended.add(match);
      if (match.a !== null && match.b !== null) this.onMet(match);
    }
    match.state = 'over';
    match.overAtMs = this.nowMs;
  }

  closeSession(session: Session): void {
    if (!session.isOpen) return;
    this.onSessionClosed(session);
    session.isOpen = false;
    session.search = null;
    if (session.socket !== null) session.socket.session = null;
    this.sessions.delete(session.id);
    if (this.bySubject.get(session.subject) === session) this.bySubject.delete(session.subject);
    const { lastCall, restoring } = session;
    if (restoring?.state === 'suspended') restoring.state = 'over';
    // The page was told first that its call is over, and then that its session is.
    if (lastCall !== null && this.ended.has(lastCall)) this.cause(lastCall);
    this.mayEnd(callOf(session));
  }

  detach(session: Session): void {
    session.socket = null;
    session.linkSinceMs = this.nowMs;
    session.owedFrames = 0;
    session.owedChars = 0;
  }

  /** Somebody across says something that a detached session may be told of. */
  owe(by: Session, chars: number): void {
    const call = callOf(by);
    const across = call === null ? null : acrossFrom(call, by);
    if (across === null || across.session.socket !== null) return;
    across.session.owedFrames += 2;
    across.session.owedChars += 2 * (chars + 1_000);
  }

  nodeDies(): void {
    for (const session of this.sessions.values()) session.isOpen = false;
    this.sessions.clear();
    this.bySubject.clear();
    this.sockets.clear();
    for (const match of this.matches.values()) {
      if (match.state !== 'live') continue;
      match.state = 'suspended';
      match.overAtMs = this.nowMs;
    }
  }

  /** Forgets matches of which no page speaks any more. */
  prune(keptMs: number): void {
    for (const match of this.matches.values()) {
      if (this.nowMs - match.openedAtMs < keptMs) break;
      if (match.state === 'live' || this.nowMs - match.overAtMs < keptMs) continue;
      this.matches.delete(match.id);
      this.forgotten.add(match.id);
    }
    for (const [receipt, { match }] of this.receipts) {
      if (!this.matches.has(match.id)) this.receipts.delete(receipt);
    }
  }
}

export function nothingShown(): Side['shown'] {
  return { ufrags: '', lines: new Set() };
}

export function sidesOf({ a, b }: Match): readonly Side[] {
  return [a, b].filter((side) => side !== null);
}

export function acrossFrom(match: Match, session: Session): Side | null {
  if (match.a?.session === session) return match.b;
  return match.b?.session === session ? match.a : null;
}

/** The call that a person is in, or could take up again at once. */
export function callOf({ call, seat }: Session): Match | null {
  return call ?? seat?.match ?? null;
}

export function isOnTheLine(session: Session, match: Match): boolean {
  return session.isOpen && session.socket !== null && callOf(session) === match;
}

/** More is kept for a page than may be. */
export function isDrowned(session: Session, moreFrames = 0, moreChars = 0): boolean {
  const { sent, acknowledged, unacknowledgedChars } = session;
  return (
    sent - acknowledged + moreFrames > UNACKED_FRAMES_MAX ||
    unacknowledgedChars + moreChars > UNACKED_CHARS_MAX
  );
}

/** Whether a session without a socket may have ended unseen, since more was owed to it than may be. */
export function mayBeDrowned(session: Session): boolean {
  if (session.socket !== null) return false;
  return isDrowned(session, session.owedFrames + 10, session.owedChars + 10_000);
}
