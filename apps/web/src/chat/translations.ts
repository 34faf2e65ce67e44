import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { ChatView, LineView } from './chat-view.ts';
import type { LanguageTools } from './language-tools.ts';

/**
 * Translation of a line of the peer:
 * - `offered`: a press translates it;
 * - `same`: it is in the user's language already;
 * - `failed`: a press tries again.
 */
export type Translation =
  | { readonly state: 'offered' | 'working' | 'same' | 'failed' }
  | { readonly state: 'done'; readonly text: string; readonly language: string };

export interface TranslationPorts {
  readonly tools: LanguageTools;
  readonly chat: ReadonlySignal<Pick<ChatView, 'lines'> | null>;
  /** Whether lines are translated without a press, where no download is needed. Subscribes. */
  readonly automatic: () => boolean;
  /** The page's language, into which lines are translated. */
  readonly target: () => string;
  /** Languages that the user reads, including the page's. */
  readonly known: () => readonly string[];
  /** Whether the two users have a language in common, as far as they told it. */
  readonly shareLanguage: () => boolean;
}

type Line = Pick<LineView, 'key' | 'text'>;

const LETTERS = /\p{L}{2}/u;

/** Translates lines of the peer by the browser's own translator. Nothing is stored or sent. */
export class Translations {
  readonly #ports: TranslationPorts;
  readonly #all = signal<ReadonlyMap<string, Translation>>(new Map());
  readonly #seen = new Set<string>();
  /** Incremented when the chat is cleared, so that late translations are dropped. */
  #generation = 0;

  constructor(ports: TranslationPorts) {
    this.#ports = ports;
    effect(() => {
      const lines = ports.chat.value?.lines ?? [];
      const automatic = ports.automatic();
      untracked(() => this.#follow(lines, automatic));
    });
  }

  /** The translations by the keys of their lines. A line without an offer has none. */
  get all(): ReadonlySignal<ReadonlyMap<string, Translation>> {
    return this.#all;
  }

  /** Translates a line after a press. Must be called in a user gesture. */
  async translate({ key, text }: Line): Promise<void> {
    const generation = this.#generation;
    const { tools, target } = this.#ports;
    this.#set(key, { state: 'working' });
    const done = await this.#translated(tools, text, target()).catch(() => FAILED);
    if (generation === this.#generation) this.#set(key, done);
  }

  async #translated(tools: LanguageTools, text: string, to: string): Promise<Translation> {
    const from = await tools.detect(text);
    if (from === null) return FAILED;
    if (baseOf(from) === baseOf(to)) return { state: 'same' };
    return { state: 'done', text: await tools.translate(text, from, to), language: to };
  }

  #follow(lines: readonly LineView[], automatic: boolean): void {
    if (lines.length === 0) {
      if (this.#seen.size > 0) this.#clear();
      return;
    }
    for (const line of lines) {
      if (line.from !== 'peer' || !LETTERS.test(line.text)) continue;
      const isNew = !this.#seen.has(line.key);
      this.#seen.add(line.key);
      const isOffered = this.#all.peek().get(line.key)?.state === 'offered';
      if (isNew || (automatic && isOffered)) void this.#offer(line, automatic);
    }
  }

  async #offer(line: Line, automatic: boolean): Promise<void> {
    const generation = this.#generation;
    const { tools, target, known, shareLanguage } = this.#ports;
    const canDetect = await tools.canDetect().catch(() => false);
    const from = canDetect ? await tools.detect(line.text).catch(() => null) : null;
    if (generation !== this.#generation) return;
    // Without a detector a line is probably in the language that both users told.
    const isForeign =
      from === null ? !shareLanguage() : !known().some((tag) => baseOf(tag) === baseOf(from));
    if (!isForeign) return;
    this.#set(line.key, { state: 'offered' });
    if (!automatic || from === null) return;
    const isReady = await tools.canTranslate(from, target()).catch(() => false);
    if (isReady && generation === this.#generation) await this.translate(line);
  }

  #set(key: string, translation: Translation): void {
    this.#all.value = new Map(this.#all.peek()).set(key, translation);
  }

  #clear(): void {
    this.#generation += 1;
    this.#seen.clear();
    this.#all.value = new Map();
  }
}

const FAILED = { state: 'failed' } as const;

/** Returns the language without script and region: `pt` of `pt-BR`. */
function baseOf(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}
