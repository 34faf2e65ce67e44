import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import type { CheckConnection, ConnectionCheckState } from './connection-check.ts';
import type { IceServers } from './ice-servers.ts';
import type { RtcHandler, RtcOptions } from './rtc-handler.ts';

export interface ConnectionCheckPorts {
  readonly rtc: RtcHandler;
  readonly scheduler: Scheduler;
  readonly iceServers: IceServers;
  readonly loadConnectionCheck: () => Promise<CheckConnection>;
  /** What calls would begin with now; null while nobody wants to know, or the server is away. */
  readonly policy: ReadonlySignal<RtcOptions['policy'] | null>;
}

/** Checks the connection each time that somebody begins to want to know; its code comes then. */
export class LateConnectionCheck {
  readonly #ports: ConnectionCheckPorts;
  readonly #state = signal<ConnectionCheckState>('idle');
  /** Grows when another answer is wanted, or none. */
  #turn = 0;

  constructor(ports: ConnectionCheckPorts) {
    this.#ports = ports;
    effect(() => {
      const policy = ports.policy.value;
      if (policy === null) {
        this.#turn += 1;
        this.#state.value = 'idle';
      } else {
        void this.#check(policy);
      }
    });
  }

  get state(): ReadonlySignal<ConnectionCheckState> {
    return this.#state;
  }

  /** Once more, where it is wanted and not under way. */
  again(): void {
    const policy = this.#ports.policy.peek();
    if (policy !== null && this.#state.peek() !== 'checking') void this.#check(policy);
  }

  async #check(policy: RtcOptions['policy']): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#state.value = 'checking';
    const { rtc, scheduler, iceServers, loadConnectionCheck } = this.#ports;
    let found: ConnectionCheckState;
    try {
      const [check, servers] = await Promise.all([loadConnectionCheck(), iceServers.fresh()]);
      if (turn !== this.#turn) return;
      found = await check(rtc, scheduler, { iceServers: servers, policy });
    } catch {
      // Its code did not come: nothing is known.
      found = 'idle';
    }
    if (turn === this.#turn) this.#state.value = found;
  }
}
