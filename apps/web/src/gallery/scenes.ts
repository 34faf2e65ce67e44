import { SHIELD_DEFAULTS } from '@farandole/protocol/shield-rules';
import { type EndReason, isOwnEnd } from '../call/call-state.ts';
import type { CallView, EndedView, SearchView } from '../call/call-view.ts';
import { firstPictureOf } from '../call/first-picture-steps.ts';
import type { QualityView } from '../call/quality.ts';
import type { DevicesView } from '../devices/devices-view.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { ServerView } from '../signal/link-view.ts';
import type { StandingView } from '../signal/standing-model.ts';
import type { Preferences } from '../state/preferences-model.ts';
import { NO_PREFERENCES } from '../state/preferences-model.ts';
import { biggerScenes } from './bigger-scenes.ts';
import { BROWSERS } from './browsers.ts';
import { chatScenes } from './chat-scenes.ts';
import { drawingScenes } from './drawing-scenes.ts';
import { greenRoomScenes } from './green-room-scenes.ts';
import { LAPTOP_DEVICES, OFFERED, REPLACED } from './laptop-devices.ts';
import { linkScenes } from './link-scenes.ts';
import { recordScenes } from './record-scenes.ts';
import { reportScenes } from './report-scenes.ts';
import { CHAT, EMPTY_CHAT, ENDED_CHAT, LONG_CHAT } from './sample-chats.ts';
import { HOUSE_RULES, HOUSE_RULES_BEFORE } from './sample-rules.ts';
import type { SceneState } from './scene-state.ts';
import { textScenes } from './text-scenes.ts';

const READY: DevicesView = { state: 'ready', failure: null, camera: 'on', microphone: 'on' };
const NO_DEVICES: DevicesView = {
  state: 'not-asked',
  failure: null,
  camera: 'absent',
  microphone: 'absent',
};

/** Of an operator who has set nothing, and has no relay. */
const BARE_SERVER: ServerView = {
  relay: 'direct',
  hasTurn: false,
  policyVersion: 1,
  sourceUrl: null,
  operator: { name: null, contact: null },
  helpLines: { anybody: null, children: null },
  shield: SHIELD_DEFAULTS,
  pictures: false,
  desk: { halfWithinHours: null, overturnedPercent: null },
  houseRules: null,
  busiest: null,
};

const LANDING: SceneState = {
  draws: 'page',
  screen: 'landing',
  page: null,
  link: { state: 'online', moving: false },
  online: 1_284,
  server: {
    ...BARE_SERVER,
    relay: 'until-consent',
    hasTurn: true,
    sourceUrl: 'https://code.example.org/farandole',
    operator: { name: 'Cinéclub de Lyon', contact: 'mailto:help@example.org' },
    desk: { halfWithinHours: 6, overturnedPercent: 10 },
    busiest: { fromUtcHour: 18, hours: 3 },
  },
  videoSupported: true,
  storageBlocked: false,
  preferences: { ...NO_PREFERENCES, languages: ['en'] },
  rules: null,
  devices: NO_DEVICES,
  deviceLists: LAPTOP_DEVICES,
  deviceNews: null,
  heard: [[0.62, 0]],
  speaksMuted: false,
  speakerTest: 'untried',
  connectionCheck: 'relay',
  browser: BROWSERS.chromeWindows,
  shieldLoad: { state: 'idle' },
  ownCheck: { state: 'none', dark: false, continuing: false },
  search: null,
  rejoin: null,
  call: null,
  firstPicture: null,
  textOnly: false,
  ended: null,
  fault: null,
  standing: null,
  chat: null,
  report: null,
  reports: [],
  warning: null,
  meetings: [],
  blocks: [],
  settingsOpen: false,
};

const SEARCH: SearchView = {
  mode: 'video',
  held: null,
  interests: [],
  onlyShared: false,
  canAskAnyone: false,
  waitedMs: 3_000,
  waiting: 4,
  usualWaitMs: null,
  connectFailures: 0,
  quickly: 0,
};

const SHIELD: ShieldView = {
  state: 'shown',
  why: null,
  loaded: 1,
  mayResume: true,
  flaggedAfterMs: null,
  scores: { neutral: 0.91, drawing: 0.03, sexy: 0.04, porn: 0.01, hentai: 0.01 },
};

const QUALITY: QualityView = {
  level: 'good',
  lostForMs: 0,
  lowering: false,
  offersSoundOnly: false,
  figures: { rttMs: 42, loss: 0.004, jitterMs: 6, frozen: 0 },
};

const POOR: QualityView = {
  ...QUALITY,
  level: 'poor',
  lowering: true,
  figures: { rttMs: 480, loss: 0.14, jitterMs: 38, frozen: 0.12 },
};

