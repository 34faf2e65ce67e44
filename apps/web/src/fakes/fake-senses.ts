import type { DeviceSenses, LoudnessTold } from '../devices/device-senses.ts';

/** What a person tries their devices with, scripted. */
export class FakeSenses implements DeviceSenses {
  /** Who is being told of each stream that is measured now. */
  readonly measured = new Map<MediaStream, LoudnessTold>();
  /** By which speaker a sound was played, in order. */
  readonly played: (string | null)[] = [];
  /** Ends the sound that plays; with an error it did not play. */
  end: (error?: Error) => void = () => {};

  /** What is measured of every stream at once: loudness and time. */
  hears: readonly (readonly [number, number])[] = [];

  measure(stream: MediaStream, told: LoudnessTold): () => void {
    for (const [loudness, atMs] of this.hears) told(loudness, atMs);
    this.measured.set(stream, told);
    return () => this.measured.delete(stream);
  }

  playTest(speaker: string | null): Promise<void> {
    this.played.push(speaker);
    return new Promise((resolve, reject) => {
      this.end = (error) => (error === undefined ? resolve() : reject(error));
    });
  }
}
