import type { MediaState, Mode, ReportReason } from '@farandole/protocol/fields';
import type { HouseTexts, ServerFacts } from '@farandole/protocol/http-api';
import type { ReadonlySignal } from '@preact/signals';
import type { EndReason } from '../call/call-state.ts';
import type { ConnectionCheckState } from '../call/connection-check.ts';
import type { FirstPictureView } from '../call/first-picture-steps.ts';
import type { QualityView } from '../call/quality.ts';
import type { Descriptions } from '../call/rtc-handler.ts';
import type { VideoActions, VideoOfferView } from '../call/video-way.ts';
import type { PrivateDetail } from '../chat/private-details.ts';
import type { DeviceChoice } from '../devices/device-choice.ts';
import type { OwnRecords, ReportDraft, ReportView } from '../report/reporting-view.ts';
import type { KeptClassifier } from '../shield/classifier-keeper.ts';
import type { OwnCheckView } from '../shield/own-check.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { Rule } from '../ui/rule-list.ts';
import type { Looks } from './looks.ts';
import type { RejoinActions } from './rejoin.ts';

/**
 * What a screen may see and do. It is the whole contract between the logic of the page and its
 * looks: signals to read, actions to call, closed unions in place of sentences.
 *
 * Every signal holds plain, immutable values; a view is null while its screen is not shown.
 * Actions never throw and may be called in any state: one that means nothing there does nothing.
 * `app-controller.ts` implements it; `createBrowserApp()` of `browser-app.ts` makes the one of a
 * real page.
 */
export interface AppModel {
  /** Which screen is shown. The views below are filled to match. */
  readonly screen: ReadonlySignal<ScreenName>;
  readonly link: ReadonlySignal<LinkView>;
  /** People online, or null while it is unknown or too few to say (below 20). */
  readonly online: ReadonlySignal<number | null>;
  /** Facts of this server, or null before the first answer. */
  readonly server: ReadonlySignal<ServerView | null>;
  /** False where the browser has no WebRTC or no camera access: promote "Text only". */
  readonly videoSupported: boolean;

  /** On `landing`: a call that an older page of this person was in when it was killed. */
  readonly rejoin: RejoinActions;
  /** From a text call to one by video. */
  readonly video: VideoActions;
  readonly preferences: ReadonlySignal<Preferences>;
  /** True when nothing can be stored here: what is chosen lasts until the tab closes. */
  readonly storageBlocked: ReadonlySignal<boolean>;

  /** On `rules`. */
  readonly rules: ReadonlySignal<RulesView | null>;
  /** The camera and the microphone, on every screen. */
  readonly devices: ReadonlySignal<DevicesView>;
  /** Which devices there are, and which of them are used. */
  readonly deviceChoice: DeviceChoice;
  /** In the green room: how calls would travel, tried with this server's own relay. */
  readonly connectionCheck: ReadonlySignal<ConnectionCheckState>;
  /** What the browser says that it is, for help that names its own buttons. */
  readonly browser: BrowserFacts;
  /** How far the shield's classifier is, on every screen. */
  readonly shieldLoad: ReadonlySignal<KeptClassifier>;
  /** In the green room, and on the way to the queue. */
  readonly ownCheck: ReadonlySignal<OwnCheckReport>;
  /** On `waiting`. */
  readonly search: ReadonlySignal<SearchView | null>;
  /** On `call-video` and `call-text`. */
  readonly call: ReadonlySignal<CallView | null>;
  /** On `call-video`: where the time until the picture went. */
  readonly firstPicture: ReadonlySignal<FirstPictureView | null>;
  /** On `ended`. */
  readonly ended: ReadonlySignal<EndedView | null>;
  /** What people decided of this person; null while they may meet people in every way. */
  readonly standing: ReadonlySignal<StandingView | null>;
  /** On `fault`. */
  readonly fault: ReadonlySignal<FaultView | null>;
  /** On `call-*` and `ended`: the log stays until the next search. */
  readonly chat: ReadonlySignal<ChatView | null>;
  /** What is kept on this device of whom one met, and of what one reported. */
  readonly records: OwnRecords;
  /** What is still changed of the report that is open. */
  readonly reportDraft: ReportDraft;
  /** Null while no report is open. A report may outlive its call. */
  readonly report: ReadonlySignal<ReportView | null>;
  /** Whether the settings lie over the screen, whichever it is. */
  readonly settingsOpen: ReadonlySignal<boolean>;

