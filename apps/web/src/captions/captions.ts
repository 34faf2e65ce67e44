import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import type { Speech } from './speech.ts';

/** How long the last words stay after the stranger stopped speaking. */
export const CAPTION_STAYS_MS = 15_000;
/** Time before a recognition that the browser ended begins again. */
export const CAPTIONS_RESTART_MS = 500;

/**
 * - `off`: the user wants no captions, or hears no stranger;
 * - `failed`: the browser can't recognise this stranger's sound or language.
 */
export interface CaptionsView {
  readonly state: 'off' | 'on' | 'failed';
  /** The stranger's last words. Empty while the stranger is silent. */
  readonly text: string;
  /** BCP 47 tag of the recognised language. Null if the device recognises none of them. */
  readonly language: string | null;
}

export interface CaptionsPorts {
  readonly speech: Speech;
  readonly scheduler: Scheduler;
  /** The stranger's sound while the user hears it, otherwise null. Subscribes. */
  readonly track: () => MediaStreamTrack | null;
  /** Whether the user wants captions. Subscribes. */
  readonly wanted: () => boolean;
  /** BCP 47 tags of the languages that the stranger may speak, the likeliest first. Subscribes. */
  readonly languages: () => readonly string[];
}

/** Writes what the stranger says, on this device. No text is stored or sent. */
export class Captions {
  readonly #ports: CaptionsPorts;
  readonly #view = signal<CaptionsView>({ state: 'off', text: '', language: null });
  /** Undefined until the browser has answered. */
  readonly #language = signal<string | null | undefined>(undefined);
  #cancelClear: () => void = () => {};

  constructor(ports: CaptionsPorts) {
    this.#ports = ports;
    let asked = '';
    effect(() => {
      // A browser that has the interface but no recogniser ends the page's process when asked. So
      // the page asks only for a user who turned captions on.
      if (!ports.wanted()) return;
      const languages = ports.languages();
      const question = languages.join();
      if (question === asked) return;
      asked = question;
      const answer = (language: string | null): void => {
        if (question === asked) this.#language.value = language;
      };
      ports.speech.pick(languages).then(answer, () => answer(null));
    });
    effect(() => {
      const language = this.#language.value;
      const track = ports.track();
      const isHeard = ports.wanted() && track !== null && language !== undefined;
      return untracked(() => {
        const state = !isHeard ? 'off' : language === null ? 'failed' : 'on';
        this.#show({ state, text: '', language: language ?? null });
        if (!isHeard || language === null) return undefined;
        const stop = this.#listen(track, language);
        return () => {
          stop();
          this.#cancelClear();
        };
      });
    });
  }

  get view(): ReadonlySignal<CaptionsView> {
    return this.#view;
  }

  /** Recognises a track until the returned function is called. */
  #listen(track: MediaStreamTrack, language: string): () => void {
    const { speech, scheduler } = this.#ports;
    let stop = (): void => {};
    const fail = (): void => {
      this.#cancelClear();
      this.#show({ state: 'failed', text: '' });
    };
    const begin = (): void => {
      try {
        stop = speech.listen(track, language, {
          heard: (text) => this.#heard(text),
          ended: (why) => {
            if (why === 'failed') fail();
            else stop = scheduler.after(CAPTIONS_RESTART_MS, begin);
          },
        });
      } catch {
        fail();
      }
    };
    begin();
    return () => stop();
  }

  #heard(text: string): void {
    this.#cancelClear();
    this.#show({ text });
    this.#cancelClear = this.#ports.scheduler.after(CAPTION_STAYS_MS, () =>
      this.#show({ text: '' }),
    );
  }

  #show(change: Partial<CaptionsView>): void {
    this.#view.value = { ...this.#view.peek(), ...change };
  }
}
