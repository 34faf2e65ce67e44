import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLocales } from '@farandole/ui/scripts/locales';
import {
  type LogSight,
  Narrator,
  type Scene,
  STILL_LOOKING_EVERY_MS,
  TYPING_ANNOUNCED_EVERY_MS,
} from '../../src/a11y/narrator.ts';
import type { ShownPauseReason } from '../../src/call/call-view.ts';
import type { DeviceState } from '../../src/devices/devices-view.ts';
import { SCENE_NAMES } from '../../src/gallery/scenes.ts';
import { viewScenes } from '../support/scenes.ts';

/** Plays scenes in order and returns the announcements made at the last scene. */
function toldAt(...scenes: readonly Scene[]): string[] {
  const narrator = new Narrator();
  let told: string[] = [];
  for (const [at, scene] of scenes.entries()) {
    told = narrator.tell(scene, at).map(({ urgency, key }) => `${urgency} ${key}`);
  }
  return told;
}

const scene = await viewScenes(SCENE_NAMES);
const { call: live, chat } = scene('call');
assert.ok(live !== null && chat !== null);

const inCall = (change: Partial<typeof live>): Scene => ({
  ...scene('call'),
  call: { ...live, ...change },
  chat: { ...chat, peerTyping: false },
});

test("announces nothing on the page's first screen", () => {
  assert.deepEqual(toldAt(scene('landing')), []);
});

test("announces nothing if the page's state didn't change", () => {
  for (const name of SCENE_NAMES) {
    assert.deepEqual(toldAt(scene(name), { ...scene(name) }), [], name);
  }
});

test('announces once that a call can be resumed', () => {
  const offered = scene('landing-rejoin');
  assert.deepEqual(toldAt(scene('landing'), offered), ['polite say.rejoin']);
  assert.deepEqual(toldAt(scene('landing'), offered, offered), []);
});

test('announces limited matching once despite a reconnection, but not in a call', () => {
  const narrator = new Narrator();
  const limited = scene('landing-limited');
  const said = [
    scene('landing'),
    { ...scene('call'), limited: limited.limited },
    scene('landing'),
    limited,
    { ...limited, limited: null },
    limited,
    scene('waiting-limited'),
  ].map((one, at) => narrator.tell(one, at).map(({ key }) => key));
  assert.deepEqual(said.slice(3), [['say.limited'], [], [], ['say.looking']]);
  assert.ok(!said.slice(0, 3).flat().includes('say.limited'));
  assert.deepEqual(toldAt(scene('waiting'), scene('waiting-limited')), ['polite say.limited']);
});

test('announces a search at once, every twenty seconds, and after a minute', () => {
  const narrator = new Narrator();
  const { search } = scene('waiting');
  assert.ok(search !== null);
  const said: string[] = [];
  narrator.tell(scene('landing'), 0);
  for (let waitedMs = 0; waitedMs <= 3 * STILL_LOOKING_EVERY_MS; waitedMs += 1_000) {
    const told = narrator.tell({ ...scene('waiting'), search: { ...search, waitedMs } }, waitedMs);
    said.push(...told.map(({ key }) => `${waitedMs} ${key}`));
  }
  assert.deepEqual(said, [
    '0 say.looking',
    '8000 waiting.quiet',
    '8000 waiting.busiest',
    '20000 say.stillLooking',
    '40000 say.stillLooking',
    '60000 waiting.long',
  ]);
});

test('announces no search progress while the search is paused', () => {
  const { search } = scene('waiting-throttled');
  assert.ok(search !== null);
  const held = { ...search, waitedMs: STILL_LOOKING_EVERY_MS };
  const later = { ...scene('waiting-throttled'), search: held };
  const heldAt = [scene('landing'), scene('waiting-throttled')] as const;
  assert.deepEqual(toldAt(...heldAt), ['polite waiting.heldTimes', 'polite waiting.again']);
  assert.deepEqual(toldAt(...heldAt, later), []);
});

