import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Devices } from '../devices/devices.ts';
import type { CallModel } from './call-model.ts';
import type { CallView } from './call-view.ts';

export interface TextOnlyPorts {
  readonly call: Pick<CallModel, 'view' | 'show' | 'cover'>;
  readonly devices: Pick<Devices, 'view' | 'toggle'>;
}

/** What was on when the person went over to text, to be given back with one press. */
interface Before {
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly shown: boolean;
}

/**
 * Text within a video call: camera and microphone off and the stranger covered, by one press, and
 * back by another. It is nothing but those three switches pressed together. So it ends by itself
 * when one of them is pressed alone, and with the call; devices stay as they are then, since
 * nobody's camera comes on by itself.
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
    // While "Really?" is asked everything is off already, and returns as it was.
    if (call.next.state === 'really') return;
    // One change, of which a reader hears once.
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

  /** Still in the call, with all three as they were switched. */
  #holds(): boolean {
    const { camera, microphone } = this.#ports.devices.view.value;
    return (
      this.#ports.call.view.value?.cover === 'covered' && camera !== 'on' && microphone !== 'on'
    );
  }
}
