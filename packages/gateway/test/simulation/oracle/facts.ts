import { TAG_USED_WITHIN_MS } from '@farandole/matchmaking/limits';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Mode, Seat, TaggedLine } from '@farandole/protocol/fields';
import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { PersonKey } from '../../../src/people.ts';
import { deviceIdOf } from '../../support/fake-signer.ts';
import type { PageLog } from '../page-log.ts';
import { isProven, networkNameOf } from '../places.ts';
import type { ClientAddress, WorldRules } from '../rules.ts';
import { check } from '../violation.ts';
import { rank } from './rungs.ts';

/**
 * The oracle's model of sockets, sessions and matches, built from the frames on the wire. All
 * times are simulated times, which clock jumps don't change.
 */

/** A socket that the node believes to be open. */
export interface Socket {
  readonly id: string;
  readonly log: PageLog;
  readonly place: ClientAddress;
  readonly openedAtMs: number;
  hello: ClientMessageOf<'session.hello'> | null;
  session: Session | null;
}

export interface Search {
  readonly session: Session;
  readonly wish: ClientMessageOf<'ticket.create'>;
  readonly interests: ReadonlySet<string>;
  onlyShared: boolean;
  /** When the node received the search. */
  readonly beganMs: number;
  /** Time at which the search was accepted or, if later, last widened. */
  sinceMs: number;
}

export class Session {
  readonly id: string;
  readonly subject: string;
  readonly deviceKey: string;
  place: ClientAddress;
  /** The session's socket, or null while the session is detached. */
  socket: Socket | null;
  linkSinceMs: number;
  isOpen = true;
  search: Search | null = null;
  call: Match | null = null;
  /** The call that the session asked to restore after a node restart. */
  restoring: Match | null = null;
  /** The call that the session asked to restore, until the node answers. */
  asksRestore: Match | null = null;
  /** The call that this user may rejoin, because their earlier page was lost. */
  seat: { readonly match: Match; readonly untilMs: number } | null = null;
  /** Latest epoch of the call that the node has sent to this session. */
  epoch = 0;
  readonly wishes = new Map<string, ClientMessageOf<'ticket.create'>>();
  /** When the node received each search. It counts the wait from then on. */
  readonly askedAtMs = new Map<string, number>();
  /** The matches that the session reported, by report id. */
  readonly reports = new Map<string, string>();
  /**
   * The node's sequenced frames: number of the last one sent, number of the last one
   * acknowledged, and the frames in between.
   */
  sent = 0;
  acknowledged = 0;
  readonly unacknowledged = new Map<number, string>();
  unacknowledgedChars = 0;
  /**
   * Maximum number of frames, and of their characters, that may be queued while the session is
   * detached.
   */
  owedFrames = 0;
  owedChars = 0;
  /** Number of the page's last sequenced frame that the node received. */
  taken = 0;
  /** Whether the page has put an acknowledgement into a message. */
  readsAcks = false;
  resumedInStep = 0;
  /** Number of times that the session lost its socket. */
  losses = 0;
  /**
   * Whether the node may have ended the session, because it lost its socket too often. A peer
   * without a socket hears of that only at its resume.
   */
  mayBeOver = false;

  /** Network of the session's newest socket. */
  get network(): string | null {
    return networkNameOf(this.subject, this.place.clientAddress);
  }

  constructor(socket: Socket, id: string, linkSinceMs: number) {
    this.id = id;
    this.subject = socket.log.subject;
    this.deviceKey = socket.log.deviceKey;
    this.place = socket.place;
    this.socket = socket;
    this.linkSinceMs = linkSinceMs;
  }
}

/** One user's state in a match. */
export interface Side {
  readonly search: Search;
  session: Session;
  allowsDirect: boolean;
  /**
   * Number of chat lines that the user's page has. After a restart, the number that the page
   * claims to have.
   */
  received: number;
  /** Number of the last older chat line that this user lacks, or 0 if no line is missing. */
  lacksUpTo: number;
  /**
   * Number of the last chat line sent to this user. The first line sent may be any up to number
   * `beginsBy`.
   */
  given: number;
  beginsBy: number;
  /** Whether the node sent this user newer chat lines although older ones are missing. */
  hasGap: boolean;
}

interface SaidLine {
  readonly seat: Seat;
  readonly epoch: number;
  readonly text: string;
  /** Position of the chat line among all lines that pages sent. */
  readonly order: number;
  isRefused: boolean;
  /** Position of the chat line among the accepted lines, or 0 until the line is accepted. */
  at: number;
}

