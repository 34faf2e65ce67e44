export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

export interface Inside {
  readonly memory: Memory;
  /** Number of resources that keep the event loop alive, by resource type. */
  readonly resources: Readonly<Record<string, number>>;
}

const EXPRESSION = `JSON.stringify({
  memory: process.memoryUsage(),
  resources: Object.fromEntries(
    Object.entries(Object.groupBy(process.getActiveResourcesInfo(), (kind) => kind))
      .map(([kind, all]) => [kind, all.length])
  ),
})`;

/**
 * Reads the memory and resources of a process on Node or Bun through one debugger connection. The
 * process needs only the flag `--inspect`. Bun lists no resources.
 */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Reply>>();
  #lastId = 0;
  #isBun = false;

  /** @param url debugger address that the runtime prints when it runs with `--inspect` */
  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error('the debugger does not answer')));
    });
    const inspector = new Inspector(socket);
    inspector.#isBun = (await inspector.evaluate("'Bun' in globalThis")) === true;
    return inspector;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id === undefined) return;
      this.#waiting.get(reply.id)?.resolve(reply);
      this.#waiting.delete(reply.id);
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the process ended'));
      this.#waiting.clear();
    });
  }

  /**
   * Requests garbage collection twice, because finalizers that run after the first one free more
   * memory.
   */
  async collectGarbage(): Promise<void> {
    if (this.#isBun) {
      await this.evaluate('Bun.gc(true), Bun.gc(true)');
      return;
    }
    await this.#ask('HeapProfiler.collectGarbage');
    await this.#ask('HeapProfiler.collectGarbage');
  }

  async look(): Promise<Inside> {
    return JSON.parse(String(await this.evaluate(EXPRESSION))) as Inside;
  }

  /** Returns the value of a JavaScript expression in the process. */
  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.#ask('Runtime.evaluate', { expression, returnByValue: true });
    return result?.result?.value;
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: string, params: object = {}): Promise<Reply> {
    this.#lastId += 1;
    const id = this.#lastId;
    const reply = Promise.withResolvers<Reply>();
    this.#waiting.set(id, reply);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return await reply.promise;
  }
}
