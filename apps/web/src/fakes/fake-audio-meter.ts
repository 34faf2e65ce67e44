import type { AudioMeter, LoudnessListener } from '../devices/audio-meter.ts';

export class FakeAudioMeter implements AudioMeter {
  readonly measured = new Map<MediaStream, LoudnessListener>();
  readonly played: (string | null)[] = [];
  /** Ends the playing sound; with an error, it failed to play. */
  end: (error?: Error) => void = () => {};

  /** Measurements that every stream reports: loudness and time. */
  hears: readonly (readonly [number, number])[] = [];

  measure(stream: MediaStream, told: LoudnessListener): () => void {
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
