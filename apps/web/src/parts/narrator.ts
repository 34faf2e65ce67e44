import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { KeptCall } from '../call/call-state.ts';
import type { QualityView } from '../call/quality.ts';
import type { DeviceNews } from '../devices/device-choice.ts';
import type { WordKey, WordValues } from '../i18n/words.ts';
import type { ReportView } from '../report/reporting-view.ts';
import type {
  CallView,
  ChatView,
  DevicesView,
  EndedView,
  LinkView,
  Preferences,
  ScreenName,
  SearchView,
} from '../state/app-model.ts';
import type { Announcement } from './announcer.ts';
import { deviceNewsTold } from './device-news-told.ts';

/** All of the page's state that a screen reader hears of, at one moment. */
export interface Scene {
  readonly screen: ScreenName;
  readonly link: LinkView;
  /** A call that an older page left may be taken up. */
  readonly rejoin: KeptCall | null;
  readonly search: SearchView | null;
  readonly call: CallView | null;
  readonly ended: EndedView | null;
  readonly chat: ChatView | null;
  readonly devices: DevicesView;
  readonly deviceNews: DeviceNews | null;
  readonly textOnly: boolean;
  readonly report: ReportView | null;
  readonly preferences: Preferences;
}

/** A sentence to say; `list` fills its gap `list`, joined as the language joins. */
export interface Told extends Pick<Announcement, 'urgency' | 'subject'> {
  readonly key: WordKey;
  readonly values?: WordValues;
  readonly list?: readonly string[];
}

/** "Stranger is typing" is said at most once in so long. */
export const TYPING_TOLD_EVERY_MS = 15_000;
/** Of a message that is read out beside the log, so much. */
export const MESSAGE_TOLD_CHARS = 200;
/** "Still looking" is said so often. */
export const STILL_LOOKING_EVERY_MS = 20_000;

/**
 * Turns changes of the page's state into what is said of them: each change once, in the order of
 * the lists below. The chat's log speaks for itself.
 */
export class Narrator {
  #before: Scene | null = null;
  #typingToldAtMs = Number.NEGATIVE_INFINITY;
  #stillLookingTold = 0;

  /**
   * @param nowMs Any clock that only goes forward.
   * @param logSpeaks Whether the chat's log is drawn: a reader hears of its new lines by itself.
   */
  tell(scene: Scene, nowMs: number, logSpeaks = true): Told[] {
    const before = this.#before;
    this.#before = scene;
    if (before === null) {
      this.#stillLookingTold = waitsOf(scene);
      return [];
    }
    return [
      ...ofRejoin(before, scene),
      ...this.#ofSearch(before, scene),
      ...ofCall(before, scene),
      ...this.#ofTyping(before, scene, nowMs),
      ...ofDraft(before, scene),
      ...ofLines(before, scene, logSpeaks),
      ...ofEnd(before, scene),
      ...ofDevices(before, scene),
      ...ofDeviceNews(before, scene),
      ...ofTextOnly(before, scene),
      ...ofLink(before, scene),
      ...ofReport(before, scene),
    ];
  }

  #ofSearch(before: Scene, scene: Scene): Told[] {
    const { search } = scene;
    if (search === null) return [];
    if (before.search === null) {
      this.#stillLookingTold = 0;
      return [{ urgency: 'polite', subject: 'search', key: 'say.looking' }];
    }
    if (search.connectFailures > before.search.connectFailures) {
      return [{ urgency: 'polite', subject: 'search', key: 'waiting.another' }];
    }
    const due = waitsOf(scene);
    if (search.held !== null || due <= this.#stillLookingTold) return [];
    this.#stillLookingTold = due;
    return [{ urgency: 'polite', subject: 'search', key: 'say.stillLooking' }];
  }

  #ofTyping(before: Scene, { chat, preferences }: Scene, nowMs: number): Told[] {
    if (!preferences.tellTyping) return [];
    if (chat?.peerTyping !== true || before.chat?.peerTyping === true) return [];
    if (nowMs - this.#typingToldAtMs < TYPING_TOLD_EVERY_MS) return [];
    this.#typingToldAtMs = nowMs;
    return [{ urgency: 'polite', subject: 'typing', key: 'chat.typing' }];
  }
}

