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
  readonly devices: Pick<Devices, 'view' | 'selfStream' | 'ask' | 'release'>;
  readonly guard: Pick<Guard, 'own' | 'prepare' | 'watchOwn'>;
  readonly iceServers: Pick<IceServers, 'fresh'>;
}

/**
 * With `getting-ready` the devices are requested or open, and the user hasn't agreed to video. With
 * `said` the user's consent was sent. With `turned` the call has become a video call with these
 * devices.
 */
interface IceRoute {
  readonly match: string;
  readonly at: 'getting-ready' | 'said' | 'turned';
}

/**
 * Guides the user through the upgrade from text to video: open the devices, pass the shield's
 * check, agree. If the upgrade doesn't happen, the camera turns off.
 */
export class VideoOffer {
  readonly view: ReadonlySignal<VideoOfferView | null>;
  readonly #ports: VideoOfferPorts;
  readonly #way = signal<IceRoute | null>(null);

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
   * Requests camera and microphone after a press of "Turn on video" or "Yes". Must be called in a
   * user gesture.
   */
  prepare(wanted?: DevicesWanted): void {
    const call = this.#textCall();
    if (call === null || !call.video.offered || this.#way.value?.at === 'said') return;
    this.#way.value = { match: call.match, at: 'getting-ready' };
    this.#ports.guard.prepare();
    void this.#ports.iceServers.fresh();
    void this.#ports.devices.ask(wanted);
  }

  /**
   * Sends the user's consent to video. Does nothing unless the user's own picture is shown and the
   * shield has approved it.
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
    const at = this.#way.value?.at;
    if (at !== 'getting-ready' && at !== 'said') return;
    watchOwnCamera(this.#ports.guard, this.#ports.devices);
  }

  #follow(call: Call | null, isExplicit: boolean): void {
    const way = this.#way.value;
    if (way === null) return;
    if (call?.match !== way.match) {
      this.#stopTracks();
    } else if (call.mode === 'video') {
      if (way.at !== 'turned') this.#way.value = { ...way, at: 'turned' };
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
    this.#ports.devices.release();
  }

  #textCall(): Call | null {
    const state = this.#ports.state.value;
    return isInCall(state) && state.call.mode === 'text' ? state.call : null;
  }

  #isReady(): boolean {
    const { devices, guard } = this.#ports;
    return devices.view.value.state === 'ready' && isFitToBeSeen(guard.own.value.state);
  }

  #viewNow(): VideoOfferView | null {
    const call = this.#textCall();
    if (call === null || !call.video.offered) return null;
    const { you, peer, refused } = call.video;
    const isGettingReady = this.#way.value?.at === 'getting-ready';
    const quiet = peer ? 'theirs' : 'possible';
    const state = you ? 'waiting' : isGettingReady ? 'getting-ready' : quiet;
    return { state, peer, refused, mayAgree: isGettingReady && this.#isReady() };
  }
}
