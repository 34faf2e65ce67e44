import type { TrackEffect, TrackEffects } from '../devices/track-effects.ts';
import { FakeTrack } from './fake-media.ts';

interface Started extends TrackEffect {
  readonly track: FakeTrack;
  readonly of: MediaStreamTrack;
  isStopped: boolean;
}

/** Fake effects. Each start returns a new track, or fails if a test says so. */
export class FakeEffects implements TrackEffects {
  canBlur = false;
  canDenoise = false;
  fails = false;
  readonly started: Started[] = [];
  /** If set, an effect starts only after this promise. */
  gate: Promise<void> | null = null;
  readonly blur = (camera: MediaStreamTrack): Promise<TrackEffect> => this.#start(camera);
  readonly denoise = (microphone: MediaStreamTrack): Promise<TrackEffect> =>
    this.#start(microphone);

  async #start(of: MediaStreamTrack): Promise<TrackEffect> {
    await this.gate;
    if (this.fails) throw new Error('the effect failed');
    const track = new FakeTrack(of.kind === 'video' ? 'video' : 'audio', 'effect');
    const started: Started = {
      track,
      of,
      isStopped: false,
      stop: () => {
        track.stop();
        started.isStopped = true;
      },
    };
    this.started.push(started);
    return started;
  }
}