function ofRejoin(before: Scene, { rejoin }: Scene): Told[] {
  if (rejoin === null || before.rejoin !== null) return [];
  return [{ urgency: 'polite', subject: 'rejoin', key: 'rejoin.text' }];
}

/** How often "Still looking" was due in a search that stands as this one does. */
function waitsOf({ search }: Scene): number {
  return search === null ? 0 : Math.floor(search.waitedMs / STILL_LOOKING_EVERY_MS);
}

function ofCall(before: Scene, { call }: Scene): Told[] {
  if (call === null) return [];
  if (before.call === null) return connected(call);
  const told: Told[] = ofVideo(before.call, call);
  if (call.next.state === 'really' && before.call.next.state === 'next') {
    told.push({ urgency: 'now', subject: 'next', key: 'say.really' });
  }
  if (before.call.peer.present !== call.peer.present) {
    const key = call.peer.present ? 'say.peerBack' : 'call.away';
    told.push({ urgency: 'polite', subject: 'presence', key });
  }
  if (before.call.peer.camera !== call.peer.camera && call.mode === 'video') {
    told.push({ urgency: 'polite', subject: 'camera', key: `say.peerCamera.${call.peer.camera}` });
  }
  const shield = call.shield?.state;
  if (shield !== before.call.shield?.state) {
    if (shield === 'flagged')
      told.push({ urgency: 'now', subject: 'shield', key: 'say.shield.flagged' });
    // Nobody pressed anything, and before long a picture and a voice may be back.
    if (shield === 'checking' && before.call.shield?.state === 'unavailable') {
      told.push({ urgency: 'polite', subject: 'shield', key: 'say.shield.again' });
    }
    if (shield === 'unavailable' || (shield === 'checked' && call.cover === 'covered')) {
      told.push({ urgency: 'polite', subject: 'shield', key: `say.shield.${shield}` });
    }
  }
  if (before.call.flow !== call.flow && (call.flow === 'interrupted' || call.flow === 'stuck')) {
    told.push({ urgency: 'polite', subject: 'flow', key: `call.flow.${call.flow}` });
  }
  told.push(...ofQuality(before.call.quality, call.quality));
  if (call.restoring && !before.call.restoring) {
    told.push({ urgency: 'polite', subject: 'flow', key: 'call.restoring' });
  }
  return told;
}

/** Only what matters: that it is poor, what can be done, and that it is over. */
function ofQuality(before: QualityView | null, quality: QualityView | null): Told[] {
  const say = (key: WordKey): Told[] => [{ urgency: 'polite', subject: 'quality', key }];
  if (quality === null || before === null) return [];
  if (quality.offersSoundOnly && !before.offersSoundOnly) return say('say.quality.offer');
  if (quality.level === before.level) return [];
  if (quality.level === 'poor') return say('say.quality.poor');
  const wasBad = before.level === 'poor' || before.level === 'lost';
  const isBad = quality.level === 'lost';
  // That it is lost is told with the picture that stopped.
  return wasBad && !isBad ? say('say.quality.back') : [];
}

