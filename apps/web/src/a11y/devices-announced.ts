import type { DeviceChange } from '../devices/device-choice.ts';
import type { DeviceFailure } from '../devices/devices-view.ts';
import { deviceHelpFor } from '../help/device-help.ts';
import { type BrowserFacts, browserPlatformOf } from '../help/which-browser.ts';
import type { WordKey, WordValues } from '../i18n/words.ts';
import type { Announced, Scene } from './narrator.ts';

export function ofDevices(before: Scene, scene: Scene): Announced[] {
  const { devices } = scene;
  if (devices.camera === 'interrupted' && before.devices.camera !== 'interrupted') {
    return [{ urgency: 'now', subject: 'devices', key: 'call.interrupted' }];
  }
  if (devices.microphone === 'interrupted' && before.devices.microphone !== 'interrupted') {
    return [{ urgency: 'now', subject: 'devices', key: 'call.interruptedMicrophone' }];
  }
  const { failure, camera, microphone } = devices;
  const isInterrupted = camera === 'interrupted' || microphone === 'interrupted';
  if (isInterrupted && failure !== null && failure !== before.devices.failure) {
    return ofFailure(failure, scene.browser);
  }
  const isAsking = (at: Scene): boolean =>
    at.screen === 'green-room' && at.devices.state === 'asking';
  if (isAsking(scene) && !isAsking(before)) {
    return [{ urgency: 'polite', subject: 'devices', key: 'greenRoom.asking' }];
  }
  return before.screen === scene.screen ? ofSwitches(before, scene) : [];
}

/** Announces that a device failed. A retry that fails again is announced too. */
function ofFailure(failure: DeviceFailure, browser: BrowserFacts): Announced[] {
  const { title, steps } = deviceHelpFor(failure.kind, browserPlatformOf(browser));
  return [
    { urgency: 'now', subject: 'devices', key: title, failure },
    ...steps.slice(0, 1).map(({ words }): Announced => {
      return { urgency: 'polite', subject: 'deviceHelp', key: words, failure };
    }),
  ];
}

/**
 * Announces that a camera or microphone was turned on or off. In the green room nothing is
 * announced, because the screen reader reads the focused switch there.
 */
function ofSwitches(before: Scene, scene: Scene): Announced[] {
  const { call, search, devices, textOnly, speaksMuted } = scene;
  if (speaksMuted && !before.speaksMuted) {
    return [{ urgency: 'now', subject: 'own-microphone', key: 'call.speaksMuted' }];
  }
  if ((call ?? search)?.mode !== 'video' || textOnly !== before.textOnly) return [];
  return (['camera', 'microphone'] as const).flatMap((device): Announced[] => {
    const [was, is] = [before.devices[device], devices[device]];
    if (was === is || was === 'absent' || (is !== 'on' && is !== 'off')) return [];
    return [{ urgency: 'polite', subject: `own-${device}`, key: `say.own.${device}.${is}` }];
  });
}

export function ofDeviceChange(before: Scene, { deviceChange }: Scene): Announced[] {
  if (deviceChange === null || deviceChange === before.deviceChange) return [];
  return [{ urgency: 'polite', subject: 'deviceNews', ...deviceChangeAnnouncement(deviceChange) }];
}

/**
 * Announces that "text only" was turned on or off. When a call ends nothing is announced, because
 * the announcement of the call's end already says so.
 */
export function ofTextOnly(before: Scene, { textOnly, call }: Scene): Announced[] {
  if (textOnly === before.textOnly || call === null) return [];
  return [
    { urgency: 'polite', subject: 'devices', key: textOnly ? 'textOnly.is' : 'textOnly.over' },
  ];
}

/**
 * Returns the sentence that the page shows and announces when a device is plugged in or unplugged.
 */
export function deviceChangeAnnouncement(news: DeviceChange): { key: WordKey; values: WordValues } {
  switch (news.news) {
    case 'replaced':
      return { key: `deviceNews.replaced.${news.device}`, values: { device: news.label } };
    case 'offered':
      return { key: 'deviceNews.offered', values: { device: news.label } };
  }
}
