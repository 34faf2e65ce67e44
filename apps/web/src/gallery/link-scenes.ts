import type { KeptCall } from '../call/call-state.ts';
import type { CallView, SearchView } from '../call/call-view.ts';
import type { SceneState } from './scene-state.ts';

const KEPT_CALL: KeptCall = {
  match: 'the-match',
  epoch: 1,
  side: 'a',
  role: 'offerer',
  mode: 'video',
  transport: 'relay',
  directOffered: true,
  receipt: 'a receipt',
  startedAtMs: 0,
  elapsedMs: 94_000,
  deadlineMs: 22_000,
};

/** What the link to the server, and the server itself, do to each screen. */
export function linkScenes({
  landing,
  waiting,
  video,
  text,
  unconnected,
}: {
  readonly landing: SceneState;
  readonly waiting: SceneState & { readonly search: SearchView };
  readonly video: SceneState & { readonly call: CallView };
  readonly text: SceneState & { readonly call: CallView };
  /** After calls that did not connect. */
  readonly unconnected: SceneState;
}) {
  const { search } = waiting;
  const { call } = video;
  const { call: textCall } = text;
  return {
    'landing-rejoin': { ...landing, rejoin: KEPT_CALL },
    'landing-offline': { ...landing, link: { state: 'offline', moving: false }, online: null },
    'landing-reconnecting': {
      ...landing,
      link: { state: 'reconnecting', moving: false },
      online: null,
    },
    'landing-down': { ...landing, link: { state: 'down', moving: false }, online: null },
    'landing-moving': { ...landing, link: { state: 'online', moving: true } },
    'waiting-throttled': {
      ...waiting,
      search: { ...search, held: { reason: 'too-fast', retryInMs: 20_000 }, quickly: 12 },
    },
    'waiting-server-moving': {
      ...waiting,
      link: { state: 'online', moving: true },
      search: { ...search, held: { reason: 'server-moving', retryInMs: 3_000 } },
    },
    'waiting-pool-full': {
      ...waiting,
      search: { ...search, held: { reason: 'pool-full', retryInMs: 3_000 } },
    },
    'waiting-offline': {
      ...waiting,
      link: { state: 'offline', moving: false },
      search: { ...search, held: { reason: 'no-link', retryInMs: null } },
    },
    'waiting-reconnecting': {
      ...waiting,
      link: { state: 'reconnecting', moving: false },
      search: { ...search, held: { reason: 'no-link', retryInMs: null } },
    },
    'call-offline': { ...video, link: { state: 'offline', moving: false } },
    'call-restoring': { ...video, call: { ...call, restoring: true } },
    'call-reconnecting': { ...video, link: { state: 'reconnecting', moving: false } },
    'call-moving': { ...video, link: { state: 'online', moving: true } },
    'text-away': { ...text, call: { ...textCall, peer: { ...call.peer, present: false } } },
    'text-restoring': { ...text, call: { ...textCall, restoring: true } },
    'text-reconnecting': { ...text, link: { state: 'reconnecting', moving: false } },
    'ended-no-connection': { ...unconnected, connectionCheck: 'blocked' },
    'ended-no-connection-works': unconnected,
    'ended-no-relay': {
      ...unconnected,
      connectionCheck: 'direct',
      server: { ...landing.server, hasTurn: false },
    },
    'fault-protocol': { ...landing, screen: 'fault', fault: { kind: 'protocol', wish: null } },
    'fault-device-key': { ...landing, screen: 'fault', fault: { kind: 'device-key', wish: null } },
    'fault-crowded': { ...landing, screen: 'fault', fault: { kind: 'crowded', wish: null } },
    'fault-origin': { ...landing, screen: 'fault', fault: { kind: 'refused-here', wish: null } },
    elsewhere: { ...landing, screen: 'elsewhere' },
    outdated: { ...landing, screen: 'outdated' },
  } as const satisfies Record<string, SceneState>;
}
