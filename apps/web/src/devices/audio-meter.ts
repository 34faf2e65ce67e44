export interface AudioMeter {
  /**
   * Measures the loudness of a microphone many times a second. Does not play it.
   * @param listener receives the loudness from 0 to 1 and a monotonic time
   * @returns a function that stops the measurement
   */
  measure(stream: MediaStream, listener: LoudnessListener): () => void;
  /**
   * Plays a test sound. Resolves at the end of the sound.
   * @param speaker device id; `null` for the system default
   * @throws the browser's error if the speaker doesn't play
   */
  playTest(speaker: string | null): Promise<void>;
}

export type LoudnessListener = (loudness: number, nowMs: number) => void;
