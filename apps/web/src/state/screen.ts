import type { Mode } from '@farandole/protocol/fields';
import type { CallState } from '../call/call-state.ts';
import type { WishFault } from '../call/wish-fault.ts';
import type { SignalState, StopReason } from '../signal/signal-state.ts';
import type { Rule } from '../ui/rule-list.ts';
import type { ScreenName } from '../ui/screen-name.ts';

export interface RulesView {
  readonly mode: Mode;
  readonly why: 'first-time' | 'changed' | 'asked-by-server' | 'community';
  /** Rules whose meaning changed since the user accepted the rules; empty if unknown. */
  readonly changed: readonly Rule['name'][];
}

/** Where the user is outside of a search and a call. */
export type Route =
  | { readonly at: 'landing' }
  | { readonly at: 'rules'; readonly rules: RulesView }
  | { readonly at: 'green-room' };

export interface FaultView {
  /**
   * Why the page shows a fault:
   * - `refused-here`: the server doesn't serve pages of this address;
   * - `crowded`: the server is full;
   * - `protocol`: page and server are incompatible;
   * - `device-key`: the server rejected the browser's key;
   * - `unproven`: the browser can't solve the server's proof of work;
   * - `wish`: the server rejected one of the user's choices for the search.
   */
  readonly kind: 'refused-here' | 'crowded' | 'protocol' | 'device-key' | 'unproven' | 'wish';
  readonly wish: WishFault | null;
}

/** Whether the screen explains how calls are routed. */
export function saysWay(screen: ScreenName, state: CallState): boolean {
  return screen === 'green-room' || (state.state === 'ended' && state.reason === 'no-connection');
}

/** Returns the screen for a state of the call, or null if that state shows no screen of its own. */
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

/**
 * Returns the screen to show after the link to the server stopped permanently, or null if the
 * page continues without a link.
 */
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
    case 'unproven':
    case 'device-refused':
    case 'malformed':
    case 'too-large':
      return 'fault';
    default:
      return reason satisfies never;
  }
}

function stopFaultOf(reason: StopReason | null): FaultView['kind'] | null {
  if (reason === 'refused-here' || reason === 'unproven') return reason;
  if (reason === 'device-refused') return 'device-key';
  return reason === 'malformed' || reason === 'too-large' ? 'protocol' : null;
}

export interface ScreenFacts {
  /** Whether another tab is busy, or was until this tab took over. */
  readonly isElsewhere: boolean;
  readonly socketsSupported: boolean;
  readonly signalState: SignalState;
  readonly ageRefused: boolean;
  readonly callState: CallState;
  readonly place: Route['at'];
}

/**
 * Returns the current screen. A permanent stop comes first, then the search or call, then the
 * user's place outside of both.
 */
export function screenOf(facts: ScreenFacts): ScreenName {
  const { socketsSupported, isElsewhere, signalState, ageRefused, callState, place } = facts;
  if (!socketsSupported) return 'unsupported';
  if (isElsewhere) return 'elsewhere';
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
