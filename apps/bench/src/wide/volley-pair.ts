import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endAll } from '../load/load-fleet.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { VolleyAnswer, VolleyOrder } from './volley.ts';

export type VolleyProgram = 'cluster' | 'bare-resp';

const PATHS: Readonly<Record<VolleyProgram, string>> = {
  cluster: join(import.meta.dirname, 'cluster-node-process.ts'),
  'bare-resp': join(import.meta.dirname, '../floor/bare-resp-node.ts'),
};

export interface Volleys {
  /** µs of CPU per frame, of both processes and the server. */
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
    execArgv: readonly string[] = [],
  ): Promise<VolleyPair> {
    const names = [`${program}-node-1`, `${program}-node-2`] as const;
    const at = program === 'cluster' ? server.url : String(server.port);
    const start = (own: string, other: string, part: string): ChildProcess =>
      fork(PATHS[program], [at, own, other, part], { execArgv: [...execArgv], stdio: 'inherit' });
    const children = [start(...names, 'lead'), start(names[1], names[0], 'follow')] as const;
    await Promise.all(children.map((child) => once(child, 'message')));
    return new VolleyPair(children, server.pid);
  }

  async run(order: VolleyOrder): Promise<Volleys> {
    const [lead] = this.#children;
    const before = this.#cpuUs();
    const answered = once(lead, 'message') as Promise<[VolleyAnswer]>;
    lead.send(order);
    const [{ timesMs }] = await answered;
    const frames = 2 * order.turns * order.framesATurn;
    return { cpuUs: (this.#cpuUs() - before) / frames, timesMs };
  }

  async stop(): Promise<void> {
    await endAll(this.#children);
  }

  #cpuUs(): number {
    const pids = [this.#server, ...this.#children.map(({ pid }) => pid ?? Number.NaN)];
    return pids.reduce((sum, pid) => sum + cpuMicrosecondsOf(pid), 0);
  }
}