/** What the users of a call know of a bell, by cookie. */
interface Bell {
  /** Simulation step in which the node sent the notice to all users of the call. */
  readonly step: number;
  /** When each user's page showed the bell. */
  readonly shownAtMs: Map<string, number>;
  /** Users who want to continue after the bell. */
  readonly more: Set<string>;
}

export class Match {
  readonly id: string;
  epoch: number;
  mode: Mode;
  readonly sharedInterests: readonly string[];
  readonly learners: NonNullable<ServerMessageOf<'match.found'>['exchange']>['learners'] | null;
  readonly sides = new Map<Seat, Side>();
  readonly lines: (TaggedLine | null)[] = [];
  readonly said = new Map<string, SaidLine>();
  /** Number of changes of the mode, and who agreed to the next mode since the last one. */
  changes = 0;
  /** Rank of the highest mode in which the match was. */
  highest: number;
  readonly agreed = new Set<string>();
  /** The bell of which the users were notified, until the call ends or reopens. */
  bell: Bell | null = null;
  /** The last simulation step in which an event ended the match. */
  causeStep = -1;

  constructor({ match, epoch, mode, sharedInterests, exchange }: ServerMessageOf<'match.found'>) {
    this.id = match;
    this.epoch = epoch;
    this.mode = mode;
    this.highest = rank(mode);
    this.sharedInterests = sharedInterests;
    this.learners = exchange?.learners ?? null;
  }
}

export class Facts {
  readonly rules: WorldRules;
  readonly counts = {
    ...{ sessions: 0, resumes: 0, overtakings: 0, matches: 0, lines: 0, restored: 0, rejoined: 0 },
    ...{ turned: 0, lowered: 0, reports: 0, shownOut: 0, turnedAway: 0, keptToText: 0, skipped: 0 },
    ...{ privateMatches: 0, communityMatches: 0, exchanges: 0, oneWay: 0, groups: 0, bellEnds: 0 },
    ...{ acksUp: 0, acksDown: 0 },
  };
  step = 0;
  nowMs = 0;
  wallMs = 0;
  readonly sockets = new Map<string, Socket>();
  readonly sessions = new Map<string, Session>();
  readonly bySubject = new Map<string, Session>();
  readonly matches = new Map<string, Match>();
  readonly live = new Set<Match>();
  /** Hosts of the invitations. */
  readonly hosts = new Map<string, string>();
  readonly receipts = new Map<string, { readonly match: Match; readonly subject: string }>();
  /** Users about whom the running node has read, by cookie and device key. */
  /** The calls that ended since the node's start. */
  readonly #over = new Set<Match>();
  readonly #read = new Set<string>();
  /** Device keys by the id that the node gives them. */
  readonly #deviceKeys = new Map<string, string>();
  /**
   * Matches that ended in this simulation step. `mustEnd` holds the matches that must end in
   * this step.
   */
  readonly ended = new Set<Match>();
  readonly mustEnd = new Set<Match>();
  /**
   * For each interest, when each user last searched with it. Unproven users of one network count
   * as one user.
   */
  readonly #uses = new Map<string, Map<string, number>>();
  /**
   * Time until which calls from before a restart may be restored. Null before the first session.
   */
  restoresUntilMs: number | null = null;

  constructor(rules: WorldRules) {
    this.rules = rules;
  }

  socket(id: string): Socket {
    const socket = this.sockets.get(id);
    check(socket !== undefined, 'protocol', `${id} is not open`);
    return socket;
  }

  /** Records that the node has read about a user. Returns the user's device key. */
  personRead({ subject, device }: PersonKey): string {
    this.#read.add(`${subject} ${device}`);
    return this.#deviceKeys.get(device) ?? device;
  }

  /** I13: the node lets a user into a call only once it has read about the user. */
  checkRead({ subject, deviceKey }: Session): void {
    const isRead = this.#read.has(`${subject} ${deviceIdOf(deviceKey)}`);
    check(isRead, 'I13', `${subject} is in a call, and the node has not read who they are`);
  }

