import type { Mode } from '@farandole/protocol/fields';
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Notifier, Permission } from './system-parts.ts';

/**
 * How the user is told that someone is here: not at all (`off`), while the page is open (`page`),
 * or also when it is closed (`push`). `asking`: the browser asks for the permission.
 */
export type TellMeState = 'off' | 'asking' | 'page' | 'push';

export interface TellMeView {
  readonly state: TellMeState;
  readonly permission: Permission;
  /** Whether the user would be told also when the page is closed. */
  readonly canPush: boolean;
  /** Whether the user must install the page for that. */
  readonly needsInstall: boolean;
  /** Whether the last attempt to use the push service failed. */
  readonly failed: boolean;
  /** Until when the server notifies this browser. */
  readonly endsAtMs: number | null;
}

export interface TellMePorts {
  readonly notifier: Notifier;
  /** The server's public key for push services; null if it sends no notifications. */
  readonly serverKey: ReadonlySignal<string | null>;
  readonly receipt: () => string | null;
  readonly inCall: ReadonlySignal<boolean>;
  readonly text: () => string;
  readonly wallMs: () => number;
  /** Turns the page's sounds on, because the user wants to hear of a match. */
  readonly turnSoundsOn: () => void;
}

/** Tells the user that someone is here, if the user asked for it while waiting alone. */
export class TellMe {
  readonly #ports: TellMePorts;
  readonly #view = signal<TellMeView>({
    state: 'off',
    permission: 'default',
    canPush: false,
    needsInstall: false,
    failed: false,
    endsAtMs: null,
  });

  constructor(ports: TellMePorts) {
    this.#ports = ports;
    // The page may learn the key only after this part of it is shown.
    effect(() => {
      void ports.serverKey.value;
      untracked(() => this.refresh());
    });
    let before = ports.inCall.peek();
    effect(() => {
      const now = ports.inCall.value;
      const { state } = this.#view.peek();
      if (now && !before && (state === 'page' || state === 'push')) {
        ports.notifier.show(ports.text());
      }
      before = now;
    });
  }

  get view(): ReadonlySignal<TellMeView> {
    return this.#view;
  }

  /** Reads again what the browser and the server allow. Called when a part of the page shows it. */
  refresh(): void {
    const { notifier, serverKey, wallMs } = this.#ports;
    const hasKey = serverKey.peek() !== null;
    const permission = notifier.permission();
    const { state } = this.#view.peek();
    const kept = notifier.recall();
    const isOn = kept !== null && kept.untilMs > wallMs() && permission === 'granted' && hasKey;
    if (state === 'asking') return;
    this.#change({
      permission,
      canPush: hasKey && notifier.canPush,
      needsInstall: hasKey && notifier.needsInstall,
      state: isOn ? 'push' : state === 'push' ? 'off' : state,
      endsAtMs: isOn ? kept.untilMs : null,
    });
  }

  /** Must be called in a user gesture, because the browser may ask the user for a permission. */
  async start(mode: Mode): Promise<void> {
    const { notifier, turnSoundsOn } = this.#ports;
    const { state, canPush } = this.#view.peek();
    if (state !== 'off' && state !== 'page') return;
    turnSoundsOn();
    this.#change({ state: 'asking', failed: false });
    const permission = await notifier.ask();
    this.#change({ permission });
    const untilMs =
      canPush && permission === 'granted' ? await this.#subscribe(mode).catch(() => null) : null;
    // The user may have pressed "Stop" meanwhile.
    if (this.#view.peek().state !== 'asking') return;
    this.#change({
      state: untilMs === null ? 'page' : 'push',
      failed: canPush && permission === 'granted' && untilMs === null,
      endsAtMs: untilMs,
    });
  }

  /** Ends notifications, in this browser at once and on the server. */
  async stop(): Promise<void> {
    const { notifier } = this.#ports;
    const kept = notifier.recall();
    notifier.store(null);
    this.#change({ state: 'off', failed: false, endsAtMs: null });
    if (kept === null) return;
    // Without its subscription, the browser shows nothing even if the server isn't reached. The
    // server then forgets the address when the push service no longer knows it.
    await Promise.allSettled([
      notifier.unsubscribe(),
      notifier.send({ do: 'stop', endpoint: kept.endpoint }),
    ]);
  }

  async #subscribe(mode: Mode): Promise<number | null> {
    const { notifier, serverKey, receipt } = this.#ports;
    const [key, proof] = [serverKey.peek(), receipt()];
    if (key === null || proof === null) return null;
    const endpoint = await notifier.subscribe(key);
    const answer = await notifier.send({ do: 'start', endpoint, mode, receipt: proof });
    if (!answer.ok) {
      await notifier.unsubscribe();
      return null;
    }
    const { untilMs } = answer.value;
    notifier.store({ endpoint, untilMs });
    return untilMs;
  }

  #change(change: Partial<TellMeView>): void {
    this.#view.value = { ...this.#view.peek(), ...change };
  }
}
