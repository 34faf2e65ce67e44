export interface AudioMeter {
  /**
   * Measures a microphone many times a second without playing it.
   * @param told receives loudness from 0 to 1 and a monotonic time
   * @returns a function that stops it
   */
  measure(stream: MediaStream, told: LoudnessListener): () => void;
  /**
   * Plays a test sound to its end.
   * @param speaker device id; null for the system default
   * @throws the browser's error if that speaker doesn't play
   */
  playTest(speaker: string | null): Promise<void>;
}

export type LoudnessListener = (loudness: number, nowMs: number) => void;
