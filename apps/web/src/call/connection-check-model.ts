import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { lazyModel } from '../base/lazy-model.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { CheckConnection, ConnectionCheckState } from './connection-check.ts';
import type { IceServers } from './ice-servers.ts';
import type { RtcHandler, RtcOptions } from './rtc-handler.ts';

export interface ConnectionCheckPorts {
  readonly rtc: RtcHandler;
  readonly scheduler: Scheduler;
  readonly iceServers: IceServers;
  readonly loadConnectionCheck: () => Promise<CheckConnection>;
  /**
   * Transport policy for which the connection is checked. It is `null` if no screen shows the check
   * or the server isn't reachable.
   */
  readonly policy: ReadonlySignal<RtcOptions['policy'] | null>;
}

export class ConnectionCheckModel {
  readonly #ports: ConnectionCheckPorts;
  readonly #check;
  readonly #state = signal<ConnectionCheckState>('idle');
  /** Incremented to discard the result of a running connection check. */
  #turn = 0;

  constructor(ports: ConnectionCheckPorts) {
    this.#ports = ports;
    this.#check = lazyModel(ports.loadConnectionCheck);
    effect(() => {
      const policy = ports.policy.value;
      if (policy === null) {
        this.#turn += 1;
        this.#state.value = 'idle';
      } else {
        void this.#run(policy);
      }
    });
  }

  get state(): ReadonlySignal<ConnectionCheckState> {
    return this.#state;
  }

  /**
   * Repeats the connection check. Does nothing while a check runs or if no screen shows the result.
   */
  again(): void {
    const policy = this.#ports.policy.peek();
    if (policy !== null && this.#state.peek() !== 'checking') void this.#run(policy);
  }

  async #run(policy: RtcOptions['policy']): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#state.value = 'checking';
    const { rtc, scheduler, iceServers } = this.#ports;
    let found: ConnectionCheckState;
    try {
      const [check, servers] = await Promise.all([this.#check.load(), iceServers.fresh()]);
      if (turn !== this.#turn) return;
      found = await check(rtc, scheduler, { iceServers: servers, policy });
    } catch {
      found = 'idle';
    }
    if (turn === this.#turn) this.#state.value = found;
  }
}
