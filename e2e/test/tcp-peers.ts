import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { TcpConditions } from '../support/faults.ts';
import { TcpFaultProxy } from '../support/tcp-fault-proxy.ts';
import type { TcpLink } from '../support/tcp-link.ts';

export class Peer {
  readonly socket: Socket;
  #got = Buffer.alloc(0);
  #state: 'open' | 'ended' | 'reset' | 'closed' = 'open';
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#got = Buffer.concat([this.#got, chunk]);
      this.#wake();
    });
    socket.on('end', () => this.#become('ended'));
    socket.on('error', () => this.#become('reset'));
    socket.on('close', () => {
      if (this.#state === 'open') this.#become('closed');
    });
  }

  /** `open`, `ended` after a FIN, or `reset` after an RST. */
  get state(): string {
    return this.#state;
  }

  get got(): string {
    return this.#got.toString('latin1');
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }

  async until(bytes: number): Promise<string> {
    while (this.#got.length < bytes) await this.#change();
    return this.got;
  }

  async untilOver(): Promise<string> {
    while (this.#state === 'open') await this.#change();
    return this.#state;
  }

  #become(state: 'ended' | 'reset' | 'closed'): void {
    this.#state = state;
    this.#wake();
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

export interface Pair {
  readonly client: Peer;
  readonly server: Peer;
  readonly link: TcpLink;
}

export interface Bench {
  readonly proxy: TcpFaultProxy;
  pair(conditions?: TcpConditions): Promise<Pair>;
  client(): Socket;
}

/** Starts a proxy in front of a server that sends nothing by itself. */
export async function tcpBench(t: TestContext): Promise<Bench> {
  let conditions: TcpConditions = {};
  const accepted: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const links: TcpLink[] = [];
  const proxy = await TcpFaultProxy.start({
    targetPort: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    keepsSource: true,
    conditionsFor: () => conditions,
    onLink: (link) => links.push(link),
  });
  const open: Socket[] = [];
  t.after(async () => {
    await proxy.stop();
    for (const socket of [...open, ...accepted]) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const client = (): Socket => {
    const socket = connect({
      port: proxy.port,
      host: '127.0.0.1',
      localAddress: '127.0.7.7',
      allowHalfOpen: true,
      noDelay: true,
    });
    open.push(socket);
    return socket;
  };
  return {
    proxy,
    client,
    pair: async (next = {}) => {
      conditions = next;
      const connected = once(server, 'connection') as Promise<[Socket]>;
      const socket = new Peer(client());
      const [other] = await connected;
      accepted.push(other);
      const link = links.at(-1);
      if (link === undefined) throw new Error('the proxy did not tell of its link');
      return { client: socket, server: new Peer(other), link };
    },
  };
}