test('announces why a search is paused and when it continues', () => {
  const { search } = scene('waiting');
  assert.ok(search !== null);
  const at = (reason: ShownPauseReason | null): Scene => ({
    ...scene('waiting'),
    search: { ...search, held: reason === null ? null : { reason, retryInMs: 1_000 } },
  });
  for (const reason of ['too-fast', 'server-moving', 'pool-full', 'busy'] as const) {
    assert.deepEqual(toldAt(at(null), at(reason)), [
      `polite waiting.held.${reason}`,
      'polite waiting.again',
    ]);
    assert.deepEqual(toldAt(at(null), at(reason), at(null)), ['polite say.stillLooking']);
  }
  assert.deepEqual(toldAt(at('busy'), at('too-fast'))[0], 'polite waiting.held.too-fast');
  assert.deepEqual(toldAt(at(null), at('no-link')), []);
  assert.deepEqual(toldAt(at('no-link'), at(null)), []);
});

test('announces a new search option once, instead of "Still looking"', () => {
  const { search } = scene('waiting');
  assert.ok(search !== null);
  const at = (change: Partial<typeof search>): Scene => ({
    ...scene('waiting'),
    search: { ...search, connectFailures: 0, waitedMs: 0, ...change },
  });
  const begun = [scene('landing'), at({})] as const;
  assert.deepEqual(toldAt(...begun, at({ canAskAnyone: true })), ['polite say.anyone']);
  const quiet = at({ waitedMs: 8_000 });
  const words = ['polite waiting.quiet', 'polite waiting.busiest'];
  assert.deepEqual(toldAt(...begun, quiet), words);
  assert.deepEqual(toldAt(...begun, { ...quiet, server: { busiest: null } }), [
    'polite waiting.quiet',
  ]);
  assert.deepEqual(toldAt(...begun, quiet, at({ waitedMs: 9_000 })), []);
  assert.deepEqual(toldAt(...begun, at({ waitedMs: 3 * STILL_LOOKING_EVERY_MS })), [
    'polite waiting.long',
  ]);
  const held = { held: { reason: 'no-link', retryInMs: null } } as const;
  const lost = at({ waitedMs: 8_000, ...held });
  assert.deepEqual(toldAt(...begun, lost), []);
  assert.deepEqual(toldAt(...begun, lost, quiet), words);
});

test('announces once that an hour begins later, and no search before', () => {
  const { search } = scene('waiting-hour');
  assert.ok(search !== null);
  const at = (waitedMs: number, opensInMs: number | null): Scene => ({
    ...scene('waiting-hour'),
    search: { ...search, waitedMs, opensInMs },
  });
  const early = [scene('landing'), at(0, null), at(100, 60_000)] as const;
  assert.deepEqual(toldAt(...early), ['polite waiting.titleHour']);
  assert.deepEqual(toldAt(...early, at(STILL_LOOKING_EVERY_MS, 40_000)), []);
  const begun = [...early, at(3 * STILL_LOOKING_EVERY_MS, 1), at(61_000, 0)] as const;
  assert.deepEqual(toldAt(...begun), []);
  assert.deepEqual(toldAt(...begun, at(4 * STILL_LOOKING_EVERY_MS, 0)), [
    'polite say.stillLooking',
  ]);
});

test("announces the user's device switches and the stranger's cover", () => {
  const own = (camera: DeviceState, microphone: DeviceState): Scene => ({
    ...inCall({}),
    devices: { ...scene('call').devices, camera, microphone },
  });
  assert.deepEqual(toldAt(own('on', 'on'), own('on', 'off')), ['polite say.own.microphone.off']);
  assert.deepEqual(toldAt(own('on', 'off'), own('on', 'on')), ['polite say.own.microphone.on']);
  assert.deepEqual(toldAt(own('on', 'on'), own('off', 'on')), ['polite say.own.camera.off']);
  assert.deepEqual(toldAt(own('interrupted', 'on'), own('on', 'on')), ['polite say.own.camera.on']);
  assert.deepEqual(toldAt(own('absent', 'on'), own('on', 'on')), []);
  const [shown, covered] = [inCall({ cover: 'shown' }), inCall({ cover: 'covered' })];
  assert.deepEqual(toldAt(shown, covered), ['polite call.covered']);
  assert.deepEqual(toldAt(covered, shown), ['polite say.uncovered']);
  const really = inCall({ cover: 'covered', next: { state: 'really', remainingMs: 3_000 } });
  assert.deepEqual(toldAt(shown, really), ['now say.really']);
  assert.deepEqual(toldAt(really, shown), ['polite say.uncovered'], 'that all is back as it was');
  assert.ok(live.shield !== null);
  const flagged = inCall({ cover: 'covered', shield: { ...live.shield, state: 'flagged' } });
  assert.deepEqual(toldAt(shown, flagged), ['now say.shield.flagged']);
});

