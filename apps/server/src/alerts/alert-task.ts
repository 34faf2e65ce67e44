import { assertDefined } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import {
  type AlertState,
  type AlertToSend,
  type FaultKind,
  NO_ALERTS,
  withAlerts,
} from '@farandole/moderation/alerts/alert';
import type { AlertSettings } from '@farandole/moderation/alerts/alert-settings';
import { type AlertRules, stepAlerts } from '@farandole/moderation/alerts/step-alerts';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { ALERTS_CHECKED_EVERY_MS, ALERTS_RUN_EVERY_MS, ALERTS_STORE_WAIT_MS } from '../limits.ts';
import type { Log } from '../observe/log.ts';
import type { NodeFacts } from '../observe/node-facts.ts';
import type { AlertSender } from './alert-sender.ts';
import type { NodeFaults } from './node-faults.ts';

export interface AlertTaskParts {
  readonly store: Pick<ModerationStore, 'run'>;
  /** Name of the node among the others. */
  readonly node: string;
  readonly faults: NodeFaults;
  readonly facts: () => NodeFacts;
  readonly senders: readonly AlertSender[];
  /** Returns the address of the console's page with an alert. */
  readonly linkOf: (alert: string) => string;
  readonly log: Log;
  readonly onWorked: () => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Runs the alerts of a node and sends their messages. The store decides which node sends a message.
 * While the store doesn't answer, the node decides alone, so each node may send an alert about it.
 */
export class AlertTask {
  readonly #parts: AlertTaskParts;
  #isRunning = false;
  #isStoreSilent = false;
  #nextAtMs = 0;
  #runAtMs = Number.NEGATIVE_INFINITY;
  #revision: number | null = null;
  /** The settings as the store gave them last. */
  #known: AlertRules & Pick<AlertSettings, 'language'> = {
    ...{ rota: [], quiet: null, zone: 'UTC', language: 'en' },
  };
  /** State while the store doesn't answer. Null while it does. */
  #alone: AlertState | null = null;
  /** Results of messages that the store, or `#alone`, hasn't taken. */
  readonly #settled = new Map<string, boolean>();
  readonly #sending = new Set<Promise<void>>();

  constructor(parts: AlertTaskParts) {
    this.#parts = parts;
  }

  tick(now: Instant): void {
    if (this.#isRunning || now.monotonicMs < this.#nextAtMs) return;
    this.#nextAtMs = now.monotonicMs + ALERTS_CHECKED_EVERY_MS;
    this.#isRunning = true;
    this.#run(now, ALERTS_RUN_EVERY_MS)
      .catch((error: unknown) => {
        if (!(error instanceof Silence)) this.#parts.onFailed(error);
        this.#isStoreSilent = true;
        this.#runAlone(now);
      })
      .finally(() => {
        this.#isRunning = false;
      });
  }

  /** Waits for the messages that are being sent, and stores their results. */
  async close(now: Instant): Promise<void> {
    this.#nextAtMs = Number.POSITIVE_INFINITY;
    await Promise.all(this.#sending);
    // If the store fails, the next start sends the messages again.
    if (this.#settled.size > 0) await this.#run(now, 0).catch(() => {});
    await Promise.all(this.#sending);
  }

  async #run(now: Instant, everyMs: number): Promise<void> {
    const { store, node, senders, log, onWorked } = this.#parts;
    const revision = await answered(store.run('desk.revision', null));
    const isDue = now.monotonicMs - this.#runAtMs >= everyMs;
    const isNews = revision !== this.#revision || this.#settled.size > 0;
    if (!isDue && !isNews && !this.#isStoreSilent) return;
    const results = [...this.#settled];
    const ran = await answered(
      store.run('alerts.run', {
        ...{ nowMs: now.wallMs, source: node, faults: this.#faults(now) },
        channels: senders.map(({ channel }) => channel),
        settled: results.map(([id, isSent]) => ({ id, isSent })),
        earlier: this.#alone?.alerts ?? [],
      }),
    );
    for (const [id] of results) this.#settled.delete(id);
    this.#runAtMs = now.monotonicMs;
    this.#revision = revision;
    this.#isStoreSilent = false;
    this.#alone = null;
    this.#known = ran.settings;
    onWorked();
    for (const { channel } of ran.untaken) log({ event: 'alert-given-up', channel });
    this.#sendAll(ran.send, now.wallMs);
  }

  #runAlone(now: Instant): void {
    const { node, senders } = this.#parts;
    // Alerts of the store have small numbers, so a number made of the date is another one.
    const before = this.#alone ?? { ...NO_ALERTS, lastId: Math.floor(now.wallMs / 1_000) };
    const settled = before.messages.flatMap(({ id }) => {
      const isSent = this.#settled.get(id);
      this.#settled.delete(id);
      return isSent === undefined ? [] : [{ id, isSent }];
    });
    const { state, send } = stepAlerts(before, {
      ...{ nowMs: now.wallMs, source: node, faults: this.#faults(now), settled, cases: [] },
      ...{ held: new Map(), ends: new Map(), rules: this.#known, earlier: [] },
      channels: senders.map(({ channel }) => channel),
    });
    this.#alone = state;
    this.#sendAll(withAlerts(send, state), now.wallMs);
  }

  #faults(now: Instant): readonly FaultKind[] {
    return this.#parts.faults.of(this.#parts.facts(), now, this.#isStoreSilent);
  }

  #sendAll(send: readonly AlertToSend[], nowMs: number): void {
    for (const one of send) {
      const sending = this.#send(one, nowMs).finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }
  }

  async #send({ message, alert }: AlertToSend, nowMs: number): Promise<void> {
    const { senders, linkOf, log } = this.#parts;
    const { id, channel, step, to } = message;
    const sender = assertDefined(
      senders.find((one) => one.channel === channel),
      'a node takes only messages of its own channels',
    );
    const { language } = this.#known;
    const outgoing = { id, alert, step, link: linkOf(alert.id), language, nowMs };
    const problem = await sender.send(outgoing, to);
    this.#settled.set(id, problem === null);
    log({ event: 'alert-sent', channel, outcome: problem === null ? 'sent' : 'failed' });
  }
}

class Silence extends Error {}

/** @throws Silence if the store doesn't answer within `ALERTS_STORE_WAIT_MS` */
async function answered<Value>(answer: Promise<Value>): Promise<Value> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(new Silence()), ALERTS_STORE_WAIT_MS);
  try {
    return await Promise.race([answer, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