const CALL: CallView = {
  mode: 'video',
  sharedInterests: ['film', 'cooking'],
  sharedLanguages: ['en'],
  noSharedLanguage: false,
  elapsedMs: 83_000,
  flow: 'flowing',
  quality: QUALITY,
  hasPicture: true,
  cover: 'shown',
  shield: SHIELD,
  peer: { camera: 'on', microphone: 'on', cover: 'shown', present: true },
  next: { state: 'next' },
  direct: { way: 'relay', offered: true, you: false, peer: false },
  video: null,
  restoring: false,
};

/** By a relay that is far away, and a person who took a moment to look. */
const FIRST_PICTURE = firstPictureOf({
  beganAtMs: 0,
  at: {
    matched: 3_180,
    described: 3_241,
    connected: 3_702,
    framed: 3_894,
    checked: 4_406,
    shown: 6_020,
  },
});

const WAITING: SceneState = { ...LANDING, screen: 'waiting', devices: READY, search: SEARCH };
const VIDEO: SceneState = {
  ...LANDING,
  screen: 'call-video',
  devices: READY,
  call: CALL,
  firstPicture: FIRST_PICTURE,
  chat: CHAT,
};
const TEXT_CALL: CallView = {
  ...CALL,
  mode: 'text',
  flow: 'none',
  quality: null,
  shield: null,
  hasPicture: false,
  cover: 'covered',
  direct: { way: null, offered: false, you: false, peer: false },
  video: { state: 'possible', peer: false, refused: null, mayAgree: false },
};
const TEXT: SceneState = {
  ...VIDEO,
  screen: 'call-text',
  devices: NO_DEVICES,
  call: TEXT_CALL,
  firstPicture: null,
};

const ended = (reason: EndReason, change: Partial<EndedView> = {}): SceneState => ({
  ...LANDING,
  screen: 'ended',
  devices: isOwnEnd(reason) ? NO_DEVICES : READY,
  ended: {
    mode: 'video',
    reason,
    durationMs: 252_000,
    canReport: true,
    canBlock: true,
    block: 'none',
    ...change,
  },
  chat: { ...CHAT, peerTyping: false, open: false },
});

/** A call in which the shield covers. */
const shielded = (shield: Partial<ShieldView>, change: Partial<CallView> = {}): SceneState => ({
  ...VIDEO,
  call: { ...CALL, cover: 'covered', shield: { ...SHIELD, ...shield }, ...change },
});

const SHARING: Preferences = {
  ...LANDING.preferences,
  interests: ['film', 'cooking', 'chess'],
  onlyShared: true,
  languages: ['en', 'fr'],
};

const SUSPENDED: StandingView = {
  may: 'nothing',
  because: 'decision',
  appeal: 'bm90LWEtcmVhbC1jb2RlLQ',
  endsAtMs: Date.UTC(2026, 11, 14, 17),
};
const shownOut = (standing: Partial<StandingView>): SceneState => ({
  ...LANDING,
  screen: 'sanctioned',
  link: { state: 'down', moving: false },
  standing: { ...SUSPENDED, ...standing },
});

