import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { ClassifierKeeper } from './classifier-keeper.ts';
import type { Guard, GuardPorts, Sampled } from './guard.ts';
import { OwnCheck } from './own-check.ts';
import { type ShieldView, shieldViewOf } from './shield-view.ts';
import { StrangerShield } from './stranger-shield.ts';

export class ShieldGuard implements Guard {
  readonly open: ReadonlySignal<boolean>;
  readonly stranger: ReadonlySignal<ShieldView>;
  readonly own: Guard['own'];
  readonly classifier: Guard['classifier'];
  readonly #ports: GuardPorts;
  readonly #keeper: ClassifierKeeper;
  readonly #ownCheck: OwnCheck;
  readonly #shield = signal<StrangerShield | null>(null);
  readonly #isOff = signal(false);
  #beganAtMs = 0;

  constructor(ports: GuardPorts) {
    this.#ports = ports;
    this.#keeper = new ClassifierKeeper(ports.openClassifier);
    this.#ownCheck = new OwnCheck({ ...ports, keeper: this.#keeper });
    this.own = this.#ownCheck.view;
    this.classifier = this.#keeper.state;
    this.open = computed(() => this.#isOff.value || this.#shield.value?.open.value === true);
    this.stranger = computed(() =>
      shieldViewOf(this.#isOff.value ? null : (this.#shield.value?.state.value ?? 'none'), {
        kept: this.#keeper.state.value,
        mayResume: ports.rules().mayResume,
        beganAtMs: this.#beganAtMs,
      }),
    );
  }

  prepare(): void {
    this.#keeper.load();
  }

  watchOwn(track: MediaStreamTrack | null): void {
    this.#ownCheck.watch(track);
  }

  begin(stranger: Sampled): void {
    this.end();
    this.#beganAtMs = this.#ports.clock.monotonicMs();
    this.#isOff.value = this.#ports.isOff();
    if (this.#isOff.value) return;
    this.#shield.value = new StrangerShield({ ...this.#ports, keeper: this.#keeper }, stranger);
  }

  pictureCame(): void {
    this.#shield.peek()?.pictureCame();
  }

  consent(consent: boolean): void {
    this.#shield.peek()?.consent(consent);
  }

  resume(): void {
    if (this.#ports.rules().mayResume) this.#shield.peek()?.resume();
  }

  retry(): void {
    this.#shield.peek()?.retry();
    this.#keeper.load();
  }

  end(): void {
    this.#shield.peek()?.leave();
    this.#shield.value = null;
    this.#isOff.value = false;
  }
}
