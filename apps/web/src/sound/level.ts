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
