import {
  type CallState,
  coverOf,
  type Held,
  type InCall,
  isInCall,
  type Searching,
} from '../call/call-state.ts';
import { ANYONE_AFTER_MS, STUCK_AFTER_MS } from '../call/limits.ts';
import type { MeasuredQuality } from '../call/quality-watch.ts';
import type { Reporting } from '../report/reporting.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { SignalState, StopReason } from '../signal/signal-client.ts';
import type {
  CallView,
  ChatView,
  DeviceState,
  EndedView,
  FaultView,
  LinkView,
  MediaFlow,
  RulesView,
  ScreenName,
  SearchView,
  ServerView,
  WishFault,
} from './app-model.ts';
import type { Place } from './journey.ts';
import { ONLINE_SHOWN_FROM } from './limits.ts';
import { qualityViewOf } from './quality-view.ts';

/** What the screens see of the machine's state, as plain values; all pure. */

/** Whether a screen says how calls travel from here. */
export function saysWay(screen: ScreenName, state: CallState): boolean {
  return screen === 'green-room' || (state.state === 'ended' && state.reason === 'no-connection');
}

export function searchViewOf(
  state: CallState,
  isOnline: boolean,
  nowMs: number,
): SearchView | null {
  if (state.state !== 'searching' && state.state !== 'held') return null;
  const { wishes, startedAtMs, connectFailures, quickly } = state.pursuit;
  const waitedMs = Math.max(0, nowMs - startedAtMs);
  const interests = state.state === 'searching' ? state.interests : wishes.interests;
  return {
    mode: wishes.mode,
    held: heldOf(state, isOnline, nowMs),
    interests,
    onlyShared: wishes.onlyShared,
    canAskAnyone: wishes.onlyShared && interests.length > 0 && waitedMs >= ANYONE_AFTER_MS,
    waitedMs,
    waiting: state.state === 'searching' ? state.waiting : null,
    usualWaitMs: state.state === 'searching' ? state.usualWaitMs : null,
    connectFailures,
    quickly,
  };
}

function heldOf(state: Searching | Held, isOnline: boolean, nowMs: number): SearchView['held'] {
  if (!isOnline) return { reason: 'no-link', retryInMs: null };
  if (state.state !== 'held') return null;
  return { reason: state.reason, retryInMs: Math.max(0, state.untilMs - nowMs) };
}

/** What a call's screen shows beside the machine's state. */
export interface CallFacts {
  /** What there is to say of it in a video call. */
  readonly shield: ShieldView;
  /** Null before there is anything to judge by. */
  readonly quality: MeasuredQuality | null;
  /** This person's own. */
  readonly camera: DeviceState;
  /** False: this person wants no direct connection, and is not asked for one. */
  readonly mayBeDirect: boolean;
  /** How far the two are on the way from text to video. */
  readonly video: CallView['video'];
}

export function callViewOf(
  state: CallState,
  nowMs: number,
  { shield, quality, camera, mayBeDirect, video }: CallFacts,
): CallView | null {
  if (!isInCall(state)) return null;
  const { call } = state;
  return {
    mode: call.mode,
    sharedInterests: call.sharedInterests,
    sharedLanguages: call.sharedLanguages,
    noSharedLanguage:
      call.commonKnown &&
      call.sharedLanguages.length === 0 &&
      call.pursuit.wishes.languages.length > 0,
    elapsedMs: Math.max(0, nowMs - call.foundAtMs),
    flow: flowOf(state, nowMs),
    quality: qualityViewOf(state, quality, camera, nowMs),
    hasPicture: call.firstFrameMs !== null,
    cover: coverOf(state),
    shield: call.mode === 'video' ? shield : null,
    peer: { ...call.peer, present: call.peerPresent },
    next:
      state.state === 'confirming-next'
        ? { state: 'really', remainingMs: Math.max(0, state.untilMs - nowMs) }
        : { state: 'next' },
    direct: {
      way: call.way,
      offered: call.directOffered && mayBeDirect,
      you: call.direct.you,
      peer: call.direct.peer,
    },
    video,
    restoring: call.restoring,
  };
}

/** The log is shown no sooner than its call, and until the next search. */
export function chatViewOf(state: CallState, chat: ChatView | null): ChatView | null {
  return isInCall(state) || state.state === 'ended' ? chat : null;
}

