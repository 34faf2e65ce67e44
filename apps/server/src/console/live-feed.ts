import type { Instant } from '@farandole/kernel/clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { CONSOLE_BEAT_MS, type ConsoleCounts } from '@farandole/protocol/console-api';
import {
  LIVE_FEEDS_MAX,
  LIVE_FEEDS_PER_MEMBER_MAX,
  LIVE_POLL_EVERY_MS,
  LIVE_UNREAD_EVENTS_MAX,
} from '../limits.ts';
import type { Authenticate, SignedIn } from '../sign-in/authenticate.ts';

export interface LiveFeedOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly authenticate: Authenticate;
  readonly onFailed: (error: unknown) => void;
}

interface Feed extends SignedIn {
  readonly request: Request;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  version: number | null;
  saidAtMonotonicMs: number;
}

const encoder = new TextEncoder();

/**
 * Notifies open consoles of queue changes within `LIVE_POLL_EVERY_MS`, and sends each console an
 * event at least every `CONSOLE_BEAT_MS`. Ends a stream if its session ended or its console stopped
 * reading. One store query serves all consoles.
 */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #feeds = new Set<Feed>();
  #nextPollAtMonotonicMs = 0;
  #isLooking = false;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#feeds.size;
  }

  /** @returns the event stream; null if too many streams are open */
  open(request: Request, signedIn: SignedIn): Response | null {
    const ofMember = [...this.#feeds].filter(({ member }) => member.id === signedIn.member.id);
    if (this.#feeds.size >= LIVE_FEEDS_MAX || ofMember.length >= LIVE_FEEDS_PER_MEMBER_MAX) {
      return null;
    }
    let feed: Feed | null = null;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          feed = { ...signedIn, request, controller, version: null, saidAtMonotonicMs: 0 };
          this.#feeds.add(feed);
        },
        cancel: () => {
          if (feed !== null) this.#feeds.delete(feed);
        },
      },
      { highWaterMark: LIVE_UNREAD_EVENTS_MAX },
    );
    this.#nextPollAtMonotonicMs = 0;
    return new Response(body, {
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // Tells proxies such as nginx not to buffer, because a buffering proxy would delay every
        // event.
        'X-Accel-Buffering': 'no',
      },
    });
  }

  tick(now: Instant): void {
    if (this.#isLooking || this.#feeds.size === 0) return;
    if (now.monotonicMs < this.#nextPollAtMonotonicMs) return;
    this.#nextPollAtMonotonicMs = now.monotonicMs + LIVE_POLL_EVERY_MS;
    this.#isLooking = true;
    this.#poll(now)
      .catch(this.#options.onFailed)
      .finally(() => {
        this.#isLooking = false;
      });
  }

  /** Ends all event streams. The consoles then reconnect. */
  close(): void {
    for (const feed of this.#feeds) this.#end(feed);
  }

  async #poll(now: Instant): Promise<void> {
    const { store, authenticate } = this.#options;
    for (const feed of [...this.#feeds]) {
      const signedIn = await authenticate(feed.request);
      if (signedIn?.sessionId !== feed.sessionId) this.#end(feed);
    }
    const version = await store.run('desk.revision', null);
    const due = [...this.#feeds].filter(
      ({ version: sent, saidAtMonotonicMs }) =>
        sent !== version || now.monotonicMs - saidAtMonotonicMs >= CONSOLE_BEAT_MS,
    );
    if (due.length === 0) return;
    const members = [...new Set(due.map(({ member }) => member.id))];
    const counted = await store.run('desk.counts', { members, nowMs: now.wallMs });
    const known = new Map(members.map((id, at) => [id, counted[at] ?? null]));
    for (const feed of due) {
      const counts = known.get(feed.member.id) ?? null;
      if (counts === null) this.#end(feed);
      else this.#say(feed, { version, atMs: now.wallMs, counts }, now.monotonicMs);
    }
  }

  #say(feed: Feed, said: ConsoleCounts, nowMonotonicMs: number): void {
    if (!this.#feeds.has(feed)) return;
    // The console hasn't read earlier events, so its queue would only grow.
    if ((feed.controller.desiredSize ?? 0) <= 0) {
      this.#end(feed);
      return;
    }
    feed.controller.enqueue(encoder.encode(`event: counts\ndata: ${JSON.stringify(said)}\n\n`));
    feed.version = said.version;
    feed.saidAtMonotonicMs = nowMonotonicMs;
  }

  #end(feed: Feed): void {
    if (this.#feeds.delete(feed)) feed.controller.close();
  }
}
