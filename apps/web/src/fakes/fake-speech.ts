import type { Speech, SpeechEvents } from '../captions/speech.ts';
import { SpeechError } from '../captions/speech.ts';

/** Fake speech recognition. The test calls `hear` with the recognised text. */
export class FakeSpeech implements Speech {
  /** Tags of the languages that the device recognises. */
  installed: readonly string[] = ['en-US'];
  takesTracks = true;
  /** How often the page asked for a language. */
  asked = 0;
  /** The tracks that are being recognised, with their languages. */
  readonly running = new Map<MediaStreamTrack, string>();
  #events: SpeechEvents | null = null;

  pick(languages: readonly string[]): Promise<string | null> {
    this.asked += 1;
    return Promise.resolve(languages.find((one) => this.installed.includes(one)) ?? null);
  }

  listen(track: MediaStreamTrack, language: string, events: SpeechEvents): () => void {
    if (!this.takesTracks) throw new SpeechError('the browser ignores the track');
    this.running.set(track, language);
    this.#events = events;
    return () => {
      this.running.delete(track);
      this.#events = null;
    };
  }

  hear(text: string): void {
    this.#events?.heard(text);
  }

  /** Ends all recognitions, as browsers do after a while or when they fail. */
  end(why: 'over' | 'failed'): void {
    const events = this.#events;
    this.running.clear();
    this.#events = null;
    events?.ended(why);
  }
}
