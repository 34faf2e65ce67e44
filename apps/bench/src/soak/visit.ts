import type { Seat, TaggedLine } from '@farandole/protocol/fields';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { CrowdCounts } from './crowd-counts.ts';
import { type LineLedger, lineText } from './line-ledger.ts';
import { Link } from './link.ts';
import { CANDIDATES, descriptionOf } from './signals.ts';
import type { SoakPerson } from './soak-person.ts';

export interface Wish {
  readonly mode: 'video' | 'text';
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
}

interface OngoingCall {
  readonly match: string;
  readonly epoch: number;
  readonly side: Seat;
  readonly receipt: string;
  readonly lines: TaggedLine[];
  said: number;
  isEnding: boolean;
}

const REPORTED_LINES = 5;
/** Maximum time in ms for an answer of the node, long enough for a busy machine. */
const ANSWER_MS = 20_000;

const REFUSALS = [
  'ticket.refused',
  'chat.refused',
  'signal.refused',
  'report.refused',
  'block.refused',
  'block.kept',
  'restore.refused',
] as const;
type RefusalType = (typeof REFUSALS)[number];

/** One session of one user with its calls. Passes the received lines to the line ledger. */
export class Visit {
  readonly #person: SoakPerson;
  readonly #counts: CrowdCounts;
  readonly #ledger: LineLedger;
  readonly #link: Link;
  #call: OngoingCall | null = null;
  #isOver = false;
  /** Time since which the socket has been read without a gap; Infinity while the socket is cut. */
  #hereSinceMs = 0;
  #searches = 0;
  #reports = 0;
  readonly #waiting = new Set<(message: ServerMessage | null) => void>();
  readonly #hoping = new Set<() => void>();

  /**
   * Opens a session: requests a ticket, opens a socket, says hello and declares the age. Returns
   * null if the user is suspended.
   * @throws Error when the node refuses without a reason
   */
  static async open(
    person: SoakPerson,
    port: number,
    counts: CrowdCounts,
    ledger: LineLedger,
  ): Promise<Visit | null> {
    const ticket = await person.fetchTicket(port);
    const visit = new Visit(person, port, counts, ledger, ticket);
    const opened = visit.#until('session.opened');
    await visit.#link.connect();
    const message = await opened;
    if (message === null && person.isKeptOut) return null;
    if (message === null) throw new Error('a session did not open');
    counts.sessions += 1;
    const answered = visit.#until('age.answered');
    visit.#link.say('age.declare', { answer: 'adult', policyVersion: message.policyVersion });
    await answered;
    return visit;
  }

  private constructor(
    person: SoakPerson,
    port: number,
    counts: CrowdCounts,
    ledger: LineLedger,
    ticket: string,
  ) {
    this.#person = person;
    this.#counts = counts;
    this.#ledger = ledger;
    const onMessage = (message: ServerMessage): void => this.#take(message);
    const onClosed = (): void => this.#over();
    this.#link = new Link({ person, port, counts, onMessage, onClosed }, ticket);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isInCall(): boolean {
    return this.#call !== null;
  }

