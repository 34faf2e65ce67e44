import type { DeviceSenses, LoudnessTold } from '../devices/device-senses.ts';

export class FakeSenses implements DeviceSenses {
  /** Listeners of each stream that is being measured. */
  readonly measured = new Map<MediaStream, LoudnessTold>();
  /** Speakers used for playback, in order. */
  readonly played: (string | null)[] = [];
  /** Ends playback; with an error, playback failed. */
  end: (error?: Error) => void = () => {};

  /** Loudness and time, reported to every listener at once. */
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
