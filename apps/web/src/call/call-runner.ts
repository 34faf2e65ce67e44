import { assertNever } from '@farandole/kernel/assert';
import type { Clock } from '@farandole/kernel/clock';
import type { Mode } from '@farandole/protocol/fields';
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ChatModel } from '../chat/chat-model.ts';
import type { Devices } from '../devices/devices.ts';
import type { Guard } from '../shield/guard.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';
import { transition } from './call-machine.ts';
import {
  type Call,
  type CallEffect,
  type CallEvent,
  type CallState,
  coverOf,
  deadlineOf,
  type Ended,
  INITIAL_CALL_STATE,
  isInCall,
  isOwnEnd,
  maySend,
  needsLink,
} from './call-state.ts';
import { SHOW_MATCH_WITHIN_MS } from './limits.ts';
import { MediaSide, type MediaSidePorts } from './media-side.ts';
import { OwnEnd } from './own-end.ts';
import type { PeerSignal } from './peer-link.ts';
import type { MeasuredQuality } from './quality-watch.ts';
import type { Descriptions } from './rtc-handler.ts';
import { isText } from './rungs.ts';
import type { WishFault } from './wish-fault.ts';

export interface CallRunnerPorts extends Omit<MediaSidePorts, 'tracks' | 'guard' | 'expectsMedia'> {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly freshId: () => string;
  /** @returns false if the message wasn't sent because no session is open */
  readonly send: (message: Outgoing) => boolean;
  readonly setUrgent: (urgent: boolean) => void;
  /** Called before a match's first work, so that nothing else delays it. */
  readonly matched: () => void;
  readonly guard: Pick<Guard, 'begin' | 'pictureCame' | 'end' | 'consent' | 'open'>;
  /** Whether strangers are uncovered without a press of "Show video". */
  readonly isAutomatic: () => boolean;
  readonly devices: Devices;
  readonly chat: ChatModel;
  readonly reached: (moment: 'described' | 'connected') => void;
  readonly askRules: (why: 'age-required' | 'policy-changed') => void;
  readonly wishRefused: (fault: WishFault) => void;
}

function mayGoOn({ reason, call }: Ended): boolean {
  return !isText(call.mode) && (reason === 'left' || reason === 'lost');
}

function awaitsPicture(state: CallState): boolean {
  if (state.state !== 'connecting' && state.state !== 'live') return false;
  return state.call.mode === 'video' && state.call.firstFrameMs === null;
}

/**
 * Runs the call state machine: passes it events, the time and random ids, and executes its effects.
 * Media, devices and chat follow the state.
 */
export class CallRunner {
  readonly peerStream: ReadonlySignal<MediaStream | null>;
  readonly quality: ReadonlySignal<MeasuredQuality | null>;
  readonly #ports: CallRunnerPorts;
  readonly #media: MediaSide;
  /**
   * The newest state. While effects run, it is newer than the signal, so that the screens update
   * after the urgent work.
   */
  #current: CallState = INITIAL_CALL_STATE;
  readonly #state = signal<CallState>(INITIAL_CALL_STATE);
  readonly #events: CallEvent[] = [];
  readonly ownEnd = new OwnEnd();
  #running = false;
  #cancelTick: (() => void) | null = null;
  #cancelShowing: (() => void) | null = null;

