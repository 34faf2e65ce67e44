import { VOLUME_MAX } from '../sound/limits.ts';
import { type Note, planNotes } from '../sound/sounds.ts';
import type { AudioMeter } from './audio-meter.ts';

/** A chord in three steps, long enough to locate the speaker. */
const TEST_NOTES: readonly Note[] = [
  { hertz: 440, atMs: 0, lastsMs: 420 },
  { hertz: 554.37, atMs: 280, lastsMs: 420 },
  { hertz: 659.26, atMs: 560, lastsMs: 700 },
];

export const browserAudioMeter: AudioMeter = {
  measure(stream, told) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1_024;
    const source = context.createMediaStreamSource(stream);
    // Not connected to an output.
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    const measure = (): void => {
      analyser.getFloatTimeDomainData(samples);
      told(loudnessOf(samples), performance.now());
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
    // Elements support speaker choice in every browser that has it.
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

/** Silence to a microphone, in dBFS. */
const SILENCE_DB = -60;
const LOUD_DB = -12;

/**
 * Perceived loudness, linear in decibels: 0 is silence, 1 a loud voice (20·log10 of the root mean
 * square).
 * @param samples amplitudes from -1 to 1
 */
export function loudnessOf(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, (db - SILENCE_DB) / (LOUD_DB - SILENCE_DB)));
}
