import type { Socket } from 'node:net';
import { DelayLine } from './delay-line.ts';
import type { CutKind, Direction, TcpConditions } from './faults.ts';

/**
 * Number of bytes that may wait to be forwarded per direction. Above it, the proxy stops reading
 * from the sender.
 */
const WAITING_BYTES_MAX = 64 * 1024;
/**
 * Time in ms that each piece takes at the given bandwidth, because bytes are forwarded in
 * pieces.
 */
const PIECE_MS = 10;

const FIN = Symbol('the end of a direction');

interface Flow {
  readonly direction: Direction;
  readonly source: Socket;
  readonly sink: Socket;
  readonly line: DelayLine<Buffer | typeof FIN>;
  passed: number;
  isFinHeld: boolean;
  /** Bytes and FINs that wait for the end of a stall. */
  readonly stalled: (Buffer | typeof FIN)[];
}

export class TcpLink {
  readonly from: string;
  readonly #downstream: Socket;
  readonly #conditions: TcpConditions;
  readonly #flows: Readonly<Record<Direction, Flow>>;
  #cutBy: CutKind | null = null;
  #isStalled = false;
  #open = 2;
  onCut: ((kind: CutKind) => void) | null = null;
  onGone: (() => void) | null = null;

  constructor(from: string, downstream: Socket, upstream: Socket, conditions: TcpConditions) {
    this.from = from;
    this.#downstream = downstream;
    this.#conditions = conditions;
    this.#flows = {
      up: this.#flow('up', downstream, upstream),
      down: this.#flow('down', upstream, downstream),
    };
    for (const [socket, other] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      // The error is ignored, because 'close' follows and reports whether there was an error.
      socket.on('error', () => {});
      socket.on('close', (hadError) => this.#closed(socket, other, hadError));
    }
  }

  passed(direction: Direction): number {
    return this.#flows[direction].passed;
  }

  get cutBy(): CutKind | null {
    return this.#cutBy;
  }

  /** Starts forwarding. Called once, after the handlers are set. */
  begin(): void {
    this.#cutIfReached('up');
    this.#cutIfReached('down');
    for (const flow of [this.#flows.up, this.#flows.down]) {
      flow.source.on('data', (chunk: Buffer) => this.#take(flow, chunk));
      flow.source.on('end', () => this.#takeFin(flow));
      flow.sink.on('drain', () => flow.source.resume());
    }
    this.#downstream.resume();
  }

  /**
   * Cuts the connection now. Bytes in flight are dropped, except in a stall. A second cut has no
   * effect.
   */
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
    for (const flow of [this.#flows.up, this.#flows.down]) {
      for (const item of flow.stalled.splice(0)) this.#pass(flow, item);
    }
  }

  #end(kind: CutKind): void {
    for (const flow of [this.#flows.up, this.#flows.down]) {
      flow.line.clear();
      if (kind === 'reset') flow.sink.resetAndDestroy();
      if (kind === 'finish') flow.sink.end();
      // The proxy still reads from a cut connection, because a full buffer would reveal the cut.
      flow.source.resume();
    }
  }

  releaseFin(): void {
    for (const flow of [this.#flows.up, this.#flows.down]) {
      if (flow.isFinHeld && !this.#isOver) flow.sink.end();
      flow.isFinHeld = false;
    }
  }

  destroy(): void {
    for (const flow of [this.#flows.up, this.#flows.down]) {
      flow.line.clear();
      flow.sink.resetAndDestroy();
    }
  }

  get #isOver(): boolean {
    return this.#cutBy !== null && this.#cutBy !== 'stall';
  }

  #flow(direction: Direction, source: Socket, sink: Socket): Flow {
    const flow: Flow = {
      direction,
      source,
      sink,
      line: new DelayLine(this.#conditions, (item) => this.#pass(flow, item)),
      passed: 0,
      isFinHeld: false,
      stalled: [],
    };
    return flow;
  }

  #take(flow: Flow, chunk: Buffer): void {
    if (this.#isOver) return;
    const { bytesPerSecond } = this.#conditions;
    if (bytesPerSecond === undefined) {
      flow.line.push(chunk, chunk.length);
    } else {
      const piece = Math.max(1, Math.floor((bytesPerSecond * PIECE_MS) / 1_000));
      for (let at = 0; at < chunk.length; at += piece) {
        const part = chunk.subarray(at, at + piece);
        flow.line.push(part, part.length);
      }
    }
    if (flow.line.bytes > WAITING_BYTES_MAX) flow.source.pause();
  }

  #takeFin(flow: Flow): void {
    if (!this.#isOver) {
      flow.line.push(FIN, 0);
    } else if (this.#cutBy === 'vanish') {
      // The sender closed normally, so the sender gets its FIN. Only the other end must not notice
      // the close.
      flow.source.end();
    }
  }

  #pass(flow: Flow, item: Buffer | typeof FIN): void {
    if (this.#isStalled) {
      flow.stalled.push(item);
      return;
    }
    if (item === FIN) {
      if (this.#conditions.holdsFin === true) flow.isFinHeld = true;
      else flow.sink.end();
      return;
    }
    const left = this.#bytesLeft(flow);
    const part = item.length > left ? item.subarray(0, left) : item;
    flow.passed += part.length;
    const hasRoom = part.length === 0 || flow.sink.write(part);
    this.#cutIfReached(flow.direction);
    if (part.length < item.length && !this.#isOver) flow.stalled.push(item.subarray(part.length));
    if (!hasRoom) flow.source.pause();
    else if (flow.line.bytes <= WAITING_BYTES_MAX) flow.source.resume();
  }

  #bytesLeft(flow: Flow): number {
    const { cut } = this.#conditions;
    const wasCut = this.#cutBy !== null;
    if (wasCut || cut?.direction !== flow.direction) return Number.POSITIVE_INFINITY;
    return cut.afterBytes - flow.passed;
  }

  /** Waits until the written bytes are in the kernel, because a reset would discard them. */
  #cutIfReached(direction: Direction): void {
    const { cut } = this.#conditions;
    const flow = this.#flows[direction];
    if (cut === undefined || this.#bytesLeft(flow) > 0 || this.#cutBy !== null) return;
    if (flow.sink.writableLength === 0) this.cut(cut.kind);
    else flow.sink.write('', () => this.cut(cut.kind));
  }

  #closed(socket: Socket, other: Socket, hadError: boolean): void {
    this.#open -= 1;
    if (this.#isStalled && hadError && this.#open > 0) {
      // A paused socket would report the reset as an ordinary end, after its remaining bytes.
      for (const flow of [this.#flows.up, this.#flows.down]) {
        if (flow.source === socket) flow.line.push(FIN, 0);
      }
      return;
    }
    if (this.#open === 0) {
      for (const flow of [this.#flows.up, this.#flows.down]) flow.line.clear();
      this.onGone?.();
    } else if (this.#cutBy === 'finish') {
      other.destroy();
    } else if (!this.#isOver && hadError) {
      other.resetAndDestroy();
    }
  }
}
