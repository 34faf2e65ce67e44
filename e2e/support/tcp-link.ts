import type { Socket } from 'node:net';
import { DelayLine } from './delay-line.ts';
import type { CutKind, Direction, TcpConditions } from './faults.ts';

/** Backlog per direction before reading pauses. */
const WAITING_BYTES_MAX = 64 * 1024;
/** Splits bytes so that each piece takes about this long. */
const PIECE_MS = 10;

const FIN = Symbol('the end of a direction');

interface Lane {
  readonly direction: Direction;
  readonly source: Socket;
  readonly sink: Socket;
  readonly line: DelayLine<Buffer | typeof FIN>;
  passed: number;
  isFinHeld: boolean;
  /** Waits for the end of a stall. */
  readonly stalled: (Buffer | typeof FIN)[];
}

export class TcpLink {
  readonly from: string;
  readonly #downstream: Socket;
  readonly #conditions: TcpConditions;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  #cutBy: CutKind | null = null;
  #isStalled = false;
  #open = 2;
  onCut: ((kind: CutKind) => void) | null = null;
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
      // 'close' follows and tells whether there was an error.
      socket.on('error', () => {});
      socket.on('close', (hadError) => this.#closed(socket, other, hadError));
    }
  }

  passed(direction: Direction): number {
    return this.#lanes[direction].passed;
  }

  get cutBy(): CutKind | null {
    return this.#cutBy;
  }

  /** Starts forwarding; called once, after handlers are set. */
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

  /** Cuts now, dropping bytes in flight unless it is a stall. A second cut has no effect. */
  cut(kind: CutKind): void {
    if (this.#cutBy !== null) return;
    this.#cutBy = kind;
    this.#isStalled = kind === 'stall';
    if (!this.#isStalled) this.#end(kind);
    this.onCut?.(kind);
  }

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
      // A cut connection is still read, so that no full buffer reveals it.
      lane.source.resume();
    }
  }

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
      // It left; only the other end must not notice.
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

  #bytesLeft(lane: Lane): number {
    const { cut } = this.#conditions;
    const wasCut = this.#cutBy !== null;
    if (wasCut || cut?.direction !== lane.direction) return Number.POSITIVE_INFINITY;
    return cut.afterBytes - lane.passed;
  }

  /** Waits until written bytes reached the kernel, because a reset would discard them. */
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
      // A paused socket delivers its reset after its bytes, as an end.
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