/** On the way from words to video: what the other person says to it. */
function ofVideo(before: CallView, { mode, video }: CallView): Told[] {
  if (mode === 'video' && before.mode === 'text') {
    return [
      { urgency: 'now', subject: 'video', key: 'say.videoOn' },
      { urgency: 'polite', subject: 'cover', key: 'say.covered' },
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

function connected(call: CallView): Told[] {
  const list = call.sharedInterests;
  const told: Told[] = [
    list.length === 0
      ? { urgency: 'now', subject: 'call', key: 'say.connected' }
      : { urgency: 'now', subject: 'call', key: 'say.connectedBoth', list },
  ];
  if (call.mode === 'video') {
    told.push({ urgency: 'polite', subject: 'cover', key: 'say.covered' });
  }
  return told;
}

/** Why a message stayed in the box: they pressed Enter and wait for something to happen. */
function ofDraft(before: Scene, { chat }: Scene): Told[] {
  const caution = chat?.caution ?? null;
  if (caution !== null && caution !== before.chat?.caution) {
    return [{ urgency: 'now', subject: 'draft', key: `chat.caution.${caution}` }];
  }
  const fault = chat?.draftFault ?? null;
  if (fault === null || fault === before.chat?.draftFault) return [];
  const values = { max: LINE_CHARS_MAX };
  return [{ urgency: 'now', subject: 'draft', key: `chat.fault.${fault}`, values }];
}

/** What is said in a log that is not on the screen, and that nothing is said for long. */
function ofLines(before: Scene, { chat, call }: Scene, logSpeaks: boolean): Told[] {
  if (chat === null || before.chat === null) return [];
  const told: Told[] = [];
  const last = chat.lines.findLast(({ from }) => from === 'peer');
  const isNew = last !== undefined && !before.chat.lines.some(({ key }) => key === last.key);
  if (isNew && !logSpeaks) {
    const text = Array.from(last.text).slice(0, MESSAGE_TOLD_CHARS).join('');
    told.push({ urgency: 'polite', subject: 'line', key: 'say.message', values: { text } });
  }
  const { peerQuietMinutes: count } = chat;
  if (call?.mode === 'text' && count > 0 && before.chat.peerQuietMinutes === 0) {
    told.push({ urgency: 'polite', subject: 'quiet', key: 'chat.quiet', values: { count } });
  }
  return told;
}

function ofEnd(before: Scene, { ended }: Scene): Told[] {
  if (ended === null) return [];
  if (before.ended === null) {
    return [{ urgency: 'now', subject: 'call', key: `ended.title.${ended.reason}` }];
  }
  if (ended.block === before.ended.block || ended.block === 'none') return [];
  return [{ urgency: 'polite', subject: 'block', key: `ended.block.${ended.block}` }];
}

function ofDevices(before: Scene, { devices }: Scene): Told[] {
  if (devices.camera === 'interrupted' && before.devices.camera !== 'interrupted') {
    return [{ urgency: 'now', subject: 'devices', key: 'call.interrupted' }];
  }
  if (devices.microphone === 'interrupted' && before.devices.microphone !== 'interrupted') {
    return [{ urgency: 'now', subject: 'devices', key: 'call.interruptedMicrophone' }];
  }
  return [];
}

function ofDeviceNews(before: Scene, { deviceNews }: Scene): Told[] {
  if (deviceNews === null || deviceNews === before.deviceNews) return [];
  return [{ urgency: 'polite', subject: 'deviceNews', ...deviceNewsTold(deviceNews) }];
}

/** Its end by the call's end is told with that. */
function ofTextOnly(before: Scene, { textOnly, call }: Scene): Told[] {
  if (textOnly === before.textOnly || call === null) return [];
  return [
    { urgency: 'polite', subject: 'devices', key: textOnly ? 'textOnly.is' : 'textOnly.over' },
  ];
}

function ofLink(before: Scene, { link }: Scene): Told[] {
  const told: Told[] = [];
  if (link.state !== before.link.state && link.state !== 'connecting') {
    const first = before.link.state === 'connecting';
    if (link.state !== 'online') {
      told.push({ urgency: 'polite', subject: 'link', key: `link.${link.state}` });
    } else if (!first) {
      told.push({ urgency: 'polite', subject: 'link', key: 'say.online' });
    }
  }
  if (link.moving && !before.link.moving) {
    told.push({ urgency: 'polite', subject: 'moving', key: 'link.moving' });
  }
  return told;
}

function ofReport(before: Scene, { report }: Scene): Told[] {
  if (report === null || report.state === before.report?.state) return [];
  if (report.state === 'choosing') return [];
  if (report.state === 'accepted') {
    return [{ urgency: 'polite', subject: 'report', key: 'report.acceptedTitle' }];
  }
  return [{ urgency: 'polite', subject: 'report', key: `report.${report.state}` }];
}
