import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Notifier } from './system-parts.ts';

/**
 * Whether the browser notifies the user when the next hour begins. `none`: the server or the browser
 * has no notifications.
 */
export type HourReminderView = 'none' | 'off' | 'asking' | 'on' | 'blocked' | 'failed';

export interface HourReminderPorts {
  readonly notifier: Notifier;
  /** The server's public key for push services; null if it sends no notifications. */
  readonly serverKey: ReadonlySignal<string | null>;
  readonly receipt: () => string | null;
  readonly wallMs: () => number;
}

/** A notification when the next hour begins, which the server sends once. */
export class HourReminder {
  readonly #ports: HourReminderPorts;
  readonly #view = signal<HourReminderView>('none');

  constructor(ports: HourReminderPorts) {
    this.#ports = ports;
    // The page may learn the key only after this part of it is shown.
    effect(() => {
      void ports.serverKey.value;
      untracked(() => this.refresh());
    });
  }

  get view(): ReadonlySignal<HourReminderView> {
    return this.#view;
  }

  /** Reads again what the browser and the server allow. Called when a part of the page shows it. */
  refresh(): void {
    const { notifier, serverKey, wallMs } = this.#ports;
    if (this.#view.peek() === 'asking') return;
    const permission = notifier.permission();
    const isKept = (notifier.recallHour()?.untilMs ?? 0) > wallMs();
    if (serverKey.peek() === null || !notifier.canPush) this.#view.value = 'none';
    else if (permission === 'denied') this.#view.value = 'blocked';
    else this.#view.value = isKept && permission === 'granted' ? 'on' : 'off';
  }

  /** Must be called in a user gesture, because the browser may ask the user for a permission. */
  async start(startMs: number): Promise<void> {
    const { notifier } = this.#ports;
    if (this.#view.peek() === 'asking') return;
    this.#view.value = 'asking';
    const permission = await notifier.ask();
    const isDone = permission === 'granted' && (await this.#subscribe(startMs).catch(() => false));
    this.#view.value = permission === 'denied' ? 'blocked' : isDone ? 'on' : 'failed';
  }

  /** Ends the reminder, and the browser's subscription if nothing else needs it. */
  async stop(): Promise<void> {
    const { notifier } = this.#ports;
    const kept = notifier.recallHour();
    notifier.storeHour(null);
    this.#view.value = 'off';
    if (kept === null) return;
    const isNeeded = notifier.recall() !== null;
    await Promise.allSettled([
      isNeeded ? null : notifier.unsubscribe(),
      notifier.send({ do: 'stop', endpoint: kept.endpoint, mode: 'hour' }),
    ]);
  }

  async #subscribe(startMs: number): Promise<boolean> {
    const { notifier, serverKey, receipt } = this.#ports;
    const [key, proof] = [serverKey.peek(), receipt()];
    if (key === null || proof === null) return false;
    const endpoint = await notifier.subscribe(key);
    const answer = await notifier.send({ do: 'start', endpoint, mode: 'hour', receipt: proof });
    if (!answer.ok || answer.value.untilMs < startMs) return false;
    notifier.storeHour({ endpoint, untilMs: startMs });
    return true;
  }
}
