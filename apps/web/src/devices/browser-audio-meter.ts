import { VOLUME_MAX } from '../sound/limits.ts';
import { type Note, planNotes } from '../sound/sounds.ts';
import type { AudioMeter } from './audio-meter.ts';

/** A chord of three notes, which lasts long enough to hear which speaker plays. */
const TEST_NOTES: readonly Note[] = [
  { hertz: 440, atMs: 0, lastsMs: 420 },
  { hertz: 554.37, atMs: 280, lastsMs: 420 },
  { hertz: 659.26, atMs: 560, lastsMs: 700 },
];

export const browserAudioMeter: AudioMeter = {
  measure(stream, listener) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1_024;
    const source = context.createMediaStreamSource(stream);
    // The analyser isn't connected to an output, so the user doesn't hear the microphone.
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    const measure = (): void => {
      analyser.getFloatTimeDomainData(samples);
      listener(loudnessOf(samples), performance.now());
      frame = requestAnimationFrame(measure);
    };
    measure();
    return () => {
      cancelAnimationFrame(frame);
      source.disconnect();
      void context.close();
    };
  },

  async playTest(speaker) {
    const context = new AudioContext();
    // The sound is played by an audio element, because browsers let a page choose the speaker only
    // of an element.
    const output = context.createMediaStreamDestination();
    const element = new Audio();
    try {
      if (speaker !== null && 'setSinkId' in element) await element.setSinkId(speaker);
      element.srcObject = output.stream;
      await Promise.all([context.resume(), element.play()]);
      await planNotes(context, TEST_NOTES, VOLUME_MAX, output);
    } finally {
      element.srcObject = null;
      await context.close();
    }
  },
};

/** Level in dBFS at or below which a microphone counts as silent. */
const SILENCE_DB = -60;
const LOUD_DB = -12;

/**
 * Returns the loudness of samples from 0 for silence to 1 for a loud voice. The scale is linear
 * in decibels: 20·log10 of the root mean square.
 * @param samples amplitudes from -1 to 1
 */
export function loudnessOf(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, (db - SILENCE_DB) / (LOUD_DB - SILENCE_DB)));
}
