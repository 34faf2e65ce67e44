import type { HourSpan } from '@farandole/protocol/http-api';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { RejoinableCall } from '../call/call-state.ts';
import type { CallView, EndedView, SearchView, ShownPauseReason } from '../call/call-view.ts';
import type { ConnectionCheckState } from '../call/connection-check.ts';
import type { QualityView } from '../call/quality.ts';
import { pauseAnnouncement, type SearchStage, searchStageOf } from '../call/search-stage.ts';
import type { ChatView } from '../chat/chat-view.ts';
import { statesUnder18 } from '../chat/stated-age.ts';
import type { DeviceChange, DeviceListsView, SpeakerTest } from '../devices/device-choice.ts';
import type { DeviceFailure, DevicesView } from '../devices/devices-view.ts';
import type { BrowserFacts } from '../help/which-browser.ts';
import type { WordKey, WordValues } from '../i18n/words.ts';
import type { ReportView } from '../report/reporting-view.ts';
import type { CachedClassifier } from '../shield/classifier-keeper.ts';
import type { OwnCheckReport } from '../shield/own-check.ts';
import type { LinkView, ServerView } from '../signal/link-view.ts';
import type { ScreenName } from '../ui/screen-name.ts';
import type { Announcement } from './announcer.ts';
import { ofChecks } from './checks-announced.ts';
import { ofDeviceChange, ofDevices, ofTextOnly } from './devices-announced.ts';
import { secondsLeft } from './durations.ts';
import type { Heard } from './hearing.ts';

export interface Scene {
  readonly screen: ScreenName;
  readonly link: LinkView;
  readonly server: Pick<ServerView, 'busiest'> | null;
  /** A call of an earlier page load that can be resumed. */
  readonly rejoin: RejoinableCall | null;
  readonly search: SearchView | null;
  readonly call: CallView | null;
  readonly ended: EndedView | null;
  readonly chat: ChatView | null;
  readonly devices: DevicesView;
  readonly deviceChange: DeviceChange | null;
  readonly deviceLists: DeviceListsView;
  readonly speakerTest: SpeakerTest;
  readonly voice: Heard;
  readonly connectionCheck: ConnectionCheckState;
  readonly shieldLoad: CachedClassifier;
  readonly ownCheck: OwnCheckReport;
  readonly textOnly: boolean;
  readonly speaksMuted: boolean;
  readonly report: ReportView | null;
  readonly preferences: { readonly tellTyping: boolean };
  readonly browser: BrowserFacts;
}

/** Visible part of the chat log: its end, earlier lines, or nothing (closed drawer). */
export type LogSight = 'end' | 'above' | 'none';

export interface Announced extends Pick<Announcement, 'urgency' | 'subject'> {
  readonly key: WordKey;
  readonly values?: WordValues;
  readonly row?: WordKey;
  readonly list?: readonly string[];
  /** Fills the placeholders `from` and `until`, in local time. */
  readonly span?: HourSpan;
  readonly failure?: DeviceFailure;
  /** The screen's heading says the same, so a reader who just moved there has heard it. */
  readonly isHeading?: true;
}

/** Minimum interval between two "Stranger is typing". */
export const TYPING_ANNOUNCED_EVERY_MS = 15_000;
/** Messages are cut to this length when read outside the log. */
export const MESSAGE_ANNOUNCED_CHARS = 200;
/** Interval of "Still looking". */
export const STILL_LOOKING_EVERY_MS = 20_000;

/** Turns state changes into announcements, in the order below. The log announces its own lines. */
export class Narrator {
  #before: Scene | null = null;
  #typingToldAtMs = Number.NEGATIVE_INFINITY;
  #stillLookingTold = 0;
  #stageTold: SearchStage = 'looking';

