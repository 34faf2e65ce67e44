import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { AppModel, CallView } from '../state/app-model.ts';

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
class TextOnly {
  readonly on: ReadonlySignal<boolean>;
  readonly #app: AppModel;
  readonly #before = signal<Before | null>(null);

  constructor(app: AppModel) {
    this.#app = app;
    this.on = computed(() => this.#before.value !== null && this.#holds());
    effect(() => {
      if (this.#before.value !== null && !this.#holds()) this.#before.value = null;
    });
  }

  set(on: boolean): void {
    const call = this.#app.call.peek();
    if (call?.mode !== 'video' || on === this.on.peek()) return;
    // While "Really?" is asked everything is off already, and returns as it was.
    if (call.next.state === 'really') return;
    // One change, of which a reader hears once.
    batch(() => this.#turn(call.cover));
  }

  #turn(cover: CallView['cover']): void {
    const before = this.#before.peek();
    if (before === null) {
      const { camera, microphone } = this.#app.devices.peek();
      this.#switch({ camera: camera === 'on', microphone: microphone === 'on' });
      this.#app.coverPeer();
      this.#before.value = {
        camera: camera === 'on',
        microphone: microphone === 'on',
        shown: cover === 'shown',
      };
    } else {
      this.#before.value = null;
      this.#switch(before);
      if (before.shown) this.#app.showPeer();
    }
  }

  #switch({ camera, microphone }: Pick<Before, 'camera' | 'microphone'>): void {
    if (camera) this.#app.toggleCamera();
    if (microphone) this.#app.toggleMicrophone();
  }

  /** Still in the call, with all three as they were switched. */
  #holds(): boolean {
    const { camera, microphone } = this.#app.devices.value;
    return this.#app.call.value?.cover === 'covered' && camera !== 'on' && microphone !== 'on';
  }
}

const known = new WeakMap<AppModel, TextOnly>();

/** The one of that page: made when it is first asked for. */
export function textOnlyOf(app: AppModel): TextOnly {
  const textOnly = known.get(app) ?? new TextOnly(app);
  known.set(app, textOnly);
  return textOnly;
}
