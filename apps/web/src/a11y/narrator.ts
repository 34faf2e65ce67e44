import type { HourSpan } from '@farandole/protocol/http-api';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { RejoinableCall } from '../call/call-state.ts';
import type { CallView, EndedView, SearchView, ShownPauseReason } from '../call/call-view.ts';
import type { ConnectionCheckState } from '../call/connection-check.ts';
import type { QualityView } from '../call/quality.ts';
import { isBelow, isText } from '../call/rungs.ts';
import { pauseAnnouncement, type SearchStage, searchStageOf } from '../call/search-stage.ts';
import type { ChatView } from '../chat/chat-view.ts';
import type { DeviceChange, DeviceListsView, SpeakerTest } from '../devices/device-choice.ts';
import type { DeviceFailure, DevicesView } from '../devices/devices-view.ts';
import type { BrowserFacts } from '../help/which-browser.ts';
import type { WordKey, WordValues } from '../i18n/words.ts';
import type { ReportView } from '../report/reporting-view.ts';
import type { CachedClassifier } from '../shield/classifier-keeper.ts';
import type { OwnCheckReport } from '../shield/own-check.ts';
import type { VideoMeanwhileView } from '../shield/video-meanwhile.ts';
import type { LinkView, ServerView } from '../signal/link-view.ts';
import type { LimitedView } from '../signal/standing-model.ts';
import type { ScreenName } from '../ui/screen-name.ts';
import type { Announcement } from './announcer.ts';
import { ofChecks } from './checks-announced.ts';
import { ofDeviceChange, ofDevices, ofTextOnly } from './devices-announced.ts';
import { secondsLeft } from './durations.ts';
import type { Heard } from './hearing.ts';
import { ofCover, ofMeanwhile, shieldWordOf } from './shield-announced.ts';

export interface Scene {
  readonly screen: ScreenName;
  readonly link: LinkView;
  readonly server: Pick<ServerView, 'busiest'> | null;
  /** A call that an earlier page load left and that this page can resume. */
  readonly rejoin: RejoinableCall | null;
  readonly limited: LimitedView | null;
  readonly search: SearchView | null;
  readonly call: CallView | null;
  readonly ended: EndedView | null;
  readonly chat: ChatView | null;
  /** Whether the peer stated an age under 18. */
  readonly statedAge: boolean;
  readonly devices: DevicesView;
  readonly deviceChange: DeviceChange | null;
  readonly deviceLists: DeviceListsView;
  readonly speakerTest: SpeakerTest;
  readonly voice: Heard;
  readonly connectionCheck: ConnectionCheckState;
  readonly shieldLoad: CachedClassifier;
  readonly ownCheck: OwnCheckReport;
  readonly videoMeanwhile: VideoMeanwhileView | null;
  readonly textOnly: boolean;
  readonly speaksMuted: boolean;
  readonly report: ReportView | null;
  readonly preferences: { readonly tellTyping: boolean };
  readonly browser: BrowserFacts;
}

/** The part of the chat log in view: its end, earlier lines, or none in a closed drawer. */
export type LogSight = 'end' | 'above' | 'none';

export interface Announced extends Pick<Announcement, 'urgency' | 'subject'> {
  readonly key: WordKey;
  readonly values?: WordValues;
  readonly row?: WordKey;
  readonly list?: readonly string[];
  /** Language tags. The names of these languages replace the placeholder `list` in a text. */
  readonly languages?: readonly string[];
  /** Hours in local time that replace the placeholders `from` and `until` in a text. */
  readonly span?: HourSpan;
  readonly failure?: DeviceFailure;
  /**
   * Set if the screen's heading has the same text as the announcement, because a user whose focus
   * just moved to the heading has already heard it.
   */
  readonly isHeading?: true;
}

/** Minimum time between two announcements of "Stranger is typing". */
export const TYPING_ANNOUNCED_EVERY_MS = 15_000;
/** An announcement contains at most this many characters of a chat message. */
export const MESSAGE_ANNOUNCED_CHARS = 200;
export const STILL_LOOKING_EVERY_MS = 20_000;

/**
 * Returns the announcements for the differences between two states of the page. Chat lines in view
 * aren't announced, because the log is a live region.
 */
export class Narrator {
  #before: Scene | null = null;
  #typingToldAtMs = Number.NEGATIVE_INFINITY;
  #stillLookingTold = 0;
  #stageTold: SearchStage = 'looking';
  #limitedTold: string | null = null;

