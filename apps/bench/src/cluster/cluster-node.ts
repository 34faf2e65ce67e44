import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '@farandole/e2e/http';
import { ROOT, type RunningProgram, startProgram } from '@farandole/e2e/process';

const MAIN = join(ROOT, 'apps/server/src/main.ts');
const POLL_MS = 50;
const OUTPUT_LAST_CHARS = 4_000;

/** One node in a separate process, started as an operator starts it. */
export class ClusterNode {
  readonly name: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly env: Readonly<Record<string, string>>;
  #program: RunningProgram | null = null;

  /** @param env settings, with fixed ports for the node and for its metrics */
  constructor(name: string, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.env = env;
    this.port = Number(env['PORT']);
    this.metricsPort = Number(env['FARANDOLE_METRICS_PORT']);
  }

  get isRunning(): boolean {
    return this.#program !== null && !this.#program.hasEnded();
  }

  /** Null while the process doesn't run. */
  get pid(): number | null {
    return this.#program !== null && this.isRunning ? this.#program.pid : null;
  }

  get output(): string {
    return this.#program?.output() ?? '';
  }

  /**
   * Starts the process and resolves when the node listens.
   * @param env settings of this start alone
   */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#program = startProgram(process.execPath, [MAIN], { ...this.env, ...env });
    await this.#program.printed(/^Metrics are at /m);
  }

  /** Ends the process. A graceful stop (SIGTERM) resolves after the node has moved its users. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.signal('SIGCONT');
    await this.#program?.stop(signal);
  }

  /** Sends a signal without waiting, for example SIGSTOP, which suspends the process. */
  signal(signal: NodeJS.Signals): void {
    if (this.#program !== null && this.isRunning) process.kill(this.#program.pid, signal);
  }

  async readiness(): Promise<readonly [status: number, text: string]> {
    const answer = await ask({ port: this.port, path: '/readyz' });
    return [answer.status, answer.text()];
  }

  /** Reads one sample of the metrics, named with its labels; null if there is none. */
  async metric(name: string): Promise<number | null> {
    const answer = await ask({ port: this.metricsPort, path: '/metrics' });
    const line = answer
      .text()
      .split('\n')
      .find((each) => each.startsWith(`${name} `));
    return line === undefined ? null : Number(line.slice(name.length + 1));
  }

  /** Resolves when this node opens sessions, some time after its start. */
  async joined(): Promise<void> {
    while ((await this.readiness())[1].startsWith('joining')) await delay(POLL_MS);
  }

  /** Resolves when this node counts `count` nodes, itself included. */
  async sees(count: number): Promise<void> {
    while ((await this.metric('farandole_nodes')) !== count) await delay(POLL_MS);
  }

  /** Last part of the output, for messages about failures. */
  get lastOutput(): string {
    return this.output.slice(-OUTPUT_LAST_CHARS);
  }
}
