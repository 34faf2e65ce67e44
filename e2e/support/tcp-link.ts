import type { Socket } from 'node:net';
import { DelayLine } from './delay-line.ts';
import type { CutKind, Direction, TcpConditions } from './faults.ts';

/** What waits in one direction before its reader is asked to stop. */
const WAITING_BYTES_MAX = 64 * 1024;
/** A narrow way is given bytes in pieces so small that each takes about so long. */
const PIECE_MS = 10;

const FIN = Symbol('the end of a direction');

interface Lane {
  readonly direction: Direction;
  readonly source: Socket;
  readonly sink: Socket;
  readonly line: DelayLine<Buffer | typeof FIN>;
  /** Bytes that went on. */
  passed: number;
  isFinHeld: boolean;
  /** What waits for the end of a stall. */
  readonly stalled: (Buffer | typeof FIN)[];
}

/** One connection through the proxy: two sockets, and what goes wrong between them. */
export class TcpLink {
  /** The client's address. */
  readonly from: string;
  readonly #downstream: Socket;
  readonly #conditions: TcpConditions;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  #cutBy: CutKind | null = null;
  #isStalled = false;
  #open = 2;
  /** Told once, when the connection is cut, with how. */
  onCut: ((kind: CutKind) => void) | null = null;
  /** Told once, when both sockets are gone. */
  onGone: (() => void) | null = null;

  constructor(from: string, downstream: Socket, upstream: Socket, conditions: TcpConditions) {
    this.from = from;
    this.#downstream = downstream;
    this.#conditions = conditions;
    this.#lanes = {
      up: this.#lane('up', downstream, upstream),
      down: this.#lane('down', upstream, downstream),
    };
    for (const [socket, other] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      // 'close' follows, and tells whether it was an error.
      socket.on('error', () => {});
      socket.on('close', (hadError) => this.#closed(socket, other, hadError));
    }
  }

  /** Bytes that have gone on in a direction. */
  passed(direction: Direction): number {
    return this.#lanes[direction].passed;
  }

  /** How it was cut; null while it was not. */
  get cutBy(): CutKind | null {
    return this.#cutBy;
  }

