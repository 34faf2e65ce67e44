import type { Mode } from '@farandole/protocol/fields';
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Devices } from '../devices/devices.ts';
import type { DevicesWanted } from '../devices/devices-view.ts';
import { type Guard, isFitToBeSeen, watchOwnCamera } from '../shield/guard.ts';
import { type Call, type CallEvent, type CallState, isInCall } from './call-state.ts';
import type { VideoOfferView } from './call-view.ts';
import type { IceServers } from './ice-servers.ts';

export interface VideoOfferPorts {
  readonly state: ReadonlySignal<CallState>;
  readonly dispatch: (event: CallEvent) => void;
  readonly devices: Pick<Devices, 'view' | 'selfStream' | 'ask' | 'release' | 'close'>;
  readonly guard: Pick<Guard, 'own' | 'prepare' | 'watchOwn'>;
  readonly iceServers: Pick<IceServers, 'fresh'>;
}

/**
 * With `getting-ready` the devices of the mode `to` are requested or open, and the user hasn't
 * agreed. With `said` the user's consent was sent. With `turned` the call has moved to that mode
 * with these devices.
 */
interface Upgrade {
  readonly match: string;
  readonly to: Mode;
  readonly at: 'getting-ready' | 'said' | 'turned';
}

const SOUND: DevicesWanted = { camera: false, microphone: true };

/**
 * Guides the user to the next mode of the call: open the devices, for video pass the shield's
 * check, agree. If the upgrade doesn't happen, the devices that it opened turn off.
 */
export class VideoOffer {
  readonly view: ReadonlySignal<VideoOfferView | null>;
  readonly #ports: VideoOfferPorts;
  readonly #way = signal<Upgrade | null>(null);

  constructor(ports: VideoOfferPorts) {
    this.#ports = ports;
    this.view = computed(() => this.#viewNow());
    effect(() => {
      const state = ports.state.value;
      const call = isInCall(state) ? state.call : null;
      const isExplicit = ports.guard.own.value.state === 'explicit';
      untracked(() => this.#follow(call, isExplicit));
    });
  }

  /**
   * Requests the devices of the next mode after a press of "Turn on video" or "Yes". Must be called
   * in a user gesture.
   */
  prepare(wanted?: DevicesWanted): void {
    const call = this.#call();
    const to = call?.video.next ?? null;
    if (call === null || to === null || this.#way.value?.at === 'said') return;
    this.#way.value = { match: call.match, to, at: 'getting-ready' };
    if (to === 'video') this.#ports.guard.prepare();
    void this.#ports.iceServers.fresh();
    void this.#ports.devices.ask(to === 'video' ? wanted : SOUND);
  }

  /**
   * Sends the user's consent to the next mode. Does nothing unless the devices are open and, for
   * video, the shield has approved the user's own picture.
   */
  agree(): void {
    const way = this.#way.value;
    if (way?.at !== 'getting-ready' || !this.#isReady()) return;
    this.#way.value = { ...way, at: 'said' };
    this.#ports.dispatch({ event: 'consent-video', allowed: true });
  }

  decline(): void {
    if (this.#way.value?.at === 'turned') return;
    this.#stopTracks();
    this.#ports.dispatch({ event: 'consent-video', allowed: false });
  }

  devicesChanged(): void {
    const { at, to } = this.#way.value ?? {};
    if (to !== 'video' || (at !== 'getting-ready' && at !== 'said')) return;
    watchOwnCamera(this.#ports.guard, this.#ports.devices);
  }

  #follow(call: Call | null, isExplicit: boolean): void {
    const way = this.#way.value;
    if (way === null) return;
    if (call?.match !== way.match) {
      this.#stopTracks();
    } else if (call.mode === way.to) {
      if (way.at !== 'turned') this.#way.value = { ...way, at: 'turned' };
      this.#ports.guard.watchOwn(null);
    } else if (way.at === 'turned' || call.video.next !== way.to) {
      // The call is in another mode now, whose devices the call itself closes.
      this.#way.value = null;
      this.#ports.guard.watchOwn(null);
    } else if (way.at === 'said' && !call.video.you) {
      this.#stopTracks();
    } else if (way.at === 'said' && isExplicit) {
      this.decline();
    }
  }

  #stopTracks(): void {
    if (this.#way.value === null) return;
    this.#way.value = null;
    this.#ports.guard.watchOwn(null);
    // In a voice call the microphone stays open.
    if (this.#call()?.mode === 'voice') this.#ports.devices.close('video');
    else this.#ports.devices.release();
  }

  #call(): Call | null {
    const state = this.#ports.state.value;
    return isInCall(state) ? state.call : null;
  }

  #isReady(): boolean {
    const { devices, guard } = this.#ports;
    if (devices.view.value.state !== 'ready') return false;
    return this.#way.value?.to !== 'video' || isFitToBeSeen(guard.own.value.state);
  }

  #viewNow(): VideoOfferView | null {
    const { next = null, you = false, peer = false, refused = null } = this.#call()?.video ?? {};
    if (next === null) return null;
    const isGettingReady = this.#way.value?.at === 'getting-ready';
    const quiet = peer ? 'theirs' : 'possible';
    const state = you ? 'waiting' : isGettingReady ? 'getting-ready' : quiet;
    return { to: next, state, peer, refused, mayAgree: isGettingReady && this.#isReady() };
  }
}