/** Every state of every screen, by the name that the gallery's address takes. */
export const SCENES = {
  landing: LANDING,
  'landing-interests': { ...LANDING, preferences: SHARING },
  'landing-no-video': { ...LANDING, videoSupported: false, online: null },
  'landing-in-app': {
    ...LANDING,
    videoSupported: false,
    online: null,
    browser: BROWSERS.facebookAndroid,
  },
  'landing-text-only': { ...LANDING, standing: { ...SUSPENDED, may: 'text' } },
  'landing-storage': { ...LANDING, storageBlocked: true },
  'landing-wish-refused': {
    ...LANDING,
    preferences: SHARING,
    fault: { kind: 'wish', wish: 'bad-interest' },
  },
  rules: {
    ...LANDING,
    screen: 'rules',
    rules: { mode: 'video', why: 'first-time', changed: [] },
  },
  'rules-changed': {
    ...LANDING,
    screen: 'rules',
    rules: { mode: 'video', why: 'changed', changed: ['recording', 'kind'] },
    server: { ...LANDING.server, houseRules: HOUSE_RULES },
    preferences: { ...LANDING.preferences, houseVersion: 1, houseText: HOUSE_RULES_BEFORE },
  },
  'rules-asked': {
    ...LANDING,
    screen: 'rules',
    rules: { mode: 'text', why: 'asked-by-server', changed: [] },
  },
  'age-refused': { ...LANDING, screen: 'age-refused' },
  ...greenRoomScenes(LANDING, { ready: READY, none: NO_DEVICES }),
  waiting: WAITING,
  'waiting-likes': {
    ...WAITING,
    search: { ...SEARCH, interests: ['film', 'cooking', 'chess'], onlyShared: true },
  },
  'waiting-anyone': {
    ...WAITING,
    search: {
      ...SEARCH,
      interests: ['film', 'cooking'],
      onlyShared: true,
      canAskAnyone: true,
      waitedMs: 9_000,
    },
  },
  'waiting-usual': {
    ...WAITING,
    search: { ...SEARCH, interests: ['film', 'cooking'], waitedMs: 9_000, usualWaitMs: 114_000 },
  },
  'waiting-long': { ...WAITING, search: { ...SEARCH, waitedMs: 64_000, usualWaitMs: 42_000 } },
  'waiting-quiet': { ...WAITING, search: { ...SEARCH, waiting: 1 } },
  'waiting-quiet-long': { ...WAITING, search: { ...SEARCH, waiting: 1, waitedMs: 64_000 } },
  'waiting-quiet-still': { ...WAITING, search: { ...SEARCH, waiting: 1, waitedMs: 31_000 } },
  'waiting-anyone-long': {
    ...WAITING,
    preferences: { ...SHARING, sounds: false },
    search: {
      ...SEARCH,
      interests: ['film', 'cooking', 'chess'],
      onlyShared: true,
      canAskAnyone: true,
      waitedMs: 64_000,
    },
  },
  'waiting-direct': {
    ...WAITING,
    server: BARE_SERVER,
    search: { ...SEARCH, connectFailures: 1 },
  },
  'waiting-text': {
    ...WAITING,
    devices: NO_DEVICES,
    search: { ...SEARCH, mode: 'text', waitedMs: 12_000 },
  },
  'call-shield-loading': shielded({ state: 'loading', loaded: 0.4, scores: null }),
  'call-checking': shielded({ state: 'checking' }),
  'call-checking-again': shielded({ state: 'checking' }, { cover: 'shown' }),
  'call-flagged': shielded(
    {
      state: 'flagged',
      why: 'explicit',
      flaggedAfterMs: 72_000,
      scores: { neutral: 0.06, drawing: 0.01, sexy: 0.1, porn: 0.8, hentai: 0.03 },
    },
    { cover: 'shown' },
  ),
  'call-flagged-final': shielded(
    { state: 'flagged', why: 'explicit', mayResume: false, flaggedAfterMs: 72_000 },
    { cover: 'shown' },
  ),
  'call-unsure': shielded({ state: 'flagged', why: 'unsure', flaggedAfterMs: 9_000 }),
  'call-no-shield': shielded({ state: 'unavailable', why: 'unreachable', scores: null }),
  'call-shield-crashed': shielded({ state: 'unavailable', why: 'crashed' }),
  'call-shield-unsupported': shielded({ state: 'unavailable', why: 'unsupported', scores: null }),
  'call-too-slow': shielded({ state: 'unavailable', why: 'too-slow' }),
  'call-resumed': { ...VIDEO, call: { ...CALL, shield: { ...SHIELD, state: 'resumed' } } },
  'call-connecting': {
    ...VIDEO,
    call: {
      ...CALL,
      elapsedMs: 1_000,
      flow: 'connecting',
      quality: null,
      hasPicture: false,
      cover: 'covered',
    },
    chat: EMPTY_CHAT,
  },
  'call-no-relay': {
    ...VIDEO,
    server: BARE_SERVER,
    call: { ...CALL, flow: 'stuck', quality: null, hasPicture: false, cover: 'covered' },
    chat: EMPTY_CHAT,
  },
  'call-covered': {
    ...VIDEO,
    call: {
      ...CALL,
      elapsedMs: 4_000,
      cover: 'covered',
      shield: { ...SHIELD, state: 'checked' },
      peer: { ...CALL.peer, cover: 'covered' },
    },
    chat: EMPTY_CHAT,
  },
  call: VIDEO,
  'call-really': {
    ...VIDEO,
    call: { ...CALL, cover: 'covered', next: { state: 'really', remainingMs: 2_000 } },
  },
  'call-camera-off': {
    ...VIDEO,
    call: { ...CALL, peer: { ...CALL.peer, camera: 'off', microphone: 'off' } },
    devices: { ...READY, camera: 'off', microphone: 'off' },
  },
  'call-paused': { ...VIDEO, call: { ...CALL, peer: { ...CALL.peer, camera: 'paused' } } },
  'call-away': {
    ...VIDEO,
    call: { ...CALL, peer: { ...CALL.peer, present: false } },
    chat: LONG_CHAT,
  },
  'call-interrupted': {
    ...VIDEO,
    call: {
      ...CALL,
      flow: 'interrupted',
      quality: { ...QUALITY, level: 'lost', lostForMs: 5_000 },
    },
    devices: { ...READY, camera: 'interrupted' },
  },
  'call-restart-refused': {
    ...VIDEO,
    devices: {
      ...READY,
      camera: 'interrupted',
      failure: { kind: 'in-use', device: 'camera' },
    },
  },
  'call-speaks-muted': { ...VIDEO, devices: { ...READY, microphone: 'off' }, speaksMuted: true },
  'call-microphone-interrupted': { ...VIDEO, devices: { ...READY, microphone: 'interrupted' } },
  'call-text-only': {
    ...VIDEO,
    call: { ...CALL, cover: 'covered', shield: { ...SHIELD, state: 'checked' } },
    devices: { ...READY, camera: 'off', microphone: 'off' },
    textOnly: true,
  },
  ...biggerScenes(VIDEO, { call: CALL, shield: SHIELD }),
  'call-fair': { ...VIDEO, call: { ...CALL, quality: { ...QUALITY, level: 'fair' } } },
  'call-poor': { ...VIDEO, call: { ...CALL, quality: POOR } },
  'call-sound-only': { ...VIDEO, call: { ...CALL, quality: { ...POOR, offersSoundOnly: true } } },
  'call-stuck': {
    ...VIDEO,
    call: {
      ...CALL,
      flow: 'stuck',
      quality: { ...QUALITY, level: 'lost', lostForMs: 17_000 },
    },
  },
  'call-device-replaced': { ...VIDEO, deviceNews: REPLACED },
  'call-device-offered': { ...VIDEO, deviceNews: OFFERED },
  'call-direct': {
    ...VIDEO,
    call: { ...CALL, direct: { way: 'direct', offered: true, you: true, peer: true } },
  },
  ...chatScenes(VIDEO),
  text: TEXT,
  'text-empty': { ...TEXT, chat: EMPTY_CHAT },
  'text-long': { ...TEXT, chat: LONG_CHAT },
  'text-really': {
    ...TEXT,
    call: { ...TEXT_CALL, next: { state: 'really', remainingMs: 2_000 } },
  },
  ...textScenes(TEXT, TEXT_CALL, { ready: READY, none: NO_DEVICES }),
  'text-ended': { ...ended('left', { mode: 'text' }), devices: NO_DEVICES, chat: ENDED_CHAT },
  'ended-left': ended('left'),
  'ended-you': ended('you', { durationMs: 42_000 }),
  'ended-away': ended('away', { durationMs: 15_000 }),
  'ended-lost': ended('lost', { block: 'asked' }),
  'ended-blocked': ended('blocked', { canBlock: false, block: 'accepted' }),
  'ended-not-restored': ended('not-restored'),
  'ended-reported': ended('reported', { canReport: false, canBlock: false }),
  'ended-block-refused': ended('you', { block: 'refused' }),
  'ended-moving': ended('moving'),
  ...reportScenes(ended('you')),
  ...recordScenes(LANDING),
  ...drawingScenes(LANDING, { ...VIDEO, call: CALL }),
  ...linkScenes({
    landing: LANDING,
    waiting: { ...WAITING, search: SEARCH },
    video: { ...VIDEO, call: CALL },
    text: { ...TEXT, call: TEXT_CALL },
    unconnected: ended('no-connection', { canReport: false, canBlock: false }),
  }),
  settings: { ...LANDING, settingsOpen: true },
  'settings-blocked': {
    ...LANDING,
    settingsOpen: true,
    storageBlocked: true,
    preferences: {
      ...SHARING,
      theme: 'dark',
      textSize: 130,
      motion: 'reduced',
      contrast: 'more',
      relayOnly: true,
      sounds: false,
    },
  },
  'settings-waiting': { ...WAITING, settingsOpen: true },
  'settings-call': {
    ...VIDEO,
    settingsOpen: true,
    deviceLists: { ...LAPTOP_DEVICES, speakers: null, speaker: null },
  },
  unsupported: { ...LANDING, screen: 'unsupported' },
  'unsupported-in-app': {
    ...LANDING,
    screen: 'unsupported',
    browser: BROWSERS.webviewIos,
  },
  sanctioned: shownOut({}),
  'sanctioned-network': shownOut({ because: 'network', appeal: 'near-a-sanction-of-a-network' }),
  'sanctioned-device': shownOut({ appeal: 'near-a-sanction-of-a-device' }),
  'sanctioned-hold': shownOut({ because: 'hold', appeal: null }),
} as const satisfies Record<string, SceneState>;

export type SceneName = keyof typeof SCENES;

export function isSceneName(name: string): name is SceneName {
  return Object.hasOwn(SCENES, name);
}
