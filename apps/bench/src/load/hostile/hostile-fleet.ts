import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endAll } from '../load-fleet.ts';
import type { Harm } from './hostile-crew.ts';
import type { HostileRequest } from './hostile-process.ts';

const PROCESSES = 2;
const POLL_EVERY_MS = 100;
const PATIENCE_MS = 60_000;

export class HostileFleet {
  readonly #children: readonly ChildProcess[];

  constructor() {
    this.#children = Array.from({ length: PROCESSES }, () =>
      fork(join(import.meta.dirname, 'hostile-process.ts'), { stdio: 'inherit' }),
    );
  }

  /**
   * Resolves once the server has accepted or refused each socket.
   * @param messagesPerSecond messages that each open socket sends per second
   */
  async strike(port: number, sockets: number, messagesPerSecond: number): Promise<void> {
    const share = Math.ceil(sockets / PROCESSES);
    await Promise.all(
      this.#children.map((child, index) => {
        const orders = { port, first: index * share, sockets: share, messagesPerSecond };
        return ask(child, { do: 'strike', orders });
      }),
    );
    const giveUpAtMs = performance.now() + PATIENCE_MS;
    while ((await this.harm()).begun < share * PROCESSES) {
      if (performance.now() > giveUpAtMs) throw new Error('the attackers did not all begin');
      await delay(POLL_EVERY_MS);
    }
  }

  async harm(): Promise<Harm> {
    return sumOf(await Promise.all(this.#children.map((child) => ask(child, { do: 'tell' }))));
  }

  async stop(): Promise<void> {
    await endAll(this.#children);
  }
}

async function ask(child: ChildProcess, request: HostileRequest): Promise<Harm> {
  const answer = once(child, 'message');
  child.send(request);
  const [harm] = (await answer) as [Harm];
  return harm;
}

function sumOf(harms: readonly Harm[]): Harm {
  const sum = (pick: (harm: Harm) => number): number =>
    harms.reduce((total, harm) => total + pick(harm), 0);
  const closes: Record<string, number> = {};
  for (const harm of harms) {
    for (const [why, times] of Object.entries(harm.closes)) {
      closes[why] = (closes[why] ?? 0) + times;
    }
  }
  return {
    messages: sum(({ messages }) => messages),
    opened: sum(({ opened }) => opened),
    refused: sum(({ refused }) => refused),
    open: sum(({ open }) => open),
    begun: sum(({ begun }) => begun),
    closes,
  };
}