  /**
   * Searches for a match and resolves to whether one was found. After the timeout it withdraws
   * the search.
   */
  async search(wish: Wish, patienceMs: number): Promise<boolean> {
    this.#searches += 1;
    const ticket = `search-${this.#searches}`;
    const found = this.#until('match.found', patienceMs);
    this.#link.say('ticket.create', {
      ticket,
      ...wish,
      languages: ['en'],
      policyVersion: 1,
      ...(wish.mode === 'video' ? { offer: descriptionOf('offer') } : {}),
    });
    if ((await found) === null) {
      const withdrawn = this.#until('ticket.withdrawn', ANSWER_MS / 10);
      this.#link.say('ticket.withdraw', { ticket });
      await withdrawn;
    }
    // The server may have found a match before it received the withdrawal of the search.
    return this.isInCall;
  }

  sayLine(): void {
    const call = this.#call;
    if (call === null || call.isEnding) return;
    call.said += 1;
    this.#counts.said += 1;
    this.#inCall('chat.send', {
      id: `line-of-mine-${call.said}`,
      text: lineText(call.match, call.side, call.said),
    });
  }

  type(active: boolean): void {
    const call = this.#call;
    if (call === null || call.isEnding) return;
    this.#link.pass('chat.typing', { match: call.match, epoch: call.epoch, active });
  }

  signal(): void {
    for (const candidate of CANDIDATES) {
      this.#inCall('signal.candidate', { candidate });
      this.#counts.signals += 1;
    }
    const media = { camera: 'on', microphone: 'on', cover: 'shown' };
    this.#inCall('media.update', { media });
    this.#inCall('call.first-frame', { elapsedMs: 240, way: 'direct' });
  }

  async endCall(reason: 'next' | 'stop'): Promise<void> {
    const ended = this.#ending();
    this.#noteGoing();
    this.#inCall('call.end', { reason });
    await ended;
  }

  async report(): Promise<void> {
    const call = this.#call;
    if (call === null) return;
    this.#reports += 1;
    // The report is counted before its acknowledgement arrives, because the node may suspend the
    // peer first.
    this.#counts.reportedBy(call.match, this.#person);
    const answers = [this.#ending(), this.#until('report.accepted')] as const;
    this.#link.say('report.create', {
      id: `report-of-mine-${this.#reports}`,
      receipt: call.receipt,
      reason: 'scam-or-spam',
      note: 'They asked for my card number.',
      lines: call.lines,
    });
    const [, accepted] = await Promise.all(answers);
    if (accepted !== null) this.#counts.reports += 1;
  }

  async block(): Promise<void> {
    const call = this.#call;
    if (call === null) return;
    const answers = [this.#ending(), this.#until('block.accepted')] as const;
    this.#link.say('block.create', { receipt: call.receipt });
    const [, accepted] = await Promise.all(answers);
    if (accepted !== null) this.#counts.blocks += 1;
  }

  async untilCallEnds(patienceMs: number): Promise<void> {
    if (this.#call !== null) await this.#until('call.ended', patienceMs);
  }

  /** Cuts the socket. Messages sent afterwards are queued until `comeBack`. */
  cut(): void {
    this.#hereSinceMs = Number.POSITIVE_INFINITY;
    this.#link.cut();
  }

  async comeBack(): Promise<void> {
    if (this.#isOver || this.#link.isConnected) return;
    const resumed = this.#until('session.resumed');
    await this.#link.connect();
    if ((await resumed) === null) return;
    this.#hereSinceMs = performance.now();
    this.#counts.resumes += 1;
  }

  pause(): void {
    this.#hereSinceMs = Number.POSITIVE_INFINITY;
    this.#link.pause();
  }

  unpause(): void {
    this.#link.unpause();
    if (this.#link.isConnected) this.#hereSinceMs = performance.now();
  }

  async leave(): Promise<void> {
    this.#noteGoing();
    this.#over();
    await this.#link.close();
  }

  /** Disconnects without a close frame. The node treats the user as gone after the grace period. */
  vanish(): void {
    this.#over();
    this.#link.cut();
  }

  giveUpHope(): void {
    for (const giveUp of this.#hoping) giveUp();
  }

  tick(nowMs: number): void {
    this.#link.tick(nowMs);
  }

  #take(message: ServerMessage): void {
    if (this.#isOver) return;
    this.#follow(message);
    for (const settle of this.#waiting) settle(message);
  }

  #follow(message: ServerMessage): void {
    if (message.type === 'match.found') this.#begin(message);
    else if (message.type === 'signal.offer') this.#answer();
    else if (message.type === 'chat.line') this.#hear(message);
    else if (message.type === 'call.ended') this.#ended(message);
    else if (isRefusal(message)) this.#counts.fault(`${message.type}: ${message.reason}`);
    // Other message types need no handling: either a caller awaits them, or the soak test ignores
    // them.
  }

  #begin(found: ServerMessageOf<'match.found'>): void {
    const { match, epoch, side, receipt } = found;
    this.#call = { match, epoch, side, receipt, lines: [], said: 0, isEnding: false };
    this.#counts.callSides += 1;
    this.#counts.joins(match, this.#person);
    this.#ledger.begin(match);
    if (found.offer !== undefined) this.#answer();
  }

  #answer(): void {
    this.#inCall('signal.answer', { sdp: descriptionOf('answer') });
    this.#counts.signals += 1;
  }

  #hear({ match, line }: ServerMessageOf<'chat.line'>): void {
    const call = this.#call;
    if (call === null || call.match !== match) {
      this.#ledger.foreign += 1;
      return;
    }
    this.#ledger.heard(match, call.side, line);
    call.lines.push(line);
    if (call.lines.length > REPORTED_LINES) call.lines.shift();
  }

  #ended({ match, reason }: ServerMessageOf<'call.ended'>): void {
    const call = this.#call;
    if (call === null || call.match !== match) {
      this.#counts.fault('call.ended of another call');
      return;
    }
    this.#call = null;
    if (reason !== 'you') {
      this.#counts.freed.told(match, performance.now(), this.#hereSinceMs);
    }
    this.#ledger.part(match, call.side, 'told', reason === 'you' ? call.said : null);
  }

  async #ending(): Promise<void> {
    if (this.#call === null) return;
    this.#call.isEnding = true;
    await this.#until('call.ended');
  }

  /**
   * Counts this user's request to end a call if it is sent now. A request that is queued until
   * the reconnect isn't counted.
   */
  #noteGoing(): void {
    if (this.#call === null || !this.#link.isConnected) return;
    this.#counts.freed.asked(this.#call.match, performance.now());
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#call !== null) this.#ledger.part(this.#call.match, this.#call.side, 'gone');
    this.#call = null;
    for (const settle of this.#waiting) settle(null);
  }

  #inCall(type: string, fields: object): void {
    const call = this.#call;
    if (call !== null) this.#link.say(type, { match: call.match, epoch: call.epoch, ...fields });
  }

  /**
   * Resolves to the next message of a type, or to null when the visit is over.
   * @param patienceMs time after which it resolves to null; if omitted, a missing message is an
   * error
   */
  async #until<Type extends ServerMessage['type']>(
    type: Type,
    patienceMs?: number,
  ): Promise<ServerMessageOf<Type> | null> {
    if (this.#isOver) return null;
    return await new Promise((resolve) => {
      const finish = (message: ServerMessageOf<Type> | null): void => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        this.#hoping.delete(giveUp);
        resolve(message);
      };
      const giveUp = (): void => finish(null);
      const settle = (message: ServerMessage | null): void => {
        if (message === null) finish(null);
        else if (message.type === type) finish(message as ServerMessageOf<Type>);
      };
      const timer = setTimeout(() => {
        if (patienceMs === undefined) this.#counts.fault(`no ${type} came`);
        finish(null);
      }, patienceMs ?? ANSWER_MS);
      this.#waiting.add(settle);
      if (patienceMs !== undefined) this.#hoping.add(giveUp);
    });
  }
}

/** A refusal counts as a fault, because the soak test sends nothing that the node should refuse. */
function isRefusal(
  message: ServerMessage,
): message is Extract<ServerMessage, { type: RefusalType }> {
  return (REFUSALS as readonly string[]).includes(message.type);
}
