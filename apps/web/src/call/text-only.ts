import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Devices } from '../devices/devices.ts';
import type { CallModel } from './call-model.ts';
import type { CallView } from './call-view.ts';

export interface TextOnlyPorts {
  readonly call: Pick<CallModel, 'view' | 'show' | 'cover'>;
  readonly devices: Pick<Devices, 'view' | 'toggle'>;
}

interface Before {
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly shown: boolean;
}

/**
 * The switch "Text only" in a video call. One press turns off camera and microphone and covers the
 * stranger; another press restores all three. "Text only" ends when the user changes one of the
 * three, or when the call ends. The devices then stay off, because a camera never turns on
 * automatically.
 */
export class TextOnly {
  readonly on: ReadonlySignal<boolean>;
  readonly #ports: TextOnlyPorts;
  readonly #before = signal<Before | null>(null);

  constructor(ports: TextOnlyPorts) {
    this.#ports = ports;
    this.on = computed(() => this.#before.value !== null && this.#holds());
    effect(() => {
      if (this.#before.value !== null && !this.#holds()) this.#before.value = null;
    });
  }

  set(on: boolean): void {
    const call = this.#ports.call.view.peek();
    if (call?.mode !== 'video' || on === this.on.peek()) return;
    // While the page asks "Really?", camera, microphone and picture are already off and will be
    // restored by the answer.
    if (call.next.state === 'really') return;
    batch(() => this.#turn(call.cover));
  }

  #turn(cover: CallView['cover']): void {
    const before = this.#before.peek();
    if (before === null) {
      const { camera, microphone } = this.#ports.devices.view.peek();
      this.#switch({ camera: camera === 'on', microphone: microphone === 'on' });
      this.#ports.call.cover();
      this.#before.value = {
        camera: camera === 'on',
        microphone: microphone === 'on',
        shown: cover === 'shown',
      };
    } else {
      this.#before.value = null;
      this.#switch(before);
      if (before.shown) this.#ports.call.show();
    }
  }

  #switch({ camera, microphone }: Pick<Before, 'camera' | 'microphone'>): void {
    if (camera) this.#ports.devices.toggle('video');
    if (microphone) this.#ports.devices.toggle('audio');
  }

  #holds(): boolean {
    const { camera, microphone } = this.#ports.devices.view.value;
    return (
      this.#ports.call.view.value?.cover === 'covered' && camera !== 'on' && microphone !== 'on'
    );
  }
}
