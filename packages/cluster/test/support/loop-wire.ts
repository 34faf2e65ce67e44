import type { Wire, WireListener } from '../../src/valkey/wire.ts';

/** A server within the process that delivers each published batch at once. */
export class LoopServer {
  readonly #wires = new Set<LoopWire>();
  readonly published: { readonly channel: string; readonly bytes: Buffer }[] = [];

  connect(): LoopWire {
    const wire = new LoopWire((channel, bytes) => {
      this.published.push({ channel, bytes });
      for (const each of this.#wires) each.deliver(channel, bytes);
    });
    this.#wires.add(wire);
    return wire;
  }
}

export class LoopWire implements Wire {
  readonly isUp = true;
  isSubscribing = false;
  readonly errorCode = null;
  readonly #channels = new Set<string>();
  readonly #publish: (channel: string, bytes: Buffer) => void;
  #listener: WireListener | null = null;

  constructor(publish: (channel: string, bytes: Buffer) => void) {
    this.#publish = publish;
  }

  attach(listener: WireListener): void {
    this.#listener = listener;
  }

  deliver(channel: string, bytes: Buffer): void {
    if (this.#channels.has(channel)) this.#listener?.message(channel, bytes);
  }

  publish(channel: string, bytes: Buffer): void {
    this.#publish(channel, bytes);
  }

  subscribe(channel: string): void {
    this.#channels.add(channel);
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
  }

  async run(
    _script: string,
    _keys: readonly string[],
    _args: readonly (string | number)[],
  ): Promise<unknown> {
    throw new Error('This server runs no scripts.');
  }

  reset(): void {}

  async settled(): Promise<void> {}

  close(): void {}
}
