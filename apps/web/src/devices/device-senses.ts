/** What a browser does so that a person can try their devices. */
export interface DeviceSenses {
  /**
   * Measures a microphone many times a second. Nobody hears it: it goes nowhere.
   *
   * @param told loudness from 0 to 1, and when by a clock that only goes forward
   * @returns a function that stops it
   */
  measure(stream: MediaStream, told: LoudnessTold): () => void;
  /**
   * Plays a sound by the speaker that a stranger's voice would come from, to its end.
   *
   * @param speaker its id; null for the system's own
   * @throws what the browser says where that speaker does not play
   */
  playTest(speaker: string | null): Promise<void>;
}

export type LoudnessTold = (loudness: number, nowMs: number) => void;