  constructor(ports: CallRunnerPorts) {
    this.#ports = ports;
    this.#media = new MediaSide(
      {
        ...ports,
        tracks: () => ports.devices.tracks,
        expectsMedia: () => isSending(this.#call?.peer),
      },
      {
        event: (event) => this.dispatch(event),
        signal: (message) => this.#sendSignal(message),
        reached: (moment) => ports.reached(moment),
      },
    );
    this.quality = this.#media.quality;
    this.peerStream = computed(() => this.#passing(this.#state.value));
  }

  get descriptions(): ReadonlySignal<Descriptions | null> {
    return this.#media.descriptions;
  }

  /**
   * The call state that the screens show. While a call connects, it may be up to
   * `SHOW_MATCH_WITHIN_MS` late.
   */
  get state(): ReadonlySignal<CallState> {
    return this.#state;
  }

  /** Returns the peer's stream if both the user and the shield allow it to be shown. */
  #passing(state: CallState): MediaStream | null {
    if (coverOf(state) !== 'shown' || !isInCall(state)) return null;
    if (state.call.mode !== 'video') return this.#media.remoteSound.value;
    if (this.#ports.guard.open.value) return this.#media.remoteStream.value;
    // Without a picture the shield has nothing to check, so the user's consent is enough to play
    // the sound.
    const { peer, firstFrameMs } = state.call;
    return peer.camera === 'off' && firstFrameMs === null ? this.#media.remoteSound.value : null;
  }

  /** Handles an event and every event that its effects cause. Returns when all are handled. */
  dispatch(event: CallEvent): void {
    this.#events.push(event);
    // An event that is dispatched by an effect waits in the queue until the current event is
    // handled.
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        this.#step(next);
      }
    } finally {
      this.#running = false;
      this.#events.length = 0;
    }
  }

  linkBack(): void {
    this.#media.signallingBack();
  }

  declineSoundOnly(): void {
    this.#media.declineSoundOnly();
  }

  attachCover(canvas: HTMLCanvasElement | null): void {
    this.#media.attachCover(canvas);
  }

  devicesChanged(): void {
    const { camera, microphone } = this.#ports.devices.view.value;
    this.#media.replaceTracks();
    this.dispatch({
      event: 'media',
      media: {
        camera: camera === 'interrupted' ? 'paused' : camera === 'on' ? 'on' : 'off',
        microphone: microphone === 'on' ? 'on' : 'off',
      },
    });
  }

  warm(mode: Mode): void {
    if (!isInCall(this.#current)) this.#media.warm(mode);
  }

  #step(event: CallEvent): void {
    const { clock, freshId, devices } = this.#ports;
    const before = this.#current;
    const moment = { nowMs: clock.monotonicMs(), freshId: freshId() };
    const step = transition(before, event, moment);
    const { state, effects } = step;
    this.#current = state;
    const repeated = this.ownEnd.follow(before, event, step, moment.nowMs);
    if (repeated !== null) this.#ports.send(repeated);
    if (before.state === 'searching' && isInCall(state)) this.#ports.matched();
    batch(() => {
      // Sending stops before all other work, so that a press that opens "Really?" stops sending
      // synchronously.
      devices.setSending(maySend(state) || !isInCall(state));
      for (const effect of effects) this.#perform(effect);
      if (state.state === 'ended' && isInCall(before) && isOwnEnd(state.reason))
        devices.release(true);
      // While "Really?" is shown the stranger is covered, but the user's consent to see the
      // stranger is kept.
      this.#ports.guard.consent(isInCall(state) && state.call.cover === 'shown');
      const isNextLikely =
        state.state === 'confirming-next' ||
        (state.state === 'ended' && isInCall(before) && mayGoOn(state));
      if (isNextLikely && !isText(state.call.mode))
        this.#media.warm(state.call.pursuit.wishes.mode);
      if (state.state === 'idle' && before.state !== 'idle') this.#media.cool();
      if (!isInCall(state) && state.state !== 'ended') this.#ports.chat.clear();
      this.#ports.setUrgent(needsLink(state));
      if (!awaitsPicture(state)) this.#show();
      else if (before.state === 'searching') this.#showSoon();
      else if (this.#cancelShowing === null) this.#show();
    });
    this.#schedule(deadlineOf(state));
    // The peer learns whether the user consented, but never what the shield found.
    if (event.event === 'first-frame' && this.#ports.isAutomatic()) {
      this.dispatch({ event: 'cover', cover: 'shown' });
    }
  }

  /**
   * Delays the update of the screens until the stranger's picture arrives, at most for
   * `SHOW_MATCH_WITHIN_MS`. Drawing a call takes longer than answering an offer, so drawing first
   * would delay the connection.
   */
  #showSoon(): void {
    this.#cancelShowing?.();
    this.#cancelShowing = this.#ports.scheduler.after(SHOW_MATCH_WITHIN_MS, () => this.#show());
  }

  #show(): void {
    this.#cancelShowing?.();
    this.#cancelShowing = null;
    this.#state.value = this.#current;
  }

  #perform(effect: CallEffect): void {
    switch (effect.effect) {
      case 'send':
        this.#ports.send(effect.message);
        return;
      case 'prepare':
        void this.#prepare(effect.ticket, effect.mode);
        return;
      case 'open':
        // Media is opened before the chat, because the peer's picture needs our answer.
        if (!isText(effect.call.mode)) this.#media.open(effect);
        this.#ports.chat.open(effect.call);
        return;
      case 'rejoin': {
        const { receipt } = effect.call;
        this.#ports.chat.openAgain(effect.call);
        this.#ports.send({ type: 'call.restore', receipt, received: [0, 0] });
        return;
      }
      case 'turn':
        if (effect.call.mode === 'voice') this.#ports.devices.close('video');
        this.#media.open({ call: effect.call, offer: null, offerUsed: false });
        return;
      case 'end-media':
        this.#media.close();
        if (isText(effect.mode)) this.#ports.devices.release(true);
        else this.#ports.devices.close('video');
        return;
      case 'close':
        this.#media.close();
        this.#ports.chat.end();
        return;
      case 'signal':
        this.#media.receive(effect.message);
        return;
      case 'allow-direct':
        this.#media.allowDirect(effect.allowed);
        return;
      case 'restore': {
        const { received, latest } = this.#ports.chat.restoring();
        this.#ports.send({
          type: 'call.restore',
          receipt: effect.receipt,
          received,
          ...(latest === null ? {} : { latest }),
        });
        return;
      }
      case 'restored':
        this.#ports.chat.restored(effect.restored);
        // If the peer has loaded a new page, no signals are sent again, because the new page has no
        // connection for them.
        if (effect.restored.newPage !== true) this.#media.resignal();
        return;
      case 'ask-rules':
        this.#ports.askRules(effect.why);
        return;
      case 'wish-refused':
        this.#ports.wishRefused(effect.fault);
        return;
      default:
        assertNever(effect);
    }
  }

  async #prepare(ticket: string, mode: Mode): Promise<void> {
    const offer = await this.#media.offer(mode);
    this.dispatch({ event: 'prepared', ticket, offer });
  }

  /**
   * Drops signals while a call is being restored. `resignal` sends the lost ones after the restore.
   */
  #sendSignal(message: PeerSignal): void {
    const call = this.#call;
    if (call === null || call.restoring) return;
    const { match, epoch, step } = call;
    this.#ports.send({ ...message, match, epoch, step });
  }

  get #call(): Call | null {
    return isInCall(this.#current) ? this.#current.call : null;
  }

  #schedule(deadlineMs: number | null): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    if (deadlineMs === null) return;
    const delayMs = Math.max(0, deadlineMs - this.#ports.clock.monotonicMs());
    this.#cancelTick = this.#ports.scheduler.after(delayMs, () => {
      this.#cancelTick = null;
      this.dispatch({ event: 'tick' });
    });
  }
}

function isSending(media: Call['peer'] | undefined): boolean {
  return media?.camera === 'on' || media?.microphone === 'on';
}
