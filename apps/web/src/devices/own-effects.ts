import { effect, signal, untracked } from '@preact/signals';
import type { EffectState, LocalDevice } from './local-device.ts';
import type { LocalDevices } from './local-devices.ts';
import type { TrackEffect, TrackEffects } from './track-effects.ts';

export interface OwnEffectsPorts {
  readonly local: LocalDevices;
  readonly effects: TrackEffects;
  /** What the user wants. Both functions subscribe the caller to changes. */
  readonly blurs: () => boolean;
  readonly denoises: () => boolean;
  /** Called when other tracks must be sent. */
  readonly changed: () => void;
}

/**
 * Keeps the effects of the user's devices as the user wants them. Background blur is the browser's
 * own where it has one, else the page's.
 */
export class OwnEffects {
  readonly #ports: OwnEffectsPorts;
  /**
   * Incremented after each change of an effect, because tracks emit no event when their blur
   * changes.
   */
  readonly #turn = signal(0);
  readonly #starting = new WeakSet<LocalDevice>();

  constructor(ports: OwnEffectsPorts) {
    this.#ports = ports;
  }

  /** Returns the state of the background blur, or null if the page can't control it. */
  blurOf(camera: LocalDevice): EffectState | null {
    void this.#turn.value;
    const { blurred } = camera;
    if (blurred !== null) return blurred ? 'on' : 'off';
    return this.#ports.effects.canBlur ? camera.effectState : null;
  }

  /** Whether the effect also filters the sound, or null if this browser can't. */
  denoises(microphone: LocalDevice): EffectState | null {
    void this.#turn.value;
    return this.#ports.effects.canDenoise ? microphone.effectState : null;
  }

  /** Prepares a device that was just opened, before its track is sent. */
  opened(device: LocalDevice): void {
    if (device.kind === 'video' && this.#ports.blurs() && this.#blursHere(device)) {
      device.effectState = 'starting';
    }
  }

  /** Applies the user's wishes now and whenever they or the devices change, until stopped. */
  follow(): () => void {
    const { local, blurs, denoises, effects } = this.#ports;
    return effect(() => {
      const camera = local.all.value.get('video');
      const microphone = local.all.value.get('audio');
      const blurring = blurs();
      const denoising = denoises();
      untracked(() => {
        if (camera !== undefined) this.#followBlur(camera, blurring);
        if (microphone === undefined || !effects.canDenoise) return;
        void this.#follow(microphone, denoising, effects.denoise);
      });
    });
  }

  /** Starts a failed effect again, because the user turned the device on again. */
  retry(device: LocalDevice): void {
    if (device.effectState !== 'failed') return;
    device.effectState = 'starting';
    this.#followBlur(device, this.#ports.blurs());
  }

  #blursHere(camera: LocalDevice): boolean {
    return camera.blurred === null && this.#ports.effects.canBlur;
  }

  #followBlur(camera: LocalDevice, on: boolean): void {
    const { effects } = this.#ports;
    if (camera.blurred !== null) void this.#blurByBrowser(camera, on);
    else if (effects.canBlur) void this.#follow(camera, on, effects.blur);
  }

  async #blurByBrowser(camera: LocalDevice, on: boolean): Promise<void> {
    if (camera.blurred === on) return;
    // If the browser refuses to change the background blur, the screen shows the old state, because
    // the screen reads the state of the tracks.
    await camera.blur(on).catch(() => {});
    this.#turn.value += 1;
    // The user may have changed the setting for background blur while the browser was applying it.
    const wanted = this.#ports.blurs();
    if (wanted !== on) await this.#blurByBrowser(camera, wanted);
  }

  async #follow(device: LocalDevice, on: boolean, start: TrackEffects['blur']): Promise<void> {
    const { effectState } = device;
    if (!on) {
      if (effectState !== 'off') this.#set(device, 'off', null);
      return;
    }
    if (effectState === 'on' || effectState === 'failed') return;
    // Nothing unblurred is sent while the effect starts.
    device.effectState = 'starting';
    this.#changed();
    if (this.#starting.has(device)) return;
    this.#starting.add(device);
    const made = await start(device.source).catch(() => null);
    this.#starting.delete(device);
    // The user may have turned the effect off again, or the device may be closed.
    if (!isStarting(device)) {
      made?.stop();
    } else if (made === null) {
      this.#failed(device);
    } else {
      made.track.addEventListener('ended', () => {
        if (device.own === made.track && device.source.readyState === 'live') this.#failed(device);
      });
      this.#set(device, 'on', made);
    }
  }

  /** A camera whose blur failed is turned off. The microphone continues without the effect. */
  #failed(device: LocalDevice): void {
    if (device.kind === 'video') device.on = false;
    this.#set(device, 'failed', null);
  }

  #set(device: LocalDevice, to: EffectState, made: TrackEffect | null): void {
    device.effectState = to;
    this.#ports.local.use(device, made);
    this.#changed();
  }

  #changed(): void {
    this.#turn.value += 1;
    this.#ports.changed();
  }
}

function isStarting({ effectState, source }: LocalDevice): boolean {
  return effectState === 'starting' && source.readyState === 'live';
}