test('announces once, immediately, that the user speaks while muted', () => {
  const speaks: Scene = { ...scene('call-speaks-muted'), speaksMuted: true };
  const quiet: Scene = { ...speaks, speaksMuted: false };
  assert.deepEqual(toldAt(quiet, speaks), ['now call.speaksMuted']);
  assert.deepEqual(toldAt(quiet, speaks, { ...speaks }), []);
  assert.deepEqual(toldAt(speaks, quiet), []);
});

test('mentions no keyboard shortcuts in announcements', () => {
  for (const [language, { say }] of Object.entries(readLocales('page-rest'))) {
    assert.doesNotMatch(JSON.stringify(say), /\b(?:Press|Touche) [A-Z]\b/u, language);
  }
});

test('announces the camera permission prompt and each kind of refusal', () => {
  const asking: Scene = {
    ...scene('green-room'),
    devices: { ...scene('green-room').devices, state: 'asking' },
  };
  assert.deepEqual(toldAt(scene('landing'), asking), ['polite greenRoom.asking']);
  const { devices } = scene('call-interrupted');
  const refused = (): Scene => ({
    ...inCall({}),
    devices: { ...devices, failure: { kind: 'in-use', device: 'camera' } },
  });
  const told = ['now greenRoom.failure.in-use.title', 'polite help.inUse.programs'];
  const first = refused();
  assert.deepEqual(toldAt({ ...inCall({}), devices }, first), told);
  assert.deepEqual(toldAt({ ...inCall({}), devices }, first, first), []);
  assert.deepEqual(toldAt(first, refused()), told, 'once more, after another try');
});

test('announces a call that failed to connect', () => {
  assert.deepEqual(toldAt(scene('waiting'), scene('waiting-direct')), ['polite waiting.another']);
});

test('announces shared interests and the covered video on a match', () => {
  const narrator = new Narrator();
  narrator.tell(scene('waiting'), 0);
  const told = narrator.tell(inCall({ cover: 'covered' }), 1);
  assert.deepEqual(
    told.map(({ key }) => key),
    ['say.connectedBoth', 'call.covered'],
  );
  assert.deepEqual(told[0]?.list, ['film', 'cooking']);
});

test('announces shared languages on a match without shared interests', () => {
  const told = (sharedLanguages: string[]) => {
    const narrator = new Narrator();
    narrator.tell(scene('waiting'), 0);
    const match = { cover: 'covered', sharedInterests: [], sharedLanguages } as const;
    return narrator.tell(inCall(match), 1);
  };
  const both = told(['en', 'fr']);
  assert.deepEqual(
    both.map(({ key }) => key),
    ['say.connected', 'call.bothSpeak', 'call.covered'],
  );
  assert.deepEqual(both[1]?.languages, ['en', 'fr']);
  assert.deepEqual(
    told([]).map(({ key }) => key),
    ['say.connected', 'call.covered'],
    'nothing is said about languages that differ',
  );
});

test('announces a text match without shared interests briefly', () => {
  const { call } = scene('text');
  assert.ok(call !== null);
  const text = { ...scene('text-empty'), call: { ...call, sharedInterests: [] } };
  assert.deepEqual(toldAt(scene('waiting-text'), text), ['now say.connected']);
});

test("announces the peer's typing at most every fifteen seconds", () => {
  const narrator = new Narrator();
  const typing = (peerTyping: boolean): Scene => ({
    ...scene('call'),
    chat: { ...chat, peerTyping },
  });
  const at = (nowMs: number, active: boolean) =>
    narrator.tell(typing(active), nowMs).map(({ key }) => key);
  at(0, false);
  assert.deepEqual(at(10, true), ['chat.typing']);
  at(20, false);
  assert.deepEqual(at(9 + TYPING_ANNOUNCED_EVERY_MS, true), []);
  at(9 + TYPING_ANNOUNCED_EVERY_MS, false);
  assert.deepEqual(at(10 + TYPING_ANNOUNCED_EVERY_MS, true), ['chat.typing']);
});

