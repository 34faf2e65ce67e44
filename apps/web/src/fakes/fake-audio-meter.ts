import type { AudioMeter, LoudnessListener } from '../devices/audio-meter.ts';

export class FakeAudioMeter implements AudioMeter {
  readonly measured = new Map<MediaStream, LoudnessListener>();
  readonly played: (string | null)[] = [];
  /** Ends the test sound that is playing. With an error, playing fails. */
  end: (error?: Error) => void = () => {};

  /** What the fake meter reports for every stream: pairs of a loudness and a time. */
  hears: readonly (readonly [number, number])[] = [];

  measure(stream: MediaStream, listener: LoudnessListener): () => void {
    for (const [loudness, atMs] of this.hears) listener(loudness, atMs);
    this.measured.set(stream, listener);
    return () => this.measured.delete(stream);
  }

  playTest(speaker: string | null): Promise<void> {
    this.played.push(speaker);
    return new Promise((resolve, reject) => {
      this.end = (error) => (error === undefined ? resolve() : reject(error));
    });
  }
}
