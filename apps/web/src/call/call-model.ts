import type { Mode } from '@farandole/protocol/fields';
import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { clockOf } from '../a11y/durations.ts';
import { lazyModel } from '../base/lazy-model.ts';
import type { Devices } from '../devices/devices.ts';
import { t } from '../i18n/words.ts';
import type { Guard } from '../shield/guard.ts';
import { relaysFirst, type ServerView } from '../signal/link-view.ts';
import { CallRunner, type CallRunnerPorts } from './call-runner.ts';
import { type Call, type CallEvent, type CallState, isInCall, modeNow } from './call-state.ts';
import type { CallPreferences, CallView, EndedView } from './call-view.ts';
import { type Aftermath, callViewOf, endedViewOf } from './call-views.ts';
import type { FirstPictureView } from './first-picture-steps.ts';
import { watchHiddenMatch } from './hidden-match.ts';
import type { Descriptions } from './rtc-handler.ts';
import type { TextOnly } from './text-only.ts';
import { Ticker } from './ticker.ts';
import type { VideoOffer } from './video-offer.ts';

export interface CallPorts
  extends Omit<
    CallRunnerPorts,
    | 'isAutomatic'
    | 'canSignal'
    | 'policy'
    | 'relayOnly'
    | 'savesData'
    | 'relayKbpsMax'
    | 'reached'
    | 'guard'
  > {
  readonly guard: Guard;
  readonly devices: Devices;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly preferences: ReadonlySignal<CallPreferences>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly hidden: ReadonlySignal<boolean>;
  readonly aftermath: Aftermath;
}

export class CallModel {
  readonly runner: CallRunner;
  readonly view: ReadonlySignal<CallView | null>;
  /** The call that ended last, until the next search starts. Null if there is none. */
  readonly ended: ReadonlySignal<EndedView | null>;
  /** How long the stranger's first picture took to appear. Null in a text call. */
  readonly firstPicture: ReadonlySignal<FirstPictureView | null>;
  /**
   * Stream for the one visible and unmuted `<video>` of the stranger. It is null while the stranger
   * is covered, so no screen can show or play a stranger without the user's consent and the
   * shield's approval.
   */
  readonly peerStream: ReadonlySignal<MediaStream | null>;
  readonly descriptions: ReadonlySignal<Descriptions | null>;
  /**
   * Model of the upgrade to the next mode. Its code loads with the first call that has one. Null
   * until then.
   */
  readonly video: ReadonlySignal<VideoOffer | null>;
  /** The switch "Text only". Its code loads with the first video call. */
  readonly textOnly: Pick<TextOnly, 'on' | 'set'>;
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
      savesData: () => preferences.value.savesData === true,
      relayKbpsMax: () => ports.server.value?.relayKbpsMax ?? null,
      reached: (moment) => {
        reachedAtMs[moment] = clock.monotonicMs();
        firstPicture.model.peek()?.reached(moment);
      },
    });
    const { state, peerStream, descriptions, quality } = this.runner;
    const dispatch = (event: CallEvent): void => this.runner.dispatch(event);
    const reachedAtMs = { described: 0, connected: 0 };
    const firstPicture = lazyModel(async () => {
      const { FirstPicture } = await import('./first-picture.ts');
      return new FirstPicture({ clock, state, guard, peerStream, reachedAtMs });
    });
    const video = lazyModel(async () => {
      const part = await import('./video-offer.ts');
      return new part.VideoOffer({ state, dispatch, devices, guard, iceServers });
    });
    const textOnly = lazyModel(async () => {
      const { TextOnly } = await import('./text-only.ts');
      return new TextOnly({ call: this, devices });
    });
    effect(() => {
      if (modeNow(state.value) === 'video') {
        // It loads during the search, so that it sees the whole call.
        firstPicture.prepare();
        textOnly.prepare();
      }
      if (video.model.value !== null || !isInCall(state.value)) return;
      if (state.value.call.mode !== 'video') video.prepare();
    });
    this.peerStream = peerStream;
    this.descriptions = descriptions;
    this.firstPicture = firstPicture.select((model) => model.view, null);
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
    this.textOnly = {
      on: textOnly.select((model) => model.on, false),
      set: (on) => textOnly.use((model) => model.set(on)),
    };
    watchHiddenMatch({
      scheduler,
      hidden,
      state,
      leave: () => dispatch({ event: 'leave', as: 'away' }),
    });
  }

  get state(): ReadonlySignal<CallState> {
    return this.runner.state;
  }

  get policy(): 'relay' | 'all' {
    const { preferences, server } = this.#ports;
    return preferences.value.relayOnly || relaysFirst(server.value) ? 'relay' : 'all';
  }

  get last(): Call | null {
    const state = this.state.value;
    return isInCall(state) || state.state === 'ended' ? state.call : null;
  }

  /** Whether the user asked the call's question. The asker only reads. */
  get readsOnly(): boolean {
    const call = this.last;
    return call?.mode === 'question' && call.side === 'a';
  }

  /**
   * Initial text of a report about the stranger. It says when the shield flagged the stranger, and
   * is empty if the shield didn't.
   */
  get flagNote(): string {
    const afterMs = this.view.peek()?.shield?.flaggedAfterMs ?? null;
    return afterMs === null ? '' : t('shield.note', { time: clockOf(afterMs) });
  }

  attachCover(canvas: HTMLCanvasElement | null): void {
    this.runner.attachCover(canvas);
  }

  show(): void {
    this.runner.dispatch({ event: 'cover', cover: 'shown' });
  }

  cover(): void {
    this.runner.dispatch({ event: 'cover', cover: 'covered' });
  }

  /** Shows a stranger whom the shield had flagged, provided that the operator allows it. */
  resume(): void {
    if (!this.#ports.guard.stranger.value.mayResume) return;
    this.show();
    this.#ports.guard.resume();
  }

  /** Keeps the video on after the page offered to turn it off because of poor quality. */
  declineSoundOnly(): void {
    this.runner.declineSoundOnly();
  }

  /** Takes the call down to a lower mode at once. The peer needn't agree. */
  lower(mode: Mode): void {
    this.runner.dispatch({ event: 'lower', mode });
  }

  consentDirect(allowed: boolean): void {
    if (allowed && this.#ports.preferences.value.relayOnly) return;
    this.runner.dispatch({ event: 'consent-direct', allowed });
  }

  devicesChanged(): void {
    this.runner.devicesChanged();
    this.video.peek()?.devicesChanged();
  }
}