  /** @param nowMs a monotonic clock @param log while visible, the log announces its new lines */
  tell(scene: Scene, nowMs: number, log: LogSight = 'end'): Announced[] {
    const before = this.#before;
    this.#before = scene;
    if (before === null) {
      this.#stillLookingTold = waitsOf(scene);
      if (scene.search !== null) this.#stageTold = searchStageOf(scene.search);
      return [];
    }
    return [
      ...ofRejoin(before, scene),
      ...this.#ofSearch(before, scene),
      ...ofCall(before, scene),
      ...this.#ofTyping(before, scene, nowMs),
      ...ofDraft(before, scene),
      ...ofLines(before, scene, log),
      ...ofEnd(before, scene),
      ...ofDevices(before, scene),
      ...ofDeviceChange(before, scene),
      ...ofChecks(before, scene),
      ...ofTextOnly(before, scene),
      ...ofLink(before, scene),
      ...ofReport(before, scene),
    ];
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
    const due = waitsOf(scene);
    if (search.held !== null) return [];
    const stage = searchStageOf(search);
    const news = stage === this.#stageTold ? null : wordOfStage(stage, search);
    this.#stageTold = stage;
    if (news === null && due <= this.#stillLookingTold) return [];
    this.#stillLookingTold = due;
    const busiest = stage === 'alone' && news !== null ? busiestOf(scene) : [];
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

/** Null where another function announces the stage. */
function wordOfStage(stage: SearchStage, { mode }: SearchView): WordKey | null {
  const words = {
    anyone: 'say.anyone',
    long: 'waiting.long',
    alone: `waiting.quiet.${mode}`,
    widened: 'waiting.widening',
    another: null,
    'was-alone': null,
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

/** Announces busy hours to a user who is alone, where they are known. */
function busiestOf({ server }: Scene): Announced[] {
  const span = server?.busiest ?? null;
  if (span === null) return [];
  return [{ urgency: 'polite', subject: 'searchBusiest', key: 'waiting.busiest', span }];
}

/** How many "Still looking" are due by now. */
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
  const shield = call.shield?.state;
  if (shield !== before.call.shield?.state) {
    if (shield === 'flagged')
      announcements.push({ urgency: 'now', subject: 'shield', key: 'say.shield.flagged' });
    // Warns before a picture and a voice return without a press.
    if (shield === 'checking' && before.call.shield?.state === 'unavailable') {
      announcements.push({ urgency: 'polite', subject: 'shield', key: 'say.shield.again' });
    }
    if (shield === 'unavailable' || (shield === 'checked' && call.cover === 'covered')) {
      announcements.push({ urgency: 'polite', subject: 'shield', key: `say.shield.${shield}` });
    }
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

/** Silent when the shield, "Really?" or the start of the call already explains the cover. */
function ofCover(before: CallView, { cover, mode, next, shield }: CallView): Announced[] {
  if (cover === before.cover || mode !== before.mode || next.state === 'really') return [];
  const isShield = shield?.state === 'flagged' || shield?.state === 'unavailable';
  if (isShield && shield.state !== before.shield?.state) return [];
  const key = cover === 'covered' ? 'call.covered' : 'say.uncovered';
  return [{ urgency: 'polite', subject: 'cover', key }];
}

/** Only what matters: poor quality, what helps, and recovery. */
function ofQuality(before: QualityView | null, quality: QualityView | null): Announced[] {
  const say = (key: WordKey): Announced[] => [{ urgency: 'polite', subject: 'quality', key }];
  if (quality === null || before === null) return [];
  if (quality.offersSoundOnly && !before.offersSoundOnly) return say('say.quality.offer');
  if (quality.level === before.level) return [];
  if (quality.level === 'poor') return say('say.quality.poor');
  const wasBad = before.level === 'poor' || before.level === 'lost';
  const isBad = quality.level === 'lost';
  // A lost connection is announced with the stopped picture.
  return wasBad && !isBad ? say('say.quality.back') : [];
}

/** The peer's part in the upgrade from text to video. */
function ofVideo(before: CallView, { mode, video }: CallView): Announced[] {
  if (mode === 'video' && before.mode === 'text') {
    return [
      { urgency: 'now', subject: 'video', key: 'say.videoOn' },
      { urgency: 'polite', subject: 'cover', key: 'call.covered' },
    ];
  }
  if (video === null) return [];
  const { refused, peer } = video;
  if (peer && before.video?.peer !== true) {
    return [{ urgency: 'now', subject: 'video', key: 'say.videoTheirs' }];
  }
  if (!peer && before.video?.peer === true && refused === null && video.state !== 'waiting') {
    return [{ urgency: 'polite', subject: 'video', key: 'say.videoTakenBack' }];
  }
  if (refused === null || refused === before.video?.refused) return [];
  return [{ urgency: 'polite', subject: 'video', key: `video.refused.${refused}` }];
}

function connected(call: CallView): Announced[] {
  const list = call.sharedInterests;
  const announcements: Announced[] = [
    list.length === 0
      ? { urgency: 'now', subject: 'call', key: 'say.connected' }
      : { urgency: 'now', subject: 'call', key: 'say.connectedBoth', list },
  ];
  if (call.mode === 'video') {
    announcements.push({ urgency: 'polite', subject: 'cover', key: 'call.covered' });
  }
  if (call.noSharedLanguage) {
    announcements.push({ urgency: 'polite', subject: 'languages', key: 'call.noSharedLanguage' });
  }
  return announcements;
}

/** Announces why a message wasn't sent: the user pressed Enter and waits for a result. */
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

/** Lines in a hidden log, and a long silence. */
function ofLines(before: Scene, { chat, call }: Scene, log: LogSight): Announced[] {
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
  // Only a count: the log reads each line.
  const { unread: count } = chat;
  if (count > 0 && before.chat.unread === 0 && log === 'above') {
    announcements.push({
      urgency: 'polite',
      subject: 'unread',
      key: 'chat.newer',
      values: { count },
    });
  }
  // Announced once per call, as the prompt is shown once.
  const isStated = isNew && call !== null && statesUnder18(last.text);
  if (
    isStated &&
    !before.chat.lines.some((line) => line.from === 'peer' && statesUnder18(line.text))
  ) {
    announcements.push({ urgency: 'now', subject: 'age', key: 'agePrompt.text' });
  }
  const { peerQuietMinutes: minutes } = chat;
  if (call?.mode === 'text' && minutes > 0 && before.chat.peerQuietMinutes === 0) {
    const values = { count: minutes };
    announcements.push({ urgency: 'polite', subject: 'quiet', key: 'chat.quiet', values });
  }
  return announcements;
}

function ofEnd(before: Scene, { ended }: Scene): Announced[] {
  if (ended === null) return [];
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

/** Later steps move the focus to a title that says it. The countdown is announced once. */
function ofReport({ report: before }: Scene, { report }: Scene): Announced[] {
  const goesInMs = report?.goesInMs ?? null;
  if (goesInMs !== null && (before?.goesInMs ?? null) === null) {
    const values = { count: secondsLeft(goesInMs) };
    return [{ urgency: 'polite', subject: 'report', key: 'report.goesIn', values }];
  }
  if (before?.state !== 'sending' || report?.state !== 'waiting') return [];
  return [{ urgency: 'polite', subject: 'report', key: 'report.waiting' }];
}
