import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { RuntimeCommand } from './bun.ts';
import { MADE_UP_COOKIE } from './handshake.ts';
import { SOCKETS_ORIGIN } from './listening-sockets.ts';
import type { Order, Told } from './sockets-main.ts';

const MAIN = join(import.meta.dirname, 'sockets-main.ts');

/** Nobody may be waiting when the process ends. */
function freshWake(): PromiseWithResolvers<void> {
  const wake = Promise.withResolvers<void>();
  wake.promise.catch(() => {});
  return wake;
}

type ToldOf<Kind extends Told['told']> = Extract<Told, { readonly told: Kind }>;

/** A node's sockets in a process of either runtime, and clients of them in this process. */
export class RemoteSockets {
  readonly #child: ChildProcess;
  #port = 0;
  #told: Told[] = [];
  #wake = freshWake();

  constructor({ command: [program, ...options] }: RuntimeCommand) {
    this.#child = spawn(program, [...options, MAIN], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (told: Told) => {
      this.#told.push(told);
      const { resolve } = this.#wake;
      this.#wake = freshWake();
      resolve();
    });
    this.#child.on('exit', () => this.#wake.reject(new Error('the process of the sockets ended')));
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    this.#port = (await this.next('listening')).port;
  }

  /** Takes the first event of a kind out of the events, and waits for it if there is none. */
  async next<Kind extends Told['told']>(
    kind: Kind,
    matches: (told: ToldOf<Kind>) => boolean = () => true,
  ): Promise<ToldOf<Kind>> {
    for (;;) {
      const at = this.#told.findIndex(
        (told) => told.told === kind && matches(told as ToldOf<Kind>),
      );
      if (at >= 0) return this.#told.splice(at, 1)[0] as ToldOf<Kind>;
      await this.#wake.promise;
    }
  }

  /** Returns the events so far that no `next` took, and forgets them. */
  takeRest(): readonly Told[] {
    return this.#told.splice(0);
  }

  /** @returns the number of open and closing sockets afterwards */
  async obey(order: Order): Promise<number> {
    this.#child.send(order);
    return (await this.next('done')).size;
  }

  /** Opens a WebSocket. Returns it with the node's name of it. */
  async connect(): Promise<{ readonly socket: WebSocket; readonly id: string }> {
    const socket = this.open();
    const [{ id, facts }] = await Promise.all([this.next('opened'), once(socket, 'open')]);
    assert.deepEqual(facts, {
      subject: 'subject-of-aaaa',
      clientAddress: '127.0.0.1',
      isLocal: true,
    });
    return { socket, id };
  }

  open(headers: Readonly<Record<string, string>> = {}, token = 'token'): WebSocket {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/ws`, ['farandole', token], {
      origin: SOCKETS_ORIGIN,
      headers: { Cookie: MADE_UP_COOKIE, ...headers },
    });
    socket.on('error', () => {});
    return socket;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
