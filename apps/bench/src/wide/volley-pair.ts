import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endAll } from '../load/load-fleet.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { VolleyAnswer, VolleyOrder } from './volley.ts';

export type VolleyProgram = 'cluster' | 'bare-resp';

const PATHS: Readonly<Record<VolleyProgram, string>> = {
  cluster: join(import.meta.dirname, 'cluster-node-process.ts'),
  'bare-resp': join(import.meta.dirname, '../floor/bare-resp-node.ts'),
};

const IDLE_MS = 400;

export interface Volleys {
  /** µs of CPU per frame, of both processes and the server, after their idle cost is subtracted. */
  readonly cpuUs: number;
  readonly timesMs: readonly number[];
}

/** Two processes of one program, connected through one Valkey server. */
export class VolleyPair {
  readonly #children: readonly [ChildProcess, ChildProcess];
  readonly #server: number;

  private constructor(children: readonly [ChildProcess, ChildProcess], server: number) {
    this.#children = children;
    this.#server = server;
  }

  /** @param server the server's process id, URL and port */
  static async start(
    program: VolleyProgram,
    server: { readonly pid: number; readonly url: string; readonly port: number },
  ): Promise<VolleyPair> {
    const names = [`${program}-node-1`, `${program}-node-2`] as const;
    const at = program === 'cluster' ? server.url : String(server.port);
    const start = (own: string, other: string, part: string): ChildProcess =>
      fork(PATHS[program], [at, own, other, part], { stdio: 'inherit' });
    const children = [start(...names, 'lead'), start(names[1], names[0], 'follow')] as const;
    await Promise.all(children.map((child) => once(child, 'message')));
    return new VolleyPair(children, server.pid);
  }

  async run(order: VolleyOrder): Promise<Volleys> {
    const [lead] = this.#children;
    const idlePerMs = await this.#idlePerMs();
    const startedMs = performance.now();
    const before = this.#cpuUs();
    const answered = once(lead, 'message') as Promise<[VolleyAnswer]>;
    lead.send(order);
    const [{ timesMs }] = await answered;
    const spent = this.#cpuUs() - before - idlePerMs * (performance.now() - startedMs);
    return { cpuUs: spent / (2 * order.turns * order.framesATurn), timesMs };
  }

  async stop(): Promise<void> {
    await endAll(this.#children);
  }

  /** Nodes have ticks and beats, which no frame causes. */
  async #idlePerMs(): Promise<number> {
    const startedMs = performance.now();
    const before = this.#cpuUs();
    await delay(IDLE_MS);
    return (this.#cpuUs() - before) / (performance.now() - startedMs);
  }

  #cpuUs(): number {
    const pids = [this.#server, ...this.#children.map(({ pid }) => pid ?? Number.NaN)];
    return pids.reduce((sum, pid) => sum + cpuMicrosecondsOf(pid), 0);
  }
}
