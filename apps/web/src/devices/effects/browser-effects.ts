import type { TrackEffects } from '../track-effects.ts';

/** The effects that this browser supports. Their code loads when the user turns them on. */
export const browserEffects: TrackEffects = {
  canBlur: canProcessPictures(),
  canDenoise: 'AudioWorkletNode' in globalThis,
  blur: async (camera) => await (await import('./background-blur.ts')).blurBackground(camera),
  denoise: async (microphone) => await (await import('./noise-filter.ts')).filterNoise(microphone),
};

function canProcessPictures(): boolean {
  const readsFrames =
    'MediaStreamTrackGenerator' in globalThis ||
    'requestVideoFrameCallback' in HTMLVideoElement.prototype;
  return readsFrames && 'WebGL2RenderingContext' in globalThis;
}