  /** Returns the private meeting for which a user waits, or null for an ordinary search. */
  meetingOf({ session, wish }: Search): { readonly key: string; readonly isHost: boolean } | null {
    if (wish.meeting === undefined) return null;
    const { by, token } = wish.meeting;
    if (by === 'invitation')
      return { key: token, isHost: this.hosts.get(token) === session.subject };
    const receipt = this.receipts.get(token);
    const side = receipt?.match.sides.get('a');
    return { key: receipt?.match.id ?? token, isHost: side?.session.subject === session.subject };
  }

  opened(socket: Socket, { session: id, rejoin }: ServerMessageOf<'session.opened'>): void {
    const session = new Session(socket, id, this.nowMs);
    const { subject, deviceKey } = session;
    this.#deviceKeys.set(deviceIdOf(deviceKey), deviceKey);
    const older = this.bySubject.get(subject);
    const match = this.matches.get(rejoin?.match ?? '');
    const side = rejoin && match?.sides.get(rejoin.side);
    if (rejoin && match && side) {
      const isOwn = side.session.subject === subject && side.session.deviceKey === deviceKey;
      check(isOwn, 'I7', `${subject} is offered the call of ${side.session.subject}`);
      Object.assign(side, { session, lacksUpTo: 0 });
      session.seat = { match, untilMs: this.nowMs + rejoin.deadlineMs };
      this.receipts.set(rejoin.receipt, { match, subject });
      if (older !== undefined) Object.assign(older, { call: null, seat: null });
    }
    if (older !== undefined) this.closeSession(older);
    this.sessions.set(id, session);
    this.bySubject.set(subject, session);
    socket.session = session;
  }

  resumed(socket: Socket, session: Session): void {
    if (session.socket === null) session.linkSinceMs = this.nowMs;
    else session.socket.session = null;
    socket.session = session;
    Object.assign(session, { socket, place: socket.place, owedFrames: 0, owedChars: 0 });
    session.resumedInStep = this.step;
    session.mayBeOver = false;
  }

  acknowledge(session: Session, place: number): void {
    for (let seq = session.acknowledged + 1; seq <= place; seq++) {
      session.unacknowledgedChars -= session.unacknowledged.get(seq)?.length ?? 0;
      session.unacknowledged.delete(seq);
    }
    session.acknowledged = Math.max(session.acknowledged, place);
  }

  found(session: Session, search: Search, message: ServerMessageOf<'match.found'>): Match {
    const match = this.matches.get(message.match) ?? new Match(message);
    this.matches.set(match.id, match);
    this.live.add(match);
    match.sides.set(message.side, {
      ...{ search, session, allowsDirect: false, received: 0, lacksUpTo: 0 },
      ...{ given: 0, beginsBy: 1, hasGap: false },
    });
    session.search = null;
    this.#enter(session, match, message.epoch, message.receipt);
    return match;
  }

