import type { Clock } from '@farandole/kernel/clock';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import type { ClassifierKeeper } from './classifier-keeper.ts';
import type { Sampled } from './guard.ts';
import { Sampler } from './sampler.ts';
import {
  deadlineOfShield,
  INITIAL_SHIELD_STATE,
  isOpen,
  maySample,
  paceOf,
  type ShieldEvent,
  type ShieldState,
  shieldTransition,
} from './shield-machine.ts';

export interface StrangerShieldPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Returns a random number from 0 to below 1. */
  readonly unit: () => number;
  readonly keeper: ClassifierKeeper;
  readonly hidden: ReadonlySignal<boolean>;
  readonly rules: () => ShieldRules;
}

export class StrangerShield {
  readonly open: ReadonlySignal<boolean>;
  readonly #ports: StrangerShieldPorts;
  readonly #state = signal<ShieldState>(INITIAL_SHIELD_STATE);
  readonly #sampler: Sampler;
  #hasPicture = false;
  readonly #stops: (() => void)[] = [];
  #cancelTick: (() => void) | null = null;

  constructor(ports: StrangerShieldPorts, stranger: Sampled) {
    this.#ports = ports;
    this.open = computed(() => isOpen(this.#state.value));
    const { clock, scheduler, unit, keeper } = ports;
    this.#sampler = new Sampler(
      {
        clock,
        scheduler,
        unit,
        take: (part) => stranger.sample(part),
        classify: (frame, pose) => keeper.classify(frame, pose),
      },
      {
        seen: ({ scores }, takenAtMs) => {
          this.#take({ event: 'verdict', scores, takenAtMs });
          return paceOf(this.#state.peek(), ports.rules());
        },
        noPicture: () => this.#take({ event: 'no-picture' }),
      },
    );
    keeper.load();
    this.#stops.push(
      effect(() => this.#followHidden(ports.hidden.value)),
      effect(() => this.#followKeeper(keeper.state.value)),
    );
  }

  get state(): ReadonlySignal<ShieldState> {
    return this.#state;
  }

  pictureCame(): void {
    this.#hasPicture = true;
    this.#startOrStop();
  }

  consent(consent: boolean): void {
    if (consent !== this.#state.peek().consent) this.#take({ event: 'consent', consent });
  }

  resume(): void {
    this.#take({ event: 'resume' });
  }

  retry(): void {
    this.#take({ event: 'retry' });
    this.#ports.keeper.load();
    if (this.#ports.keeper.state.peek().state === 'ready')
      this.#take({ event: 'classifier-ready' });
  }

  leave(): void {
    for (const stop of this.#stops) stop();
    this.#take({ event: 'leave' });
  }

  #followHidden(hidden: boolean): void {
    untracked(() => this.#take({ event: 'hidden', hidden }));
  }

  #followKeeper(kept: ClassifierKeeper['state']['value']): void {
    untracked(() => {
      if (kept.state === 'ready') this.#take({ event: 'classifier-ready' });
      if (kept.state === 'failed') this.#take({ event: 'classifier-failed', why: kept.fault });
    });
  }

  #take(event: ShieldEvent): void {
    const { clock, rules } = this.#ports;
    this.#state.value = shieldTransition(this.#state.peek(), event, clock.monotonicMs(), rules());
    this.#startOrStop();
    this.#schedule();
  }

  /**
   * Starts or stops sampling. Samples are taken while the page is visible and a picture and the
   * classifier exist.
   */
  #startOrStop(): void {
    const state = this.#state.peek();
    const sampling = this.#hasPicture && maySample(state) && !state.hidden;
    if (sampling === this.#sampler.running) return;
    if (sampling) this.#sampler.start();
    else this.#sampler.stop();
    this.#take({ event: 'sampling', sampling });
  }

  #schedule(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    const deadlineMs = deadlineOfShield(this.#state.peek());
    if (deadlineMs === null) return;
    const { clock, scheduler } = this.#ports;
    this.#cancelTick = scheduler.after(Math.max(0, deadlineMs - clock.monotonicMs()), () =>
      this.#take({ event: 'tick' }),
    );
  }
}