  /**
   * @param nowMs time of a monotonic clock
   * @param log which part of the chat log is in view
   */
  tell(scene: Scene, nowMs: number, log: LogSight = 'end'): Announced[] {
    const before = this.#before;
    this.#before = scene;
    if (before === null) {
      this.#ofLimited(scene);
      this.#stillLookingTold = waitsOf(scene);
      if (scene.search !== null) this.#stageTold = searchStageOf(scene.search);
      return [];
    }
    return [
      ...ofRejoin(before, scene),
      ...this.#ofLimited(scene),
      ...this.#ofSearch(before, scene),
      ...ofCall(before, scene),
      ...this.#ofTyping(before, scene, nowMs),
      ...ofDraft(before, scene),
      ...ofLines(before, scene, log),
      ...ofEnd(before, scene),
      ...ofDevices(before, scene),
      ...ofDeviceChange(before, scene),
      ...ofChecks(before, scene),
      ...ofMeanwhile(before, scene),
      ...ofTextOnly(before, scene),
      ...ofLink(before, scene),
      ...ofReport(before, scene),
    ];
  }

  /**
   * Announces that an earlier call can be resumed: once, also across reconnections, and never in a
   * call.
   */
  #ofLimited({ limited, screen, search }: Scene): Announced[] {
    const isShown = screen === 'landing' || search !== null;
    if (limited === null || !isShown) return [];
    const identity = `${limited.endsAtMs} ${limited.appeal}`;
    if (identity === this.#limitedTold) return [];
    this.#limitedTold = identity;
    return [{ urgency: 'polite', subject: 'limited', key: 'say.limited' }];
  }

  #ofSearch(before: Scene, scene: Scene): Announced[] {
    const { search } = scene;
    if (search === null) return [];
    const say = (key: WordKey): Announced => ({ urgency: 'polite', subject: 'search', key });
    const held = pauseOf(scene);
    if (before.search === null) {
      this.#stillLookingTold = 0;
      this.#stageTold = 'looking';
    }
    if (held !== null && held !== pauseOf(before)) {
      return [
        { urgency: 'polite', subject: 'search', ...pauseAnnouncement(held, search) },
        ...waitOf(search),
      ];
    }
    if (before.search === null) return [{ ...say('say.looking'), isHeading: true }];
    if (held === null && pauseOf(before) !== null) return [say('say.stillLooking')];
    if (search.connectFailures > before.search.connectFailures) {
      return [say('waiting.another')];
    }
    if (search.held !== null) return [];
    const stage = searchStageOf(search);
    // While searches are limited, only the text about the limit is shown, not the search stage.
    const isShown = scene.limited === null && stage !== this.#stageTold;
    const news = isShown ? wordOfStage(stage) : null;
    this.#stageTold = stage;
    const isDue = waitsOf(scene) > this.#stillLookingTold && stage !== 'hour';
    this.#stillLookingTold = waitsOf(scene);
    if (news === null && !isDue) return [];
    const busiest = stage === 'quiet' && news !== null ? busiestOf(scene) : [];
    return [say(news ?? 'say.stillLooking'), ...busiest];
  }

  #ofTyping(before: Scene, { chat, preferences }: Scene, nowMs: number): Announced[] {
    if (!preferences.tellTyping) return [];
    if (chat?.peerTyping !== true || before.chat?.peerTyping === true) return [];
    if (nowMs - this.#typingToldAtMs < TYPING_ANNOUNCED_EVERY_MS) return [];
    this.#typingToldAtMs = nowMs;
    return [{ urgency: 'polite', subject: 'typing', key: 'chat.typing' }];
  }
}

function ofRejoin(before: Scene, { rejoin }: Scene): Announced[] {
  if (rejoin === null || before.rejoin !== null) return [];
  return [{ urgency: 'polite', subject: 'rejoin', key: 'say.rejoin' }];
}

/** Returns the text for a stage of the search, or null if another function announces it. */
function wordOfStage(stage: SearchStage): WordKey | null {
  const words = {
    anyone: 'say.anyone',
    long: 'waiting.long',
    quiet: 'waiting.quiet',
    hour: 'waiting.titleHour',
    another: null,
    looking: null,
  } as const;
  return words[stage];
}

function pauseOf({ search }: Scene): Exclude<ShownPauseReason, 'no-link'> | null {
  const reason = search?.held?.reason ?? 'no-link';
  return reason === 'no-link' ? null : reason;
}

function waitOf({ held }: SearchView): Announced[] {
  if (held === null || held.retryInMs === null) return [];
  const values = { count: secondsLeft(held.retryInMs) };
  return [{ urgency: 'polite', subject: 'searchWait', key: 'waiting.again', values }];
}