  /** One's own picture, for the preview; null without a camera. Show it muted. */
  readonly selfStream: ReadonlySignal<MediaStream | null>;
  /**
   * The stranger's picture *and* sound, for the one visible and unmuted `<video>`. Null whenever
   * the tile is covered: a screen cannot show or play by mistake what was not consented to, or
   * what the shield has not passed.
   */
  readonly peerStream: ReadonlySignal<MediaStream | null>;
  /** What the two ends of the media connection stand on, in SDP; null while there is none. */
  readonly descriptions: ReadonlySignal<Descriptions | null>;
  /** Tells where the cover is drawn, 16 pixels wide; null when the canvas goes away. */
  attachCover(canvas: HTMLCanvasElement | null): void;

  // Settings, on every screen; what is set holds at once.
  openSettings(): void;
  /** A search whose wishes were changed in them begins anew. */
  closeSettings(): void;
  setPreferences(change: Partial<ChosenPreferences>): void;
  /** Forgets what was chosen here, as if on a first visit. Outside of a search and a call. */
  forgetChoices(): void;

  // Landing.
  startVideo(): void;
  startText(): void;

  // Rules and age.
  /** "I’ll follow these", ticked, and "Continue": declares 18 or over. */
  acceptRules(): void;
  declareMinor(): void;

  // Green room. Call from a press: browsers want one before they ask.
  allowDevices(wanted?: DevicesWanted): void;
  /** Tries the connection again, after `blocked`. */
  checkConnection(): void;
  /**
   * Goes to the queue: by video with what the devices gave, once one's own picture is checked, or
   * by text only.
   */
  continueToQueue(mode?: Mode): void;

  // Waiting and call.
  /** In a call: first press asks "Really?", a second within 3 s goes on. After one: searches. */
  next(): void;
  /** Ends at once: the search, or the call, even when the server is gone. */
  stop(): void;
  /** What the Esc key does: `next` in and after a call, `stop` while waiting. */
  escape(): void;
  /** While waiting: drops the wish for a shared interest. */
  anyone(): void;
  /** While waiting, and after a call: looks for somebody in the other mode. By video call it from a press. */
  searchBy(mode: Mode): void;
  showPeer(): void;
  coverPeer(): void;
  /** After a flag: looks on, where the operator allows it. */
  resumePeer(): void;
  /** Tries again what the shield could not have. */
  retryShield(): void;
  toggleCamera(): void;
  toggleMicrophone(): void;
  /** Asks the device again after `interrupted`. */
  restartDevices(): void;
  /** Video stays on although sound alone was offered. */
  declineSoundOnly(): void;
  /** This person's yes or no to a direct connection. */
  consentDirect(allowed: boolean): void;

  // Chat.
  /** What is in the message box now: sends "typing" by itself. */
  setDraft(text: string): void;
  /** Sends the draft; it stays in the box with a `draftFault` where it can't go. */
  sendLine(): void;
  /** Puts a refused line back into the box, if the box is empty, or sends it anew. */
  retryLine(id: string): void;
  dismissLine(id: string): void;
  /** Whether the end of the log is in view: what comes meanwhile is not unread. */
  setChatVisible(visible: boolean): void;

  // Report and block.
  /**
   * Ends the call first; they can neither see nor hear you while you choose.
   *
   * @param note what stands in the note to begin with, for the person to see and to change
   */
  openReport(note?: string): void;
  /** Sends: two taps in all. A block goes with it. */
  sendReport(reason: ReportReason): void;
  closeReport(): void;
  /** Ends the call and never again meets this person. */
  block(): void;

  /** Home: from `ended`, `rules`, `green-room`, `fault`. */
  home(): void;
  /** From `elsewhere`: this tab takes over. From `fault` and a lost link: tries at once. */
  retry(): void;
}

export type ScreenName =
  | 'landing'
  | 'rules'
  | 'age-refused'
  | 'green-room'
  | 'waiting'
  | 'call-video'
  | 'call-text'
  | 'ended'
  /** Another tab of this person took over. */
  | 'elsewhere'
  /** No WebSocket here: nothing of the page can work. */
  | 'unsupported'
  /** The page is older or newer than the server: load it again. */
  | 'outdated'
  /** This person may not use the server. */
  | 'sanctioned'
  | 'fault';

/**
 * - `connecting`: the first time;
 * - `online`;
 * - `reconnecting`: lost, another try under way or soon; a call goes on meanwhile;
 * - `offline`: the browser says that there is no network; the page waits for it;
 * - `down`: stopped trying; `retry` tries again.
 */
export type LinkState = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'down';

export interface StandingView {
  readonly may: 'text' | 'nothing';
  /**
   * `decision`: people decided it of this person. `network`: of the network that they come from.
   * `hold`: until people have looked.
   */
  readonly because: 'decision' | 'network' | 'hold';
  /** The code under which the decision is read and appealed against, where there is one. */
  readonly appeal: string | null;
  /** By the server's clock; null where it has no end. */
  readonly endsAtMs: number | null;
}