  /** Lets bytes pass; called once, when whoever wants to know of the link knows of it. */
  begin(): void {
    this.#cutIfReached('up');
    this.#cutIfReached('down');
    for (const lane of [this.#lanes.up, this.#lanes.down]) {
      lane.source.on('data', (chunk: Buffer) => this.#take(lane, chunk));
      lane.source.on('end', () => this.#takeFin(lane));
      lane.sink.on('drain', () => lane.source.resume());
    }
    this.#downstream.resume();
  }

  /** Cuts it now. What is on its way here is lost, unless it is a stall; a second cut changes nothing. */
  cut(kind: CutKind): void {
    if (this.#cutBy !== null) return;
    this.#cutBy = kind;
    this.#isStalled = kind === 'stall';
    if (!this.#isStalled) this.#end(kind);
    this.onCut?.(kind);
  }

  /** The end of a stall: all that waited goes on, and what comes now goes on at once. */
  release(): void {
    if (!this.#isStalled) return;
    this.#isStalled = false;
    for (const lane of [this.#lanes.up, this.#lanes.down]) {
      for (const item of lane.stalled.splice(0)) this.#pass(lane, item);
    }
  }

  #end(kind: CutKind): void {
    for (const lane of [this.#lanes.up, this.#lanes.down]) {
      lane.line.clear();
      if (kind === 'reset') lane.sink.resetAndDestroy();
      if (kind === 'finish') lane.sink.end();
      // What was cut is still read, so that nobody notices by a full buffer.
      lane.source.resume();
    }
  }

  /** Passes on the FINs that a slow close held back. */
  releaseFin(): void {
    for (const lane of [this.#lanes.up, this.#lanes.down]) {
      if (lane.isFinHeld && !this.#isOver) lane.sink.end();
      lane.isFinHeld = false;
    }
  }

  destroy(): void {
    for (const lane of [this.#lanes.up, this.#lanes.down]) {
      lane.line.clear();
      lane.sink.resetAndDestroy();
    }
  }

  /** Whether nothing passes any more, ever. */
  get #isOver(): boolean {
    return this.#cutBy !== null && this.#cutBy !== 'stall';
  }

  #lane(direction: Direction, source: Socket, sink: Socket): Lane {
    const lane: Lane = {
      direction,
      source,
      sink,
      line: new DelayLine(this.#conditions, (item) => this.#pass(lane, item)),
      passed: 0,
      isFinHeld: false,
      stalled: [],
    };
    return lane;
  }

  #take(lane: Lane, chunk: Buffer): void {
    if (this.#isOver) return;
    const { bytesPerSecond } = this.#conditions;
    if (bytesPerSecond === undefined) {
      lane.line.push(chunk, chunk.length);
    } else {
      const piece = Math.max(1, Math.floor((bytesPerSecond * PIECE_MS) / 1_000));
      for (let at = 0; at < chunk.length; at += piece) {
        const part = chunk.subarray(at, at + piece);
        lane.line.push(part, part.length);
      }
    }
    if (lane.line.bytes > WAITING_BYTES_MAX) lane.source.pause();
  }

  #takeFin(lane: Lane): void {
    if (!this.#isOver) {
      lane.line.push(FIN, 0);
    } else if (this.#cutBy === 'vanish') {
      // It has gone and waits for nothing: only the other end must not learn of it.
      lane.source.end();
    }
  }

  #pass(lane: Lane, item: Buffer | typeof FIN): void {
    if (this.#isStalled) {
      lane.stalled.push(item);
      return;
    }
    if (item === FIN) {
      if (this.#conditions.holdsFin === true) lane.isFinHeld = true;
      else lane.sink.end();
      return;
    }
    const left = this.#bytesLeft(lane);
    const part = item.length > left ? item.subarray(0, left) : item;
    lane.passed += part.length;
    const hasRoom = part.length === 0 || lane.sink.write(part);
    this.#cutIfReached(lane.direction);
    if (part.length < item.length && !this.#isOver) lane.stalled.push(item.subarray(part.length));
    if (!hasRoom) lane.source.pause();
    else if (lane.line.bytes <= WAITING_BYTES_MAX) lane.source.resume();
  }

  /** Bytes that may pass before the cut. */
  #bytesLeft(lane: Lane): number {
    const { cut } = this.#conditions;
    const wasCut = this.#cutBy !== null;
    if (wasCut || cut?.direction !== lane.direction) return Number.POSITIVE_INFINITY;
    return cut.afterBytes - lane.passed;
  }

  /** A cut waits for what was written to be the system's: a reset would take it back. */
  #cutIfReached(direction: Direction): void {
    const { cut } = this.#conditions;
    const lane = this.#lanes[direction];
    if (cut === undefined || this.#bytesLeft(lane) > 0 || this.#cutBy !== null) return;
    if (lane.sink.writableLength === 0) this.cut(cut.kind);
    else lane.sink.write('', () => this.cut(cut.kind));
  }

  #closed(socket: Socket, other: Socket, hadError: boolean): void {
    this.#open -= 1;
    if (this.#isStalled && hadError && this.#open > 0) {
      // Its reset waits behind its bytes, and arrives as an end.
      for (const lane of [this.#lanes.up, this.#lanes.down]) {
        if (lane.source === socket) lane.line.push(FIN, 0);
      }
      return;
    }
    if (this.#open === 0) {
      for (const lane of [this.#lanes.up, this.#lanes.down]) lane.line.clear();
      this.onGone?.();
    } else if (this.#cutBy === 'finish') {
      other.destroy();
    } else if (!this.#isOver && hadError) {
      other.resetAndDestroy();
    }
  }
}