function flowOf({ call }: InCall, nowMs: number): MediaFlow {
  const { flow, interruptedAtMs } = call;
  if (interruptedAtMs === null) return flow;
  return nowMs - interruptedAtMs >= STUCK_AFTER_MS ? 'stuck' : flow;
}

/** A report that was only opened and not sent is a call that was left. */
export function endedViewOf(
  state: CallState,
  reporting: Pick<Reporting, 'stateOf' | 'wasSent'>,
): EndedView | null {
  if (state.state !== 'ended') return null;
  const block = reporting.stateOf(state.call.match);
  const reported = reporting.wasSent(state.call.match);
  return {
    mode: state.call.mode,
    reason: state.reason === 'reported' && !reported ? 'you' : state.reason,
    durationMs: Math.max(0, state.endedAtMs - state.call.foundAtMs),
    canReport: !reported,
    canBlock: block === 'none' || block === 'refused',
    block,
  };
}

/** The screen that the machine's state asks for, or null where it leaves that to others. */
function callScreenOf(state: CallState): ScreenName | null {
  switch (state.state) {
    case 'searching':
    case 'held':
      return 'waiting';
    case 'connecting':
    case 'live':
    case 'confirming-next':
      return state.call.mode === 'video' ? 'call-video' : 'call-text';
    case 'ended':
      return 'ended';
    case 'idle':
      return null;
    default:
      return state satisfies never;
  }
}

/** The screen after the link stopped for good, or null where the page goes on without it. */
export function stopScreenOf(reason: StopReason | null): ScreenName | null {
  switch (reason) {
    case null:
    case 'goodbye':
    case 'gave-up':
      return null;
    case 'replaced':
    case 'superseded':
      return 'elsewhere';
    case 'version-unsupported':
      return 'outdated';
    case 'sanctioned':
      return 'sanctioned';
    case 'refused-here':
    case 'device-refused':
    case 'malformed':
    case 'too-large':
      return 'fault';
    default:
      return reason satisfies never;
  }
}

function stopFaultOf(reason: StopReason | null): FaultView['kind'] | null {
  if (reason === 'refused-here') return 'refused-here';
  if (reason === 'device-refused') return 'device-key';
  return reason === 'malformed' || reason === 'too-large' ? 'protocol' : null;
}

export interface ScreenFacts {
  readonly socketsSupported: boolean;
  readonly signalState: SignalState;
  readonly ageRefused: boolean;
  readonly callState: CallState;
  readonly place: Place['at'];
}

/** What ends everything comes first, then a search or a call, then where the person is. */
export function screenOf(facts: ScreenFacts): ScreenName {
  const { socketsSupported, signalState, ageRefused, callState, place } = facts;
  if (!socketsSupported) return 'unsupported';
  const stopped = signalState.state === 'stopped' ? stopScreenOf(signalState.reason) : null;
  if (stopped !== null) return stopped;
  if (ageRefused) return 'age-refused';
  const inCall = callScreenOf(callState);
  if (inCall !== null) return inCall;
  return 'crowded' in signalState && signalState.crowded ? 'fault' : place;
}

export function faultOf(
  signalState: SignalState,
  screen: ScreenName,
  wish: WishFault | null,
): FaultView | null {
  const stopped = signalState.state === 'stopped' ? stopFaultOf(signalState.reason) : null;
  if (stopped !== null) return { kind: stopped, wish: null };
  if (screen === 'fault') return { kind: 'crowded', wish: null };
  return wish === null ? null : { kind: 'wish', wish };
}

/** @param network what the browser believes; it knows only a network that is surely not there. */
export function linkViewOf(state: SignalState, network: boolean, moving: boolean): LinkView {
  switch (state.state) {
    case 'online':
      return { state: 'online', moving };
    case 'stopped':
      return { state: state.reason === null ? 'connecting' : 'down', moving };
    case 'connecting':
    case 'reconnecting':
      return { state: network ? state.state : 'offline', moving };
    default:
      return state satisfies never;
  }
}

/** Whether a call of this server begins over its relay. */
export function relaysFirst(server: ServerView | null): boolean {
  return server?.relay === 'always' || server?.relay === 'until-consent';
}

/** How many people are online, or null where that says nothing. */
export function shownCountOf(count: number | null): number | null {
  return count === null || count < ONLINE_SHOWN_FROM ? null : count;
}

export function rulesViewOf(screen: ScreenName, place: Place): RulesView | null {
  return screen === 'rules' && place.at === 'rules' ? place.rules : null;
}
