import type { Budget } from '@farandole/gateway/budget/budget';
import type { Clock } from '@farandole/kernel/clock';
import { FRAMES_MS_PER_TURN, FRAMES_WAITING_CHARS_MAX, FRAMES_WAITING_MAX } from '../limits.ts';
import type { ParticipantSocket } from './participant-socket.ts';

/** Handles the events of sockets that may wait for a later event-loop turn. */
export interface FrameHandler {
  /** @param receivedAtMs monotonic time at which the server read the frame */
  frame(socket: ParticipantSocket, text: string, byteLength: number, receivedAtMs: number): void;
  /** Called once instead of for the frames that a socket sent above the limits of waiting frames. */
  flooded(socket: ParticipantSocket): void;
  /** Called when a socket was closed, after all frames of the socket. */
  closed(socket: ParticipantSocket, code: number): void;
}

export interface FrameTurnsParts {
  readonly handler: FrameHandler;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Budget in µs of event-loop time for each network's frames, charged while frames wait. */
  readonly work: Pick<Budget, 'take'>;
}

interface Frame {
  readonly text: string;
  readonly byteLength: number;
  readonly receivedAtMs: number;
}

/** What waits of one socket, oldest first. */
interface Backlog {
  readonly events: (Frame | 'flooded' | { readonly closedWith: number })[];
  /** Length of the waiting frames, in UTF-16 code units. */
  chars: number;
}

/** The sockets of one network with waiting frames. The first socket is served next. */
interface Lane {
  readonly network: string;
  readonly sockets: Set<ParticipantSocket>;
  /** Until this time, frames of networks within their share of time are handled first. */
  lateUntilMs: number;
}

/**
 * Limits the time that clients' frames take per turn of the event loop to `FRAMES_MS_PER_TURN`, so
 * that requests, timers and other sockets are served in between. While no frame waits, each frame
 * is handled at once. While frames wait, networks are served in turn, and so are the sockets of a
 * network. A socket isn't read while more than one of its frames wait. One waiting frame doesn't
 * pause its socket, because pausing and resuming cost more than most frames.
 */
export class FrameTurns {
  readonly #parts: FrameTurnsParts;
  readonly #waiting = new Map<ParticipantSocket, Backlog>();
  /** Networks with waiting frames and time left in their share. The first one is served next. */
  readonly #prompt = new Map<string, Lane>();
  readonly #late = new Map<string, Lane>();
  /** Time that frames took in this turn of the event loop. */
  #spentMs = 0;
  #isTurnDue = false;
  #deferred = 0;

  constructor(parts: FrameTurnsParts) {
    this.#parts = parts;
  }

  /** Number of frames that had to wait for a later turn, since the start. */
  get deferred(): number {
    return this.#deferred;
  }

  /** Handles a frame, now or in a later turn. */
  take(socket: ParticipantSocket, text: string, byteLength: number): void {
    const receivedAtMs = this.#parts.clock.monotonicMs();
    if (this.#waiting.size > 0 || this.#spentMs >= FRAMES_MS_PER_TURN) {
      this.#wait(socket, { text, byteLength, receivedAtMs });
      return;
    }
    this.#parts.handler.frame(socket, text, byteLength, receivedAtMs);
    this.#spend(receivedAtMs);
  }

  /** Reports that a socket was closed, after its waiting frames were handled. */
  close(socket: ParticipantSocket, code: number): void {
    const backlog = this.#waiting.get(socket);
    if (backlog === undefined) this.#parts.handler.closed(socket, code);
    else backlog.events.push({ closedWith: code });
  }

  #wait(socket: ParticipantSocket, frame: Frame): void {
    this.#deferred += 1;
    const backlog = this.#waiting.get(socket);
    const { length } = frame.text;
    if (backlog === undefined) {
      this.#waiting.set(socket, { events: [frame], chars: length });
      this.#laneOf(socket.network).sockets.add(socket);
      this.#scheduleTurn();
    } else if (hasRoom(backlog, length)) {
      backlog.events.push(frame);
      backlog.chars += length;
      if (!socket.isPaused) socket.pause();
    } else if (backlog.events.at(-1) !== 'flooded') {
      backlog.events.push('flooded');
    }
  }

  #laneOf(network: string): Lane {
    const known = this.#prompt.get(network) ?? this.#late.get(network);
    if (known !== undefined) return known;
    const lane: Lane = { network, sockets: new Set(), lateUntilMs: 0 };
    this.#prompt.set(network, lane);
    return lane;
  }

  #spend(startedMs: number): number {
    const tookMs = this.#parts.clock.monotonicMs() - startedMs;
    this.#spentMs += tookMs;
    this.#scheduleTurn();
    return tookMs;
  }

  #scheduleTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(runTurn, this);
  }

  /** Starts the next turn with the frames that wait. */
  turn(): void {
    this.#isTurnDue = false;
    this.#spentMs = 0;
    if (this.#waiting.size === 0) return;
    const nowMs = this.#parts.clock.monotonicMs();
    for (const lane of this.#late.values()) if (lane.lateUntilMs <= nowMs) this.#move(lane, 0);
    while (this.#spentMs < FRAMES_MS_PER_TURN) {
      const [lane] = this.#prompt.size > 0 ? this.#prompt.values() : this.#late.values();
      if (lane === undefined) return;
      this.#runNext(lane);
    }
  }

  /** Handles one frame of the network's next socket. */
  #runNext(lane: Lane): void {
    const [socket] = lane.sockets;
    const backlog = socket === undefined ? undefined : this.#waiting.get(socket);
    if (socket === undefined || backlog === undefined) return;
    lane.sockets.delete(socket);
    const startedMs = this.#parts.clock.monotonicMs();
    this.#handle(socket, backlog);
    const tookMs = this.#spend(startedMs);
    // A pause of the process, such as a garbage collection, isn't the network's work.
    const paidMs = Math.min(tookMs, FRAMES_MS_PER_TURN);
    const waitMs = this.#parts.work.take(socket.address, Math.ceil(paidMs * 1_000));
    if (backlog.events.length > 0) {
      lane.sockets.add(socket);
    } else {
      this.#waiting.delete(socket);
      socket.resume();
    }
    this.#move(lane, waitMs === 0 ? 0 : startedMs + tookMs + waitMs);
  }

  /** Handles the first event of a backlog. */
  #handle(socket: ParticipantSocket, backlog: Backlog): void {
    const { handler } = this.#parts;
    const event = backlog.events.shift();
    if (event === undefined) return;
    if (typeof event === 'object' && 'closedWith' in event) {
      handler.closed(socket, event.closedWith);
      return;
    }
    if (event !== 'flooded') backlog.chars -= event.text.length;
    // If the server closed the socket, its remaining frames are ignored.
    if (socket.closedFor !== null) return;
    if (event === 'flooded') handler.flooded(socket);
    else handler.frame(socket, event.text, event.byteLength, event.receivedAtMs);
  }

  /** Puts a network behind the others, or removes it if it has no waiting frames. */
  #move(lane: Lane, lateUntilMs: number): void {
    this.#prompt.delete(lane.network);
    this.#late.delete(lane.network);
    lane.lateUntilMs = lateUntilMs;
    if (lane.sockets.size === 0) return;
    (lateUntilMs === 0 ? this.#prompt : this.#late).set(lane.network, lane);
  }
}

function hasRoom({ events, chars }: Backlog, length: number): boolean {
  return events.length < FRAMES_WAITING_MAX && chars + length <= FRAMES_WAITING_CHARS_MAX;
}

function runTurn(turns: FrameTurns): void {
  turns.turn();
}
