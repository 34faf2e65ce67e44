import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import { signal } from '@preact/signals';
import { textOnlyOf } from '../call/text-only.ts';
import { VOICE_MS } from '../sound/muted-voice.ts';
import type { AppModel } from '../state/app-model.ts';
import { drawnStream, drawPortrait, type Portrait } from './drawn-people.ts';
import type { SceneState } from './scene-state.ts';

const STRANGER: Portrait = {
  sky: ['#6b5aa6', '#d98a6a', '#f2c98a'],
  shirt: '#35305e',
  skin: '#c98e6b',
  hair: '#2f2028',
  hairStyle: 'long',
};
const YOU: Portrait = {
  sky: ['#2d6a70', '#5f9a92', '#8fb7a5'],
  shirt: '#f1ece3',
  skin: '#9a6446',
  hair: '#1f1820',
  hairStyle: 'short',
};

/** Two ends of a call, for the words that it has. */
const CERTIFIED = {
  own: `a=fingerprint:sha-256 ${'5A:'.repeat(31)}5A`,
  peer: `a=fingerprint:sha-256 ${'C3:'.repeat(31)}C3`,
};

/**
 * A model that stands still at one scene: what it shows is given, and of what can be done only
 * the parts that a screen shows at once, such as typing, have an effect.
 */
export function sceneModel(scene: SceneState): AppModel {
  const preferences = signal(scene.preferences);
  const chat = signal(scene.chat);
  const report = signal(scene.report);
  const settingsOpen = signal(scene.settingsOpen);
  const nothing = (): void => undefined;
  const camera = scene.devices.camera === 'on';
  const { call } = scene;
  const passed = call?.shield?.state === 'shown' || call?.shield?.state === 'resumed';
  const shown = passed && call?.cover === 'shown' && call.peer.camera === 'on';
  const model: AppModel = {
    screen: signal(scene.screen),
    link: signal(scene.link),
    online: signal(scene.online),
    server: signal(scene.server),
    videoSupported: scene.videoSupported,
    preferences,
    storageBlocked: signal(scene.storageBlocked),
    rules: signal(scene.rules),
    devices: signal(scene.devices),
    deviceChoice: {
      lists: signal(scene.deviceLists),
      news: signal(scene.deviceNews),
      sound: signal(null),
      speakerTest: signal(scene.speakerTest),
      hear(told) {
        for (const [loudness, atMs] of scene.heard) told(loudness, atMs);
        return nothing;
      },
      hearMuted(told) {
        const loudness = scene.speaksMuted ? 1 : 0;
        for (let atMs = 0; atMs <= VOICE_MS; atMs += 50) told(loudness, atMs);
        return nothing;
      },
      testSpeaker: nothing,
      answerSpeakerTest: nothing,
      mirrored: signal(scene.preferences.mirrored),
      choose: nothing,
      switchCamera: nothing,
      takeOffer: nothing,
      dismissNews: nothing,
    },
    connectionCheck: signal(scene.connectionCheck),
    browser: scene.browser,
    shieldLoad: signal(scene.shieldLoad),
    ownCheck: signal(scene.ownCheck),
    search: signal(scene.search),
    call: signal(scene.call),
    firstPicture: signal(scene.firstPicture),
    ended: signal(scene.ended),
    fault: signal(scene.fault),
    standing: signal(scene.standing),
    chat,
    report,
    reportDraft: {
      setNote(note) {
        if (report.value !== null) report.value = { ...report.value, note };
      },
      toggleLine(place) {
        if (report.value === null) return;
        const lines = report.value.lines.map((line) =>
          line.place === place ? { ...line, attached: !line.attached } : line,
        );
        report.value = { ...report.value, lines };
      },
      togglePicture(id) {
        if (report.value === null) return;
        const pictures = report.value.pictures.map((picture) =>
          picture.id === id ? { ...picture, attached: !picture.attached } : picture,
        );
        report.value = { ...report.value, pictures };
      },
      dropPictures: nothing,
      hold: nothing,
      sendNow: nothing,
      takeBack: nothing,
      otherReason: nothing,
    },
    records: {
      reports: signal(scene.reports),
      meetings: signal(scene.meetings),
      decisions: signal(scene.decisions ?? []),
      blocks: signal(scene.blocks),
      news: signal(scene.reports.some(({ isNews }) => isNews)),
      warning: signal(scene.warning),
      understood: nothing,
      look: nothing,
      looked: nothing,
      reportMeeting: nothing,
      blockMeeting: nothing,
      unblock: nothing,
      forget: nothing,
      atServer: {
        view: signal(scene.ownData ?? { step: 'rest', code: null }),
        save: nothing,
        wantErased: nothing,
        keep: nothing,
        erase: nothing,
        showCode: nothing,
      },
    },
    settingsOpen,
    selfStream: signal(camera ? drawnStream(YOU) : null),
    peerStream: signal(shown ? drawnStream(STRANGER) : null),
    descriptions: signal(call?.flow === 'flowing' ? CERTIFIED : null),
    attachCover(canvas) {
      if (canvas !== null) drawPortrait(canvas, STRANGER);
    },
    openSettings() {
      settingsOpen.value = true;
    },
    closeSettings() {
      settingsOpen.value = false;
    },
    setPreferences(change) {
      preferences.value = { ...preferences.value, ...change };
    },
    setDraft(text) {
      if (chat.value !== null) chat.value = { ...chat.value, draft: text };
    },
    closeReport() {
      report.value = null;
    },
    forgetChoices: nothing,
    startVideo: nothing,
    startText: nothing,
    acceptRules: nothing,
    declareMinor: nothing,
    allowDevices: nothing,
    checkConnection: nothing,
    continueToQueue: nothing,
    next: nothing,
    stop: nothing,
    escape: nothing,
    anyone: nothing,
    searchBy: nothing,
    showPeer: nothing,
    coverPeer: nothing,
    resumePeer: nothing,
    retryShield: nothing,
    toggleCamera: nothing,
    toggleMicrophone: nothing,
    restartDevices: nothing,
    declineSoundOnly: nothing,
    rejoin: {
      offer: signal(scene.rejoin),
      leftMs: signal(scene.rejoin?.deadlineMs ?? 0),
      agoMs: signal(RESUME_GRACE_MS - (scene.rejoin?.deadlineMs ?? 0)),
      take: nothing,
      decline: nothing,
    },
    video: { prepare: nothing, agree: nothing, decline: nothing },
    consentDirect: nothing,
    sendLine: nothing,
    retryLine: nothing,
    dismissLine: nothing,
    setChatVisible: nothing,
    openReport: nothing,
    sendReport: nothing,
    block: nothing,
    home: nothing,
    retry: nothing,
  };
  if (scene.textOnly) textOnlyOf(model).set(true);
  return model;
}