test("announces changes of the peer's devices and the call's media", () => {
  const peer = live.peer;
  const changes: ReadonlyArray<[Partial<typeof live>, string]> = [
    [{ next: { state: 'really', remainingMs: 3_000 } }, 'now say.really'],
    [{ peer: { ...peer, present: false } }, 'polite call.away'],
    [{ peer: { ...peer, camera: 'off' } }, 'polite say.peerCamera.off'],
    [{ peer: { ...peer, camera: 'paused' } }, 'polite say.peerCamera.paused'],
    [{ flow: 'interrupted' }, 'polite call.flow.interrupted'],
    [{ flow: 'stuck' }, 'polite call.flow.stuck'],
    [{ restoring: true }, 'polite call.restoring'],
  ];
  for (const [change, told] of changes) {
    assert.deepEqual(toldAt(inCall({}), inCall(change)), [told]);
  }
  const away = inCall({ peer: { ...peer, present: false } });
  assert.deepEqual(toldAt(away, inCall({})), ['polite say.peerBack']);
});

test('announces at once why a call ended', () => {
  assert.deepEqual(toldAt(inCall({}), scene('ended-left')), ['now ended.title.left']);
});

test('announces at once that another program took the camera', () => {
  const { devices } = scene('call-interrupted');
  const taken = { ...inCall({}), devices };
  assert.deepEqual(toldAt(inCall({}), taken), ['now call.interrupted']);
});

test('announces a lost connection and a reconnection, not the first connection', () => {
  const link = (state: Scene['link']['state'], moving = false): Scene => ({
    ...scene('landing'),
    link: { state, moving },
  });
  assert.deepEqual(toldAt(link('connecting'), link('online')), []);
  assert.deepEqual(toldAt(link('online'), link('reconnecting')), ['polite link.reconnecting']);
  assert.deepEqual(toldAt(link('reconnecting'), link('offline')), ['polite link.offline']);
  assert.deepEqual(toldAt(link('offline'), link('online')), ['polite say.online']);
  assert.deepEqual(toldAt(link('online'), link('online', true)), ['polite link.moving']);
});

test("announces only those report steps that don't focus their title", () => {
  const steps = ['report-choosing', 'report-sending', 'report-accepted'] as const;
  const choosing = scene(steps[0]);
  assert.deepEqual(toldAt({ ...choosing, report: null }, choosing), []);
  assert.deepEqual(toldAt(choosing, scene(steps[1])), []);
  assert.deepEqual(toldAt(scene(steps[1]), scene(steps[2])), []);
  const { report } = scene(steps[1]);
  assert.ok(report !== null);
  const waiting: Scene = { ...scene(steps[1]), report: { ...report, state: 'waiting' } };
  assert.deepEqual(toldAt(scene(steps[1]), waiting), ['polite report.waiting']);
});

test('announces a pending report and its delay once', () => {
  const held = scene('report-held');
  const { report } = held;
  assert.ok(report !== null);
  const later: Scene = { ...held, report: { ...report, goesInMs: 16_000 } };
  assert.deepEqual(toldAt(scene('ended-you'), held), ['polite report.goesInAloud']);
  assert.deepEqual(toldAt(scene('report-choosing'), held), ['polite report.goesInAloud']);
  assert.deepEqual(toldAt(scene('report-choosing'), held, later), []);
});

test('announces that a report and its block were undone', () => {
  const undone: Scene = { ...scene('ended-undone'), report: null };
  assert.deepEqual(toldAt(scene('report-held'), undone), ['polite ended.undone']);
});

test('announces at once why a message stayed in the message box', () => {
  const { chat: long } = scene('call-too-long');
  assert.ok(long !== null);
  const before = { ...inCall({}), chat: { ...long, draftFault: null } };
  assert.deepEqual(toldAt(before, { ...before, chat: long }), ['now chat.fault.too-long']);
});