export interface LinkView {
  readonly state: LinkState;
  /** The server is about to restart: calls go on until then, searches wait. */
  readonly moving: boolean;
}

/** What the server says of itself, as it stands now. */
export type ServerView = Omit<ServerFacts, 'ageRequired'>;

/** What a person chooses on the landing and in the settings; kept on the device only. */
export interface ChosenPreferences extends Looks {
  /** Up to `INTERESTS_MAX`, as typed. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  /** Sends no languages: strangers are not told them, and they do not count in the search. */
  readonly hideLanguages: boolean;
  /** When a stranger is shown: after "Show video", by itself, or, where allowed, unchecked. */
  readonly shield: ShieldChoice;
  /** Whether the page makes sounds of its own: met, a message, left. */
  readonly sounds: boolean;
  /** Of these sounds, in percent from 0 to `VOLUME_MAX`. */
  readonly volume: number;
  /** Media goes through the server's relay or not at all. */
  readonly relayOnly: boolean;
  /** One's own picture is shown as in a mirror. */
  readonly mirrored: boolean;
  /** Single letters do something (WCAG 2.1.4); Esc always does. */
  readonly letterKeys: boolean;
  /** A screen reader hears that the stranger is typing. */
  readonly tellTyping: boolean;
  /** In a call one's own picture is small, in a corner of the stranger's. */
  readonly biggerStranger: boolean;
  /** How the devices are when they are first given. */
  readonly startsWithCameraOff: boolean;
  readonly startsMuted: boolean;
  /** The browser blurs what is behind this person, where it can. */
  readonly blursBackground: boolean;
  /** The browser takes out what is no voice, where it can. */
  readonly suppressesNoise: boolean;
  /** Of the picture no more is sent than still shows a face. */
  readonly savesData: boolean;
}

/** `off` means `ask` wherever the server does not allow it. */
export type ShieldChoice = 'ask' | 'automatic' | 'off';

export interface OwnCheckReport extends OwnCheckView {
  /** The person has pressed Continue, and goes on when the check is done. */
  readonly continuing: boolean;
}

/** The rules of a house, in each language. */
export type HouseText = HouseTexts;

export interface Preferences extends ChosenPreferences {
  /** The version of the rules that were agreed to; 0 for none. */
  readonly rulesVersion: number;
  /** The version of this house's own rules that was agreed to; 0 for none. */
  readonly houseVersion: number;
  /** What it said, for what is new to be marked; null where that is not known. */
  readonly houseText: HouseText | null;
  /** The green room was passed once. */
  readonly greenRoomPassed: boolean;
}

export interface RulesView {
  /** What comes after. */
  readonly mode: Mode;
  readonly why: 'first-time' | 'changed' | 'asked-by-server';
  /** Of the five, those that mean something else than what this person agreed to, if that is known. */
  readonly changed: readonly Rule['name'][];
}

/** What a browser says of itself. It is read on this device alone, for the words of some help. */
export interface BrowserFacts {
  readonly userAgent: string;
  /** A tablet that says it is a desktop computer has some. */
  readonly touchPoints: number;
}

export interface DevicesWanted {
  readonly camera: boolean;
  readonly microphone: boolean;
}

/**
 * Why there is no camera or microphone:
 * - `unsupported`: no getUserMedia here;
 * - `dismissed`: asked and not answered, ask again; `blocked`: by the site's setting, the page goes
 *   on by itself when it changes; `blocked-by-system`: by the operating system;
 * - `not-found`; `in-use`: by another program; `failed`: something else.
 */
export type DeviceFailureKind =
  | 'unsupported'
  | 'dismissed'
  | 'blocked'
  | 'blocked-by-system'
  | 'not-found'
  | 'in-use'
  | 'failed';

export interface DeviceFailure {
  readonly kind: DeviceFailureKind;
  /** What was missing or refused, as far as it is known. */
  readonly device: 'camera' | 'microphone' | 'both';
}

/** `absent`: not asked for or not there. `interrupted`: something outside took it away. */
export type DeviceState = 'absent' | 'on' | 'off' | 'interrupted';

export interface DevicesView {
  readonly state: 'not-asked' | 'asking' | 'ready' | 'failed';
  /** With `failed`; also with `ready` after a restart that failed. */
  readonly failure: DeviceFailure | null;
  readonly camera: DeviceState;
  readonly microphone: DeviceState;
}

/**
 * Why a search does not go on just now. Each ends by itself when `retryInMs` has run down, or
 * when the link is back.
 */
export type HeldReason = 'no-link' | 'too-fast' | 'server-moving' | 'pool-full' | 'busy';

