import {
  CONSOLE_API_PATH,
  CONSOLE_BEAT_MS,
  type ConsoleCounts,
} from '@farandole/protocol/console-api';
import { type ReadonlySignal, signal } from '@preact/signals';

export interface LiveStream {
  close(): void;
}

export type OpenStream = (heard: {
  readonly counts: (said: ConsoleCounts) => void;
  readonly lost: () => void;
}) => LiveStream;

/**
 * Silence in ms after which the event stream counts as lost. It is the time of two missed
 * heartbeats and a margin.
 */
const SILENT_MS = 2 * CONSOLE_BEAT_MS + 2_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/** Returns the retry delay in ms; it doubles with each try up to `RETRY_MAX_MS`. */
export function retryAfterMs(tries: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(tries, 10));
}

export interface Live {
  readonly state: 'connecting' | 'live' | 'lost';
  readonly said: ConsoleCounts | null;
}

/**
 * Keeps an event stream to the node open. Reconnects when the stream fails or is silent for
 * `SILENT_MS`, because a lost network closes no connection.
 */
export class LiveLink {
  readonly #open: OpenStream;
  readonly #onLost: () => void;
  readonly #current = signal<Live>({ state: 'connecting', said: null });
  #stream: LiveStream | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #tries = 0;

  /** @param onLost callback for each lost connection, after which the session may be over */
  constructor(open: OpenStream, onLost: () => void) {
    this.#open = open;
    this.#onLost = onLost;
  }

  get current(): ReadonlySignal<Live> {
    return this.#current;
  }

  start(): void {
    this.stop();
    this.#tries = 0;
    this.#connect();
  }

  stop(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#wait(null, 0);
  }

  #connect(): void {
    this.#wait(() => this.#lose(), SILENT_MS);
    this.#stream = this.#open({
      counts: (said) => {
        this.#tries = 0;
        this.#current.value = { state: 'live', said };
        this.#wait(() => this.#lose(), SILENT_MS);
      },
      lost: () => this.#lose(),
    });
  }

  #lose(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#current.value = { state: 'lost', said: this.#current.value.said };
    this.#wait(() => this.#connect(), retryAfterMs(this.#tries));
    this.#tries += 1;
    this.#onLost();
  }

  #wait(then: (() => void) | null, ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = then === null ? null : setTimeout(then, ms);
  }
}

/**
 * Opens the node's event stream. `LiveLink` handles reconnects, because `EventSource` itself
 * retries at a fixed pace.
 */
export const openEventSource: OpenStream = ({ counts, lost }) => {
  const source = new EventSource(`${CONSOLE_API_PATH}/live`);
  source.addEventListener('counts', ({ data }) =>
    counts(JSON.parse(String(data)) as ConsoleCounts),
  );
  source.addEventListener('error', lost);
  return { close: () => source.close() };
};