test('announces a shield cover at once and a clean result politely', () => {
  const at = (
    state: 'checking' | 'checked' | 'shown' | 'resumed' | 'flagged' | 'unavailable',
    cover: typeof live.cover,
    why: 'explicit' | 'unsure' | null = null,
  ) => {
    assert.ok(live.shield !== null);
    return inCall({ cover, shield: { ...live.shield, state, why } });
  };
  const checking = at('checking', 'covered');
  assert.deepEqual(toldAt(checking, at('checked', 'covered')), ['polite say.shield.checked']);
  assert.deepEqual(toldAt(at('checking', 'shown'), at('checked', 'shown')), []);
  assert.deepEqual(toldAt(inCall({}), at('flagged', 'shown')), ['now say.shield.flagged']);
  assert.deepEqual(toldAt(checking, at('unavailable', 'covered')), [
    'polite say.shield.unavailable',
  ]);
  assert.deepEqual(toldAt(at('unavailable', 'shown'), at('checking', 'shown')), [
    'polite say.shield.again',
  ]);
  const unsure = at('flagged', 'covered', 'unsure');
  assert.deepEqual(toldAt(checking, unsure), ['polite say.shield.unsure']);
  assert.deepEqual(toldAt(unsure, at('flagged', 'covered', 'explicit')), [
    'now say.shield.flagged',
  ]);
});

test('[SH-14e] announces an overridden flag once', () => {
  const at = (state: 'flagged' | 'resumed' | 'shown', cover: typeof live.cover) => {
    assert.ok(live.shield !== null);
    return inCall({ cover, shield: { ...live.shield, state } });
  };
  const resumed = at('resumed', 'shown');
  assert.deepEqual(toldAt(at('flagged', 'shown'), resumed), ['polite say.shield.resumed']);
  assert.deepEqual(toldAt(at('flagged', 'covered'), resumed), ['polite say.shield.resumed']);
  assert.deepEqual(toldAt(resumed, { ...resumed }), []);
  assert.deepEqual(toldAt(resumed, at('shown', 'shown')), []);
});

test('announces no typing if the user disabled typing announcements', () => {
  const { preferences } = scene('call');
  const typing: Scene = { ...scene('call'), chat: { ...chat, peerTyping: true } };
  assert.deepEqual(toldAt(inCall({}), typing), ['polite chat.typing']);
  const quiet = { ...preferences, tellTyping: false };
  assert.deepEqual(toldAt(inCall({}), { ...typing, preferences: quiet }), []);
});

test('announces the start and end of text-only mode, except after the call', () => {
  const textOnly = scene('call-text-only');
  const before = { ...textOnly, textOnly: false };
  assert.deepEqual(toldAt(before, textOnly), ['polite textOnly.is']);
  assert.deepEqual(toldAt(textOnly, before), ['polite textOnly.over']);
  assert.deepEqual(toldAt(textOnly, scene('ended-you')), ['now ended.title.you']);
});

test('announces poor call quality, the measure taken and the recovery', () => {
  const { quality } = live;
  assert.ok(quality !== null);
  const at = (change: Partial<typeof quality>): Scene =>
    inCall({ quality: { ...quality, ...change } });
  assert.deepEqual(toldAt(at({}), at({ level: 'fair' })), []);
  assert.deepEqual(toldAt(at({}), at({ level: 'poor' })), ['polite say.quality.poor']);
  assert.deepEqual(toldAt(at({ level: 'poor' }), at({ level: 'poor', lowering: true })), []);
  assert.deepEqual(toldAt(at({ level: 'poor' }), at({ level: 'poor', offersSoundOnly: true })), [
    'polite say.quality.offer',
  ]);
  assert.deepEqual(toldAt(at({ level: 'poor' }), at({ level: 'fair' })), [
    'polite say.quality.back',
  ]);
  assert.deepEqual(toldAt(at({ level: 'lost' }), at({})), ['polite say.quality.back']);
  // The quality level `lost` causes no announcement, because the interrupted picture is announced
  // already.
  const lost = inCall({ flow: 'interrupted', quality: { ...quality, level: 'lost' } });
  assert.deepEqual(toldAt(at({}), lost), ['polite call.flow.interrupted']);
  assert.deepEqual(toldAt(lost, at({ level: 'poor' })), ['polite say.quality.poor']);
});