/** Tells a user when it is quiet which hours are the busiest, if they are known. */
function busiestOf({ server }: Scene): Announced[] {
  const span = server?.busiest ?? null;
  if (span === null) return [];
  return [{ urgency: 'polite', subject: 'searchBusiest', key: 'waiting.busiest', span }];
}

/** Returns how many "Still looking" announcements a search of this length should have had. */
function waitsOf({ search }: Scene): number {
  return search === null ? 0 : Math.floor(search.waitedMs / STILL_LOOKING_EVERY_MS);
}

function ofCall(before: Scene, { call, textOnly }: Scene): Announced[] {
  if (call === null) return [];
  if (before.call === null) return connected(call);
  const announcements: Announced[] = ofVideo(before.call, call);
  if (textOnly === before.textOnly) announcements.push(...ofCover(before.call, call));
  if (call.next.state === 'really' && before.call.next.state === 'next') {
    announcements.push({ urgency: 'now', subject: 'next', key: 'say.really' });
  }
  if (before.call.peer.present !== call.peer.present) {
    const key = call.peer.present ? 'say.peerBack' : 'call.away';
    announcements.push({ urgency: 'polite', subject: 'presence', key });
  }
  if (before.call.peer.camera !== call.peer.camera && call.mode === 'video') {
    announcements.push({
      urgency: 'polite',
      subject: 'camera',
      key: `say.peerCamera.${call.peer.camera}`,
    });
  }
  const shield = shieldWordOf(before.call, call);
  if (shield !== null) {
    const urgency = shield === 'flagged' ? 'now' : 'polite';
    announcements.push({ urgency, subject: 'shield', key: `say.shield.${shield}` });
  }
  if (before.call.flow !== call.flow && (call.flow === 'interrupted' || call.flow === 'stuck')) {
    announcements.push({ urgency: 'polite', subject: 'flow', key: `call.flow.${call.flow}` });
  }
  announcements.push(...ofQuality(before.call.quality, call.quality));
  if (call.restoring && !before.call.restoring) {
    announcements.push({ urgency: 'polite', subject: 'flow', key: 'call.restoring' });
  }
  return announcements;
}

/** Announces that quality became poor, what would improve it, and that it has recovered. */
function ofQuality(before: QualityView | null, quality: QualityView | null): Announced[] {
  const say = (key: WordKey): Announced[] => [{ urgency: 'polite', subject: 'quality', key }];
  if (quality === null || before === null) return [];
  if (quality.offersSoundOnly && !before.offersSoundOnly) return say('say.quality.offer');
  if (quality.level === before.level) return [];
  if (quality.level === 'poor') return say('say.quality.poor');
  const wasBad = before.level === 'poor' || before.level === 'lost';
  const isBad = quality.level === 'lost';
  // A lost connection isn't announced here, because another announcement says that media stopped.
  return wasBad && !isBad ? say('say.quality.back') : [];
}

/** Announces the peer's steps in the upgrade of a call from text to video. */
function ofVideo(before: CallView, { mode, video }: CallView): Announced[] {
  if (mode !== 'text' && mode !== 'question' && isBelow(before.mode, mode)) {
    return [{ urgency: 'now', subject: 'video', key: `say.${mode}On` }, COVERED[mode]];
  }
  if (video === null) return [];
  const { refused, peer } = video;
  if (peer && before.video?.peer !== true) {
    const key = video.to === 'video' ? 'say.videoTheirs' : 'say.voiceTheirs';
    return [{ urgency: 'now', subject: 'video', key }];
  }
  if (!peer && before.video?.peer === true && refused === null && video.state !== 'waiting') {
    return [{ urgency: 'polite', subject: 'video', key: 'say.videoTakenBack' }];
  }
  if (refused === null || refused === before.video?.refused) return [];
  return [{ urgency: 'polite', subject: 'video', key: `video.refused.${refused}` }];
}

const COVERED = {
  video: { urgency: 'polite', subject: 'cover', key: 'call.covered' },
  voice: { urgency: 'polite', subject: 'cover', key: 'say.silent' },
} as const;
const SPOKEN = { urgency: 'polite', subject: 'reason', key: 'call.bothSpeak' } as const;

function connected(call: CallView): Announced[] {
  const { sharedInterests: list, sharedLanguages: languages } = call;
  const isVideo = call.mode === 'video';
  // The page shows shared languages only if no interest is shared.
  const values = { count: list.length === 0 && isVideo ? languages.length : 0 };
  return [
    list.length === 0
      ? { urgency: 'now', subject: 'call', key: 'say.connected' }
      : { urgency: 'now', subject: 'call', key: 'say.connectedBoth', list },
    ...(values.count === 0 ? [] : [{ ...SPOKEN, values, languages }]),
    ...(call.mode === 'text' || call.mode === 'question' ? [] : [COVERED[call.mode]]),
  ];
}

