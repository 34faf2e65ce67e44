import type { TrackEffect } from '../track-effects.ts';
import { BackgroundProcessor } from './background-processor.ts';

/** Radius of the blur in pixels of the camera's picture. */
const BLUR_RADIUS = 15;

/**
 * The processor of the running or next blur. It is kept, because loading its program takes longer
 * than opening a camera.
 */
let kept: BackgroundProcessor | null = null;
/** The last start. Starts are in sequence, because a processor has one track at a time. */
let last: Promise<unknown> = Promise.resolve();

/** Blurs the background of a camera. A running blur of another camera ends first. */
export function blurBackground(camera: MediaStreamTrack): Promise<TrackEffect> {
  const next = last.then(() => start(camera));
  last = next.catch(() => {});
  return next;
}

async function start(camera: MediaStreamTrack): Promise<TrackEffect> {
  const processor = kept ?? new BackgroundProcessor();
  kept = processor;
  processor.stopProcessing();
  try {
    const track = await processor.startProcessing(camera, { blurRadius: BLUR_RADIUS });
    // A processor whose output ended has lost its graphics context.
    track.addEventListener('ended', () => forget(processor));
    return {
      track,
      stop: () => {
        if (processor.getProcessedTrack() === track) processor.stopProcessing();
        track.stop();
      },
    };
  } catch (error) {
    forget(processor);
    throw error;
  }
}

function forget(processor: BackgroundProcessor): void {
  if (kept === processor) kept = null;
}
