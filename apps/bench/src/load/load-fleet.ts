import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { worstOf } from './generator.ts';
import type { ClientKind, LoadAnswer, LoadRequest, Order, Tally } from './load-order.ts';

/**
 * The load uses two processes, so that each stays below its limit of open files with 18,000
 * clients in total.
 */
const PROCESSES = 2;

type OrderOfAll = Exclude<Order, { do: 'add' }>;

export class LoadFleet {
  readonly #children: readonly ChildProcess[];
  readonly #waiting = new Map<number, PromiseWithResolvers<Tally>>();
  #lastId = 0;
  #clients = 0;

  constructor() {
    this.#children = Array.from({ length: PROCESSES }, () => {
      const child = fork(join(import.meta.dirname, 'load-process.ts'), { stdio: 'inherit' });
      child.on('message', (message) => this.#settle(message as LoadAnswer));
      child.on('exit', (code) => this.#fail(new Error(`a load process ended with ${code}`)));
      return child;
    });
  }

  /** @param port port of the server, or ports of several, which the clients take in turn */
  async add(
    group: string,
    kind: ClientKind,
    port: number | readonly number[],
    count: number,
  ): Promise<void> {
    const ports = typeof port === 'number' ? [port] : port;
    let left = count;
    await Promise.all(
      this.#children.map((_, index) => {
        const share = Math.ceil(left / (this.#children.length - index));
        const first = this.#clients;
        left -= share;
        this.#clients += share;
        return this.#ask(index, group, { do: 'add', kind, ports, first, count: share });
      }),
    );
  }

  /** @throws Error with the first error that any client had */
  async order(group: string, order: OrderOfAll): Promise<Tally> {
    const tallies = this.#children.map((_, index) => this.#ask(index, group, order));
    return sumOf(await Promise.all(tallies));
  }

  /** Gives the order to one process after the other. */
  async orderInTurn(group: string, order: OrderOfAll): Promise<void> {
    for (const index of this.#children.keys()) await this.#ask(index, group, order);
  }

  async stop(): Promise<void> {
    await endAll(this.#children);
  }

  async #ask(index: number, group: string, order: Order): Promise<Tally> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = Promise.withResolvers<Tally>();
    this.#waiting.set(id, answer);
    const phase = index / this.#children.length;
    this.#children[index]?.send({ id, group, order, phase } satisfies LoadRequest);
    return await answer.promise;
  }

  #settle(answer: LoadAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.tally);
    else waiting?.reject(new Error(answer.fault));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Disconnects the forked processes and waits until they have exited. */
export async function endAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    }),
  );
}

function sumOf(tallies: readonly Tally[]): Tally {
  const sum = (pick: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + pick(tally), 0);
  return {
    done: sum(({ done }) => done),
    lost: sum(({ lost }) => lost),
    planned: sum(({ planned }) => planned),
    sent: sum(({ sent }) => sent),
    delivered: sum(({ delivered }) => delivered),
    refused: sum(({ refused }) => refused),
    timesMs: tallies.flatMap(({ timesMs }) => timesMs),
    generator: worstOf(tallies.map(({ generator }) => generator)),
    elapsedMs: Math.max(...tallies.map(({ elapsedMs }) => elapsedMs)),
  };
}
