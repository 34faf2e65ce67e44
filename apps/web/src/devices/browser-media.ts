import { browserAudioMeter } from './browser-audio-meter.ts';
import type { OpenDevices } from './devices.ts';
import { browserEffects } from './effects/browser-effects.ts';
import { DevicesModel } from './media-devices.ts';

export const openBrowserMedia = (ports: Parameters<OpenDevices>[0]): DevicesModel =>
  new DevicesModel({ ...ports, audioMeter: browserAudioMeter, effects: browserEffects });