  #enter(session: Session, match: Match, epoch: number, receipt: string): void {
    Object.assign(session, { call: match, restoring: null, asksRestore: null, seat: null, epoch });
    this.receipts.set(receipt, { match, subject: session.subject });
  }

  /**
   * Records that a call continues in a later epoch, after a node restart or on a new page. The
   * node sends each user of the call one frame about this, a detached user after the resume.
   * @returns whether this is the first of these frames
   */
  restored(session: Session, match: Match, message: ServerMessageOf<'call.restored'>): boolean {
    const count = message.counters.reduce((sum, lines) => sum + lines, 0);
    const isNew = this.isReopened(match, message);
    if (isNew) this.#reopen(match, message, count);
    const own = match.sides.get(message.side);
    if (own !== undefined) {
      own.session = session;
      if (message.newPage !== true) {
        own.given = own.received;
        own.lacksUpTo = own.received < count ? count : 0;
      } else if (session.seat !== null) {
        Object.assign(own, { given: 0, beginsBy: Math.max(1, count), lacksUpTo: count });
      }
    }
    this.#enter(session, match, message.epoch, message.receipt);
    return isNew;
  }

  /**
   * Whether no user has heard yet that the call continues. If no page heard of an earlier restore
   * before the node restarted again, this one has the same epoch.
   */
  isReopened(match: Match, { epoch }: ServerMessageOf<'call.restored'>): boolean {
    return epoch > match.epoch || !(this.live.has(match) || this.#over.has(match));
  }

  #reopen(match: Match, { epoch }: ServerMessageOf<'call.restored'>, count: number): void {
    match.epoch = epoch;
    match.bell = null;
    this.live.add(match);
    // After a restart, a chat line is lost if neither page has it.
    for (const line of match.lines.splice(count)) if (line !== null) match.said.delete(line.id);
    for (const side of sidesOf(match)) {
      const session = this.bySubject.get(side.session.subject) ?? side.session;
      Object.assign(side, { session, allowsDirect: false, lacksUpTo: 0 });
      // A restore that waited for facts may be done while its user has no socket to hear of it.
      const isUnheard = session.socket === null && callOf(session) === null;
      if (session.restoring === match || isUnheard)
        Object.assign(session, { restoring: null, call: match });
    }
  }

  /**
   * Records that a match must end in this simulation step. Does nothing if the match has already
   * ended.
   */
  mustEndNow(match: Match | null): void {
    if (match === null) return;
    match.causeStep = this.step;
    if (this.live.has(match)) this.mustEnd.add(match);
  }

  endMatch(match: Match): void {
    if (!this.live.delete(match)) return;
    this.ended.add(match);
    this.#over.add(match);
  }

  closeSession(session: Session): void {
    if (!session.isOpen) return;
    Object.assign(session, { isOpen: false, search: null });
    if (session.socket !== null) session.socket.session = null;
    this.sessions.delete(session.id);
    if (this.bySubject.get(session.subject) === session) this.bySubject.delete(session.subject);
    // The node reports the end of a call before the end of the session that caused it.
    for (const match of this.ended) {
      if (sidesOf(match).some((side) => side.session === session)) match.causeStep = this.step;
    }
    this.mustEndNow(callOf(session));
  }

  use({ subject, network }: Session, interests: ReadonlySet<string>): void {
    const person = network === null || isProven(subject) ? subject : network;
    for (const interest of interests) {
      const people = this.#uses.get(interest) ?? new Map<string, number>();
      this.#uses.set(interest, people.set(person, this.nowMs));
    }
  }

  /**
   * Returns how many users searched with an interest recently. The pool may know fewer, because
   * a new pool knows no users.
   */
  usersOf(interest: string): number {
    const times = [...(this.#uses.get(interest)?.values() ?? [])];
    return times.filter((atMs) => this.nowMs - atMs < TAG_USED_WITHIN_MS).length;
  }

  /**
   * Counts a frame caused by the peer. If the session is detached, the node may have to queue
   * the frame.
   */
  owe(by: Session, chars: number): void {
    for (const { session } of othersOf(callOf(by), by)) {
      if (session.socket !== null) continue;
      session.owedFrames += 2;
      session.owedChars += 2 * (chars + 1_000);
    }
  }

  nodeDies(): void {
    for (const session of this.sessions.values()) session.isOpen = false;
    for (const each of [this.sessions, this.bySubject, this.sockets, this.live, this.#read])
      each.clear();
    this.#over.clear();
    this.restoresUntilMs = null;
  }
}

export function sidesOf({ sides }: Match): readonly Side[] {
  return [...sides.values()];
}

export function othersOf(match: Match | null, session: Session): readonly Side[] {
  const sides = match === null ? [] : sidesOf(match);
  return sides.filter((side) => side.session !== session);
}

/** Returns every two users of a match. */
export function pairsOf(match: Match): readonly (readonly [Side, Side])[] {
  const sides = sidesOf(match);
  return sides.flatMap((one, at) => sides.slice(at + 1).map((other) => [one, other] as const));
}

/** Returns the peer in a call of two. */
export function acrossFrom(match: Match | null, session: Session): Side | null {
  return othersOf(match, session)[0] ?? null;
}

/** Whether only text passes in the mode. */
export function isText(mode: string): boolean {
  return mode === 'text' || mode === 'question';
}

/** Returns the call that a user is in or could rejoin now. */
export function callOf({ call, seat }: Session): Match | null {
  return call ?? seat?.match ?? null;
}

/** Whether more frames are queued for the session than the limits allow. */
export function isOverflowed(session: Session, moreFrames = 0, moreChars = 0): boolean {
  const { sent, acknowledged, unacknowledgedChars } = session;
  return (
    sent - acknowledged + moreFrames > UNACKED_FRAMES_MAX ||
    unacknowledgedChars + moreChars > UNACKED_CHARS_MAX
  );
}

/**
 * Whether the node may have ended a detached session because its queue became too long. The
 * oracle can't observe such an end.
 */
export function mayHaveOverflowed(session: Session): boolean {
  if (session.socket !== null) return false;
  return isOverflowed(session, session.owedFrames + 10, session.owedChars + 10_000);
}
