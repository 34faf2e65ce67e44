import { VOLUME_MAX } from '../sound/limits.ts';
import { type Note, planNotes } from '../sound/sounds.ts';
import type { DeviceSenses } from './device-senses.ts';

/** A chord in three steps: long enough to look round for where it comes from. */
const TEST_NOTES: readonly Note[] = [
  { hertz: 440, atMs: 0, lastsMs: 420 },
  { hertz: 554.37, atMs: 280, lastsMs: 420 },
  { hertz: 659.26, atMs: 560, lastsMs: 700 },
];

/** With the browser's own audio graph. */
export const browserSenses: DeviceSenses = {
  measure(stream, told) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1_024;
    const source = context.createMediaStreamSource(stream);
    // Connected to nothing further.
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
    // By an element, as a call's sound is: every browser that lets the page choose a speaker lets
    // it choose that of an element.
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

/** Below this a room is silent to a microphone, in dB under full scale. */
const SILENCE_DB = -60;
/** A voice close to a microphone. */
const LOUD_DB = -12;

/**
 * How loud a stretch of samples is to a person: 0 for silence, 1 for a loud voice, even steps in
 * decibels between (20·log10 of the root mean square).
 *
 * @param samples Amplitudes from -1 to 1.
 */
export function loudnessOf(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, (db - SILENCE_DB) / (LOUD_DB - SILENCE_DB)));
}
