import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TcpFaultProxy } from '@farandole/e2e/tcp-fault-proxy';
import { createPrng } from '@farandole/kernel/prng';
import { startServer } from '../../src/start-server.ts';
import { testConfig } from '../support/test-server.ts';
import { Conversation } from './conversation.ts';
import { Errand } from './errand.ts';
import { addFaults, type Faults, NO_FAULTS } from './faults.ts';
import type { ResumingPage } from './resuming-page.ts';
import {
  type Lengths,
  longer,
  type Script,
  type ScriptOutcome,
  type ScriptPlan,
} from './script.ts';

export type ScriptName = 'talk' | 'errands';

export interface ResumeRunOptions {
  readonly seed: number;
  /** Kind of conversation, `talk` by default. */
  readonly script?: ScriptName;
  readonly parallel: number;
  /** Plans, one per conversation. The next conversation starts when a slot is free. */
  readonly plans: Iterator<ScriptPlan, void>;
  /** Time in ms without an event after which a conversation has failed. */
  readonly patienceMs: number;
  readonly stopsAtFault: boolean;
}

export interface ResumeOutcome extends Faults {
  readonly conversations: number;
  readonly cycles: number;
  readonly pastTheEnd: number;
  readonly linesSent: number;
  readonly refused: number;
  readonly resets: number;
  readonly failures: readonly string[];
  readonly failed: number;
  readonly opening: Lengths;
  readonly resumed: Lengths;
}

const STILLNESS_POLL_MS = 1_000;
const SLOW_CLOSE_MS = 200;
const FAILURES_PRINTED_MAX = 5;

const NOTHING: ResumeOutcome = {
  ...NO_FAULTS,
  conversations: 0,
  cycles: 0,
  pastTheEnd: 0,
  linesSent: 0,
  refused: 0,
  resets: 0,
  failures: [],
  failed: 0,
  opening: { up: 0, down: 0 },
  resumed: { up: 0, down: 0 },
};

/** Returns true if lines were faulty, sessions were reset or conversations failed. */
export function isFaulty({ lost, doubled, reordered, failed, resets }: ResumeOutcome): boolean {
  return lost + doubled + reordered + failed + resets > 0;
}

/**
 * Number of the first /24 network in 127/8 that these pages use. Other tests use the networks
 * before it.
 */
const NETWORKS_FROM = 256;
const NETWORKS = 65_536 - NETWORKS_FROM;

/**
 * Returns the address of the `index`-th page. Each page has a separate network, so that no
 * network limit applies.
 */
function addressOf(index: number): string {
  const network = NETWORKS_FROM + (index % NETWORKS);
  const host = 1 + (Math.floor(index / NETWORKS) % 250);
  return `127.${network >> 8}.${network & 0xff}.${host}`;
}

/**
 * Runs concurrent conversations with a real node, behind a proxy that cuts connections.
 *
 * The seed determines lines and cuts but not the machine's timing, so it reproduces a fault often,
 * but not always.
 */
export async function runResumes(options: ResumeRunOptions): Promise<ResumeOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-resume-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><html lang="en"></html>\n');
  const server = await startServer({
    config: testConfig({ FARANDOLE_DATA_DIR: join(folder, 'data') }),
    pagesDir: folder,
    log: () => {},
  });
  const pages = new Map<string, ResumingPage>();
  const proxy = await TcpFaultProxy.start({
    targetPort: server.port,
    host: '127.0.0.1',
    keepsSource: true,
    conditionsFor: (from) => pages.get(from)?.conditions() ?? {},
    onLink: (link) => pages.get(link.from)?.linked(link),
  });
  try {
    return await converse(options, { nodePort: server.port, proxyPort: proxy.port }, pages);
  } finally {
    await proxy.stop();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function converse(
  { seed, script = 'talk', parallel, plans, patienceMs, stopsAtFault }: ResumeRunOptions,
  place: { readonly nodePort: number; readonly proxyPort: number },
  pages: Map<string, ResumingPage>,
): Promise<ResumeOutcome> {
  const Playing = script === 'talk' ? Conversation : Errand;
  const prng = createPrng(seed);
  const running = new Set<Script>();
  const watch = setInterval(() => {
    for (const conversation of running) conversation.giveUpIfStill(patienceMs);
  }, STILLNESS_POLL_MS);
  const slowCloses = setInterval(() => {
    for (const page of pages.values()) page.releaseFins();
  }, SLOW_CLOSE_MS);
  let total = NOTHING;
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (!(stopsAtFault && isFaulty(total))) {
      const { value: plan } = plans.next();
      if (plan === undefined) return;
      const index = begun++;
      const own = prng.fork();
      const conversation = new Playing({
        place,
        interest: `talk ${index}`,
        unit: () => own.unit(),
        addresses: [addressOf(3 * index), addressOf(3 * index + 1), addressOf(3 * index + 2)],
        plan,
        prng: own,
      });
      for (const page of conversation.pages) pages.set(page.from, page);
      running.add(conversation);
      const outcome = await conversation.run();
      running.delete(conversation);
      for (const { from } of conversation.pages) pages.delete(from);
      total = add(total, outcome);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, worker));
  } finally {
    clearInterval(watch);
    clearInterval(slowCloses);
  }
  return total;
}

function add(total: ResumeOutcome, one: ScriptOutcome): ResumeOutcome {
  const { failed } = one;
  const isTold = failed !== null && total.failures.length < FAILURES_PRINTED_MAX;
  return {
    ...addFaults(total, one.faults),
    conversations: total.conversations + 1,
    cycles: total.cycles + one.cycles,
    pastTheEnd: total.pastTheEnd + one.pastTheEnd,
    linesSent: total.linesSent + one.linesSent,
    refused: total.refused + one.refused,
    resets: total.resets + one.resets,
    failures: isTold ? [...total.failures, failed] : total.failures,
    failed: total.failed + (failed === null ? 0 : 1),
    opening: longer(total.opening, one.lengths.opening),
    resumed: longer(total.resumed, one.lengths.resumed),
  };
}