/** Announces why a chat message wasn't sent, because a user who pressed Enter expects a result. */
function ofDraft(before: Scene, { chat }: Scene): Announced[] {
  const caution = chat?.caution ?? null;
  if (caution !== null && caution !== before.chat?.caution) {
    return [{ urgency: 'now', subject: 'draft', key: `chat.caution.${caution}` }];
  }
  const fault = chat?.draftFault ?? null;
  if (fault === null || fault === before.chat?.draftFault) return [];
  const values = { max: LINE_CHARS_MAX };
  return [{ urgency: 'now', subject: 'draft', key: `chat.fault.${fault}`, values }];
}

/** Announces chat lines that aren't in view, and that the peer was inactive for a long time. */
function ofLines(before: Scene, { chat, call, statedAge }: Scene, log: LogSight): Announced[] {
  if (chat === null || before.chat === null) return [];
  const announcements: Announced[] = [];
  const last = chat.lines.findLast(({ from }) => from === 'peer');
  const isNew = last !== undefined && !before.chat.lines.some(({ key }) => key === last.key);
  if (isNew && log === 'none') {
    const text = Array.from(last.text).slice(0, MESSAGE_ANNOUNCED_CHARS).join('');
    announcements.push({
      urgency: 'polite',
      subject: 'line',
      key: 'say.message',
      values: { text },
    });
  }
  // Announces the number of unread lines without their text, because the chat log is a live region
  // and reads each line.
  const { unread: count } = chat;
  if (count > 0 && before.chat.unread === 0 && log === 'above') {
    announcements.push({
      urgency: 'polite',
      subject: 'unread',
      key: 'chat.newer',
      values: { count },
    });
  }
  // The prompt about a stated age is shown once per call, so it is announced once per call.
  if (statedAge && !before.statedAge && call !== null) {
    announcements.push({ urgency: 'now', subject: 'age', key: 'agePrompt.text' });
  }
  const { peerQuietMinutes: minutes } = chat;
  if (call !== null && isText(call.mode) && minutes > 0 && before.chat.peerQuietMinutes === 0) {
    const values = { count: minutes };
    announcements.push({ urgency: 'polite', subject: 'quiet', key: 'chat.quiet', values });
  }
  return announcements;
}

function ofEnd(before: Scene, { ended, report }: Scene): Announced[] {
  // The report sheet says that the user left and blocked the peer.
  if (ended === null || (report !== null && !ended.canReport)) return [];
  if (before.ended === null) {
    return [{ urgency: 'now', subject: 'call', key: `ended.title.${ended.reason}` }];
  }
  if (ended.block === before.ended.block || ended.block === 'none') return [];
  return [{ urgency: 'polite', subject: 'block', key: `ended.block.${ended.block}` }];
}

function ofLink(before: Scene, scene: Scene): Announced[] {
  const { link } = scene;
  const announcements: Announced[] = [];
  if (link.state !== before.link.state && link.state !== 'connecting') {
    const first = before.link.state === 'connecting';
    if (link.state !== 'online') {
      announcements.push({ urgency: 'polite', subject: 'link', key: `link.${link.state}` });
    } else if (!first) {
      announcements.push({ urgency: 'polite', subject: 'link', key: 'say.online' });
    }
  }
  if (link.moving && !before.link.moving) {
    const key = scene.call === null ? 'link.moving' : 'link.movingCall';
    announcements.push({ urgency: 'polite', subject: 'moving', key });
  }
  return announcements;
}

/**
 * Announces the countdown of a report when it starts. Later steps aren't announced, because the
 * focus moves to a title that names the step.
 */
function ofReport({ report: before }: Scene, { report, ended }: Scene): Announced[] {
  if (before?.state === 'pending' && report === null && ended?.canReport === true) {
    return [{ urgency: 'polite', subject: 'report', key: 'ended.undone' }];
  }
  const goesInMs = report?.goesInMs ?? null;
  if (goesInMs !== null && (before?.goesInMs ?? null) === null) {
    const values = { count: secondsLeft(goesInMs) };
    return [{ urgency: 'polite', subject: 'report', key: 'report.goesInAloud', values }];
  }
  if (before?.state !== 'sending' || report?.state !== 'waiting') return [];
  return [{ urgency: 'polite', subject: 'report', key: 'report.waiting' }];
}
