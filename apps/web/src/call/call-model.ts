import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { lazyModel } from '../base/lazy-model.ts';
import type { Devices } from '../devices/devices.ts';
import type { Guard } from '../shield/guard.ts';
import { relaysFirst, type ServerView } from '../signal/link-view.ts';
import { CallRunner, type CallRunnerPorts } from './call-runner.ts';
import { type Call, type CallEvent, type CallState, isInCall } from './call-state.ts';
import type { CallPreferences, CallView, EndedView } from './call-view.ts';
import { type Aftermath, callViewOf, endedViewOf } from './call-views.ts';
import { FirstPicture } from './first-picture.ts';
import type { FirstPictureView } from './first-picture-steps.ts';
import { watchHiddenMatch } from './hidden-match.ts';
import type { Descriptions } from './rtc-handler.ts';
import { TextOnly } from './text-only.ts';
import { Ticker } from './ticker.ts';
import type { VideoOffer } from './video-offer.ts';

export interface CallPorts
  extends Omit<
    CallRunnerPorts,
    'isAutomatic' | 'canSignal' | 'policy' | 'relayOnly' | 'savesData' | 'reached' | 'guard'
  > {
  readonly guard: Guard;
  readonly devices: Devices;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly preferences: ReadonlySignal<CallPreferences>;
  readonly isOnline: ReadonlySignal<boolean>;
  /** Whether the page is in the background. */
  readonly hidden: ReadonlySignal<boolean>;
  readonly aftermath: Aftermath;
}

/** The call, from the match to its end, as the screens see it and act on it. */
export class CallModel {
  readonly runner: CallRunner;
  /** Null outside of a call. */
  readonly view: ReadonlySignal<CallView | null>;
  /** After a call, until the next search. */
  readonly ended: ReadonlySignal<EndedView | null>;
  /** In a video call: how long each step took until the stranger's picture was seen. */
  readonly firstPicture: ReadonlySignal<FirstPictureView | null>;
  /**
   * The stranger's picture and sound, for the one visible and unmuted `<video>`. Null while the
   * tile is covered, so that a screen cannot show or play what was not consented to or not passed
   * by the shield.
   */
  readonly peerStream: ReadonlySignal<MediaStream | null>;
  /** The SDP of both ends of the media connection; null while there is none. */
  readonly descriptions: ReadonlySignal<Descriptions | null>;
  /** From text to video. Null until its code has arrived, with the first text call. */
  readonly video: ReadonlySignal<VideoOffer | null>;
  readonly textOnly: TextOnly;
  /** The time, moving while a time is shown. */
  readonly nowMs: ReadonlySignal<number>;
  readonly #ports: CallPorts;

  constructor(ports: CallPorts) {
    const { clock, scheduler, guard, devices, iceServers, preferences, hidden } = ports;
    this.#ports = ports;
    this.runner = new CallRunner({
      ...ports,
      isAutomatic: () => preferences.value.shield === 'automatic',
      canSignal: () => ports.isOnline.value,
      policy: () => this.policy,
      relayOnly: () => preferences.value.relayOnly,
      savesData: () => preferences.value.savesData,
      reached: (moment) => firstPicture.reached(moment),
    });
    const { state, peerStream, descriptions, quality } = this.runner;
    const dispatch = (event: CallEvent): void => this.runner.dispatch(event);
    const firstPicture = new FirstPicture({ clock, state, guard, peerStream });
    const video = lazyModel(async () => {
      const part = await import('./video-offer.ts');
      return new part.VideoOffer({ state, dispatch, devices, guard, iceServers });
    });
    effect(() => {
      if (video.model.value !== null || !isInCall(state.value)) return;
      if (state.value.call.mode === 'text') video.prepare();
    });
    this.peerStream = peerStream;
    this.descriptions = descriptions;
    this.firstPicture = firstPicture.view;
    this.video = video.model;
    const videoView = video.select((offer) => offer.view, null);
    const { nowMs } = new Ticker(clock, scheduler, state);
    this.nowMs = nowMs;
    this.view = computed(() =>
      callViewOf(state.value, nowMs.value, {
        shield: guard.stranger.value,
        quality: quality.value,
        camera: devices.view.value.camera,
        mayBeDirect: !preferences.value.relayOnly,
        video: videoView.value,
      }),
    );
    this.ended = computed(() => endedViewOf(state.value, ports.aftermath));
    this.textOnly = new TextOnly({ call: this, devices });
    watchHiddenMatch({
      scheduler,
      hidden,
      state,
      leave: () => dispatch({ event: 'leave', as: 'away' }),
    });
  }

  /** As the screens may know it: a moment behind the machine while a call is being connected. */
  get state(): ReadonlySignal<CallState> {
    return this.runner.state;
  }

  /** How a call begins to travel. */
  get policy(): 'relay' | 'all' {
    const { preferences, server } = this.#ports;
    return preferences.value.relayOnly || relaysFirst(server.value) ? 'relay' : 'all';
  }

  /** The call of the moment, or the last one until the next search. */
  get last(): Call | null {
    const state = this.state.value;
    return isInCall(state) || state.state === 'ended' ? state.call : null;
  }

  /** Draws the cover here, 16 pixels wide; null when the canvas goes away. */
  attachCover(canvas: HTMLCanvasElement | null): void {
    this.runner.attachCover(canvas);
  }

  show(): void {
    this.runner.dispatch({ event: 'cover', cover: 'shown' });
  }

  cover(): void {
    this.runner.dispatch({ event: 'cover', cover: 'covered' });
  }

  /** After a flag: shows the stranger again, where the operator allows it. */
  resume(): void {
    if (!this.#ports.guard.stranger.value.mayResume) return;
    this.show();
    this.#ports.guard.resume();
  }

  /** Keeps video on although sound alone was offered. */
  declineSoundOnly(): void {
    this.runner.declineSoundOnly();
  }

  /** This person's yes or no to a direct connection. */
  consentDirect(allowed: boolean): void {
    if (allowed && this.#ports.preferences.value.relayOnly) return;
    this.runner.dispatch({ event: 'consent-direct', allowed });
  }

  /** The devices changed: other tracks, or another state of theirs. */
  devicesChanged(): void {
    this.runner.devicesChanged();
    this.video.peek()?.devicesChanged();
  }
}
