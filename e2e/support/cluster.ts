import { join } from 'node:path';
import { Haproxy } from './haproxy.ts';
import { ask } from './http.ts';
import { ROOT, type RunningProgram, startProgram } from './process.ts';

/** Several nodes behind haproxy, in the program of `npm run cluster`. */
export class Cluster {
  readonly #program: RunningProgram;
  readonly #metricsPorts = new Map<string, number>();
  #haproxy: Haproxy | null = null;
  #url = '';

  constructor(nodes: number) {
    const main = join(ROOT, 'apps/bench/src/cluster/main.ts');
    this.#program = startProgram(process.execPath, [main, 'up', '--nodes', String(nodes)]);
  }

  /** Resolves when the page can be opened. */
  async ready(): Promise<void> {
    [, this.#url = ''] = await this.#program.printed(/^The page is at (\S+)$/m);
    const [, adminSocket = ''] = await this.#program.printed(/haproxy takes commands at (\S+)/);
    this.#haproxy = new Haproxy(adminSocket);
    const nodes = /^ {2}(node\d+): .* metrics at http:\/\/127\.0\.0\.1:(\d+)$/gm;
    for (const [, name = '', port] of this.#program.output().matchAll(nodes)) {
      this.#metricsPorts.set(name, Number(port));
    }
  }

  get url(): string {
    return this.#url;
  }

  /** Lets only these nodes take new connections. Open connections stay. */
  async admitOnly(...admitted: readonly string[]): Promise<void> {
    // A page that loads files meanwhile needs a node at any time.
    for (const name of admitted) await this.#haproxy?.admit(name, true);
    for (const name of this.#metricsPorts.keys()) {
      if (!admitted.includes(name)) await this.#haproxy?.admit(name, false);
    }
  }

  /** Cuts all open connections to a node. */
  async cut(node: string): Promise<void> {
    await this.#haproxy?.cut(node);
  }

  /** Number of WebSockets that a node has open. */
  async sockets(node: string): Promise<number> {
    const { text } = await ask({ port: this.#metricsPorts.get(node) ?? 0, path: '/metrics' });
    return Number(/^farandole_sockets (.*)$/m.exec(text())?.[1]);
  }

  output(): string {
    return this.#program.output();
  }

  async stop(): Promise<void> {
    await this.#program.stop('SIGTERM');
  }
}
