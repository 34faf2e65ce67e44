export interface AudioMeter {
  /**
   * Measures the loudness of a microphone many times a second, without playing its sound.
   * @param listener receives the loudness from 0 to 1 and the time of a monotonic clock
   * @returns a function that stops the measurement
   */
  measure(stream: MediaStream, listener: LoudnessListener): () => void;
  /**
   * Plays a test sound. Resolves when the sound ends.
   * @param speaker device id, or `null` for the system default
   * @throws the browser's error if the speaker can't play
   */
  playTest(speaker: string | null): Promise<void>;
}

export type LoudnessListener = (loudness: number, nowMs: number) => void;
