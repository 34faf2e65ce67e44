import type { CallView } from '../call/call-view.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { SceneState } from './scene-state.ts';

/** One's own picture in a corner of the stranger's: what is said on either has its room. */
export function biggerScenes(
  video: SceneState,
  { call, shield }: { readonly call: CallView; readonly shield: ShieldView },
) {
  const bigger: SceneState = {
    ...video,
    preferences: { ...video.preferences, biggerStranger: true },
  };
  return {
    'call-bigger': bigger,
    'call-bigger-covered': {
      ...bigger,
      call: { ...call, cover: 'covered', shield: { ...shield, state: 'checked' } },
    },
    'call-bigger-camera-off': {
      ...bigger,
      devices: { ...video.devices, camera: 'off', microphone: 'off' },
    },
  } satisfies Record<string, SceneState>;
}
