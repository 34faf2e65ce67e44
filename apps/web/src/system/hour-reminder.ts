import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { HourToRemind, KeptReminder, Notifier } from './system-parts.ts';

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
  /** Name of the community whose page is open. Undefined in the open pool. */
  readonly community: () => string | undefined;
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
    const isKept = (this.#kept()?.startMs ?? 0) > wallMs();
    if (serverKey.peek() === null || !notifier.canPush) this.#view.value = 'none';
    else if (permission === 'denied') this.#view.value = 'blocked';
    else this.#view.value = isKept && permission === 'granted' ? 'on' : 'off';
  }

  /** Must be called in a user gesture, because the browser may ask the user for a permission. */
  async start(hour: HourToRemind): Promise<void> {
    const { notifier } = this.#ports;
    if (this.#view.peek() === 'asking') return;
    this.#view.value = 'asking';
    const permission = await notifier.ask();
    const isDone = permission === 'granted' && (await this.#subscribe(hour).catch(() => false));
    this.#view.value = permission === 'denied' ? 'blocked' : isDone ? 'on' : 'failed';
  }

  /** Ends the reminder, and the browser's subscription if nothing else needs it. */
  async stop(): Promise<void> {
    const { notifier, wallMs } = this.#ports;
    const kept = this.#kept();
    const others = this.#others();
    notifier.storeHours(others);
    this.#view.value = 'off';
    if (kept === undefined) return;
    const isNeeded = notifier.recall() !== null || others.some(({ startMs }) => startMs > wallMs());
    const { endpoint, community } = kept;
    await Promise.allSettled([
      isNeeded ? null : notifier.unsubscribe(),
      notifier.send({ do: 'stop', endpoint, mode: 'hour', ...ofCommunity(community) }),
    ]);
  }

  /** Returns the reminder of this pool. */
  #kept(): KeptReminder | undefined {
    const { notifier, community } = this.#ports;
    return notifier.recallHours().find((each) => each.community === community());
  }

  #others(): readonly KeptReminder[] {
    const { notifier, community } = this.#ports;
    return notifier.recallHours().filter((each) => each.community !== community());
  }

  async #subscribe({ title, startMs }: HourToRemind): Promise<boolean> {
    const { notifier, serverKey, receipt } = this.#ports;
    const community = ofCommunity(this.#ports.community());
    const [key, proof] = [serverKey.peek(), receipt()];
    if (key === null || proof === null) return false;
    const endpoint = await notifier.subscribe(key);
    const answer = await notifier.send({
      ...{ do: 'start', endpoint, mode: 'hour', receipt: proof },
      ...community,
    });
    if (!answer.ok || answer.value.untilMs < startMs) return false;
    notifier.storeHours([...this.#others(), { title, startMs, endpoint, ...community }]);
    return true;
  }
}

function ofCommunity(community: string | undefined): { readonly community?: string } {
  return community === undefined ? {} : { community };
}
