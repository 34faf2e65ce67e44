import { RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import type { TrackEffect } from '../track-effects.ts';
import { noiseProgram, noiseWorkletUrl } from './noise-files.ts';

/** The only sample rate in Hz for which RNNoise works. */
const SAMPLE_RATE = 48_000;

/**
 * Filters the sound of a microphone by RNNoise. The output ends if the filter fails, because a
 * failed filter is silent.
 */
export async function filterNoise(microphone: MediaStreamTrack): Promise<TrackEffect> {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  try {
    const [wasmBinary] = await Promise.all([
      loadProgram(),
      context.audioWorklet.addModule(noiseWorkletUrl),
      context.resume(),
    ]);
    const filter = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const source = new MediaStreamAudioSourceNode(context, {
      mediaStream: new MediaStream([microphone]),
    });
    source.connect(filter).connect(output);
    const [track] = output.stream.getAudioTracks();
    if (track === undefined) throw new Error('the filter has no output');
    const stop = (): void => {
      filter.destroy();
      track.stop();
      void context.close();
    };
    filter.addEventListener('processorerror', () => {
      stop();
      track.dispatchEvent(new Event('ended'));
    });
    return { track, stop };
  } catch (error) {
    void context.close();
    throw error;
  }
}

async function loadProgram(): Promise<ArrayBuffer> {
  const { url, integrity } = noiseProgram;
  const response = await fetch(url, { integrity });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return await response.arrayBuffer();
}
