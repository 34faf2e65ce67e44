/** The browser's speech recognition, on this device only. */
export interface Speech {
  /** Returns the first of the BCP 47 tags that this device recognises by itself, or null. */
  pick(languages: readonly string[]): Promise<string | null>;
  /**
   * Recognises the speech of a track until the returned function is called or `ended`.
   *
   * @throws {SpeechError} if the browser doesn't recognise tracks
   */
  listen(track: MediaStreamTrack, language: string, events: SpeechEvents): () => void;
}

export interface SpeechEvents {
  /** The latest words, which a later call may correct. */
  readonly heard: (text: string) => void;
  /** The browser ends each recognition after a while, or because it failed. */
  readonly ended: (why: 'over' | 'failed') => void;
}

export class SpeechError extends Error {
  override readonly name = 'SpeechError';
}

interface Result {
  readonly 0: { readonly transcript: string } | undefined;
}

interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  start(track: MediaStreamTrack): void;
  abort(): void;
}

/** The Web Speech API with recognition on the device. TypeScript's types lack it. */
interface BuiltIn {
  readonly SpeechRecognition?: {
    new (): Recognition;
    readonly prototype: object;
    available?(options: {
      readonly langs: readonly string[];
      readonly processLocally: true;
    }): Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>;
  };
}

/** Errors after which a new recognition can succeed. */
const HARMLESS: ReadonlySet<unknown> = new Set(['aborted', 'no-speech']);

/**
 * Returns the browser's speech recognition, or null if the browser can't be told to recognise
 * speech on the device. Other browsers may send the sound to a server.
 */
export function browserSpeech(): Speech | null {
  const { SpeechRecognition } = globalThis as BuiltIn;
  if (SpeechRecognition?.available === undefined) return null;
  if (!('processLocally' in SpeechRecognition.prototype)) return null;
  const create = (): Recognition => {
    const made = new SpeechRecognition();
    made.processLocally = true;
    return made;
  };
  return {
    async pick(languages) {
      for (const language of languages) {
        const asked = { langs: [language], processLocally: true } as const;
        if ((await SpeechRecognition.available?.(asked)) === 'available') return language;
      }
      return null;
    },
    listen(track, language, { heard, ended }) {
      if (!takesTracks(create(), track)) throw new SpeechError('the browser ignores the track');
      const recognition = create();
      recognition.lang = language;
      recognition.continuous = true;
      recognition.interimResults = true;
      let why: 'over' | 'failed' = 'over';
      const listening = new AbortController();
      const { signal } = listening;
      const on = (type: string, handle: (event: Event) => void): void =>
        recognition.addEventListener(type, handle, { signal });
      on('result', (event) => {
        const { results, resultIndex } = event as Event & {
          readonly results: ArrayLike<Result>;
          readonly resultIndex: number;
        };
        const latest = Array.from(results).slice(resultIndex);
        const text = latest.map((result) => result[0]?.transcript ?? '').join('');
        if (text.trim() !== '') heard(text.trim());
      });
      on('error', (event) => {
        const { error } = event as Event & { readonly error?: unknown };
        if (!HARMLESS.has(error)) why = 'failed';
      });
      on('end', () => {
        listening.abort();
        ended(why);
      });
      recognition.start(track);
      return () => {
        listening.abort();
        recognition.abort();
      };
    },
  };
}

/**
 * Whether the browser recognises the track that `start` gets. A browser that ignores the argument
 * would listen to the user's microphone. A browser that reads it must refuse an ended track.
 */
function takesTracks(probe: Recognition, track: MediaStreamTrack): boolean {
  const ended = track.clone();
  ended.stop();
  try {
    probe.start(ended);
  } catch (error) {
    return error instanceof DOMException && error.name === 'InvalidStateError';
  }
  probe.abort();
  return false;
}