export interface SearchView {
  readonly mode: Mode;
  readonly held: { readonly reason: HeldReason; readonly retryInMs: number | null } | null;
  /** As the server normalised them, once it has. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** "Anyone" is worth offering: a filter is on and some seconds have passed. */
  readonly canAskAnyone: boolean;
  readonly waitedMs: number;
  /** People in the queue, this one included, as the server said at the start. */
  readonly waiting: number | null;
  /** How long people have lately waited in this mode; null while it is not known. */
  readonly usualWaitMs: number | null;
  /** Calls in a row that could not be connected: above 0, "Looking for another". */
  readonly connectFailures: number;
  /** How often in a row this person went on, each time soon after the search before. */
  readonly quickly: number;
}

/** `stuck`: lost for so long that the person should know that it may not come back. */
export type MediaFlow = 'none' | 'connecting' | 'flowing' | 'interrupted' | 'stuck';

export interface PeerView {
  readonly camera: MediaState['camera'];
  readonly microphone: MediaState['microphone'];
  /** Whether they still have this person covered. */
  readonly cover: MediaState['cover'];
  /** False: their link to the server is lost; they may come back. */
  readonly present: boolean;
}

export interface CallView {
  readonly mode: Mode;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** This person said what they speak, and the two named no language in common: the other may have named none. */
  readonly noSharedLanguage: boolean;
  readonly elapsedMs: number;
  /** `none` in a text call. */
  readonly flow: MediaFlow;
  /** Null in a text call, and before anything is known of it. */
  readonly quality: QualityView | null;
  /** True from the first picture on: "Show video" means something. */
  readonly hasPicture: boolean;
  readonly cover: MediaState['cover'];
  /** Null in a text call. */
  readonly shield: ShieldView | null;
  readonly peer: PeerView;
  readonly next: NextView;
  readonly direct: DirectView;
  /** Going on by video; null in a video call, and where it is not to be had. */
  readonly video: VideoOfferView | null;
  /** The server restarted: the same call is being put together again. */
  readonly restoring: boolean;
}

/** `really`: one more press within `remainingMs` goes on; else all returns. */
export type NextView =
  | { readonly state: 'next' }
  | { readonly state: 'really'; readonly remainingMs: number };

export interface DirectView {
  /** How media travels now; null while it is not known. */
  readonly way: 'direct' | 'relay' | null;
  /** Whether a direct connection may be chosen by both. */
  readonly offered: boolean;
  readonly you: boolean;
  readonly peer: boolean;
}

export interface EndedView {
  readonly mode: Mode;
  readonly reason: EndReason;
  readonly durationMs: number;
  readonly canReport: boolean;
  readonly canBlock: boolean;
  /** `asked`: on its way to the server. `accepted`: on its disk. */
  readonly block: 'none' | 'asked' | 'accepted' | 'refused';
}

/** What the server found wrong with a wish; the landing says it beside its field. */
export type WishFault = 'bad-interest' | 'bad-language';

export interface FaultView {
  /**
   * `refused-here`: the server does not serve this address. `crowded`: it has no room.
   * `protocol`: page and server do not understand each other. `device-key`: the browser's key
   * was not accepted. `wish`: a wish of the search was not accepted.
   */
  readonly kind: 'refused-here' | 'crowded' | 'protocol' | 'device-key' | 'wish';
  readonly wish: WishFault | null;
}

export type LineRefusal = 'empty' | 'too-long' | 'bad-characters' | 'too-fast' | 'call-over';

/** Why the draft was not sent: it stays in the box. `queue-full`: too many wait already. */
export type DraftFault =
  | Extract<LineRefusal, 'empty' | 'too-long' | 'bad-characters'>
  | 'queue-full';

export interface LineView {
  /** Unique in the log, and the same from `pending` to `sent`: a key for the list. */
  readonly key: string;
  readonly id: string;
  readonly from: 'you' | 'peer';
  readonly text: string;
  /** The server's time, or null until it is accepted. */
  readonly atMs: number | null;
  /** How far into the conversation, by the same clock. */
  readonly sinceStartMs: number | null;
  /** `waiting`: kept until the link is back. */
  readonly state: 'sent' | 'pending' | 'waiting' | 'refused';
  readonly refusal: LineRefusal | null;
}

export interface ChatView {
  /** In the order of the conversation; one's own unaccepted lines last. */
  readonly lines: readonly LineView[];
  readonly draft: string;
  readonly draftFault: DraftFault | null;
  /** Why the draft was held back once: the next `sendLine` sends it, an edit takes it back. */
  readonly caution: PrivateDetail | null;
  /** Code units left of `LINE_CHARS_MAX`; negative when too long. */
  readonly draftRemaining: number;
  readonly peerTyping: boolean;
  /** For how many minutes nothing was heard of the other person; 0 while that is no news. */
  readonly peerQuietMinutes: number;
  readonly unread: number;
  /** False after the call. */
  readonly open: boolean;
}