test("reads messages aloud only where the chat log isn't shown", () => {
  const { chat: before } = scene('text-empty');
  const { chat: after } = scene('text');
  for (const log of ['end', 'above', 'none'] as const) {
    const narrator = new Narrator();
    narrator.tell({ ...scene('text'), chat: before }, 0);
    const quiet = after === null ? null : { ...after, peerTyping: false };
    const told = narrator.tell({ ...scene('text'), chat: quiet }, 1, log);
    assert.deepEqual(
      told.map(({ key, values }) => [key, values?.['text']]),
      log === 'none' ? [['say.message', 'always. مرحبا — שלום']] : [],
    );
  }
});

test('announces unread messages out of view once, and again after reading', () => {
  const { chat: read } = scene('text-long');
  assert.ok(read !== null);
  const narrator = new Narrator();
  const tell = (unread: number, log: LogSight): unknown[] =>
    narrator
      .tell({ ...scene('text-long'), chat: { ...read, unread } }, 0, log)
      .map(({ key, values }) => [key, values?.['count']]);
  assert.deepEqual(tell(0, 'above'), []);
  assert.deepEqual(tell(1, 'above'), [['chat.newer', 1]]);
  assert.deepEqual(tell(2, 'above'), []);
  assert.deepEqual(tell(0, 'end'), []);
  assert.deepEqual(tell(1, 'above'), [['chat.newer', 1]]);
  tell(0, 'end');
  assert.deepEqual(tell(1, 'end'), [], 'in the background it is the title that says so');
});

test('announces a warning about the draft at once, a long silence once', () => {
  assert.deepEqual(toldAt(scene('text-quiet'), scene('text-caution')), ['now chat.caution.phone']);
  const { chat: silent } = scene('text-quiet');
  assert.ok(silent !== null);
  const first = { ...scene('text-quiet'), chat: { ...silent, peerQuietMinutes: 0 } };
  assert.deepEqual(toldAt(first, scene('text-quiet')), ['polite chat.quiet']);
  const later = { ...scene('text-quiet'), chat: { ...silent, peerQuietMinutes: 3 } };
  assert.deepEqual(toldAt(first, scene('text-quiet'), later), []);
});

test("announces each step of the peer's video offer and the video's start", () => {
  assert.deepEqual(toldAt(scene('text-quiet'), scene('text-video-theirs')).slice(0, 1), [
    'now say.videoTheirs',
  ]);
  assert.deepEqual(toldAt(scene('text-video-theirs'), scene('text')), [
    'polite say.videoTakenBack',
  ]);
  assert.deepEqual(toldAt(scene('text-video-waiting'), scene('text-video-refused')), [
    'polite video.refused.not-now',
  ]);
  assert.deepEqual(toldAt(scene('text-video-waiting'), scene('call-covered')).slice(0, 2), [
    'now say.videoOn',
    'polite call.covered',
  ]);
});

test('announces a device change once, politely, with its displayed name', () => {
  const replaced = scene('call-device-replaced');
  const offered = scene('call-device-offered');
  const calm: Scene = { ...replaced, deviceChange: null };
  assert.deepEqual(toldAt(calm, replaced), ['polite deviceNews.replaced.microphone']);
  assert.deepEqual(toldAt(calm, replaced, { ...replaced }), []);
  assert.deepEqual(toldAt(replaced, offered), ['polite deviceNews.offered']);
  assert.deepEqual(toldAt(offered, calm), []);
});

test('announces once per call that the peer states an age under 18', () => {
  const said = (statedAge: boolean): Scene => ({ ...inCall({}), statedAge });
  assert.deepEqual(toldAt(said(false), said(true)), ['now agePrompt.text']);
  assert.deepEqual(toldAt(said(true), said(true)), []);
  assert.deepEqual(toldAt(said(true), said(false)), []);
  assert.deepEqual(toldAt(said(false), { ...said(true), call: null }), []);
});
