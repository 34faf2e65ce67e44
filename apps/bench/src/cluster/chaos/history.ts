import type { EndReason } from '@farandole/web/call/call-state';

/**
 * Why a call is interrupted: the page has no connection, the call is being restored, or the peer
 * has no connection.
 */
export type Interruption = 'link' | 'restoring' | 'peer';

/** Something that a user's page showed or that the run did, with the time in ms of the run. */
export type ChaosEvent = { readonly at: number } & (
  | {
      readonly event: 'began';
      readonly fault: string;
      readonly seed: number;
      readonly people: number;
    }
  /** The page is online and searches. */
  | { readonly event: 'searching'; readonly person: string }
  /** The page searches no longer, or lost its connection. */
  | { readonly event: 'not-searching'; readonly person: string }
  | {
      readonly event: 'met';
      readonly person: string;
      readonly match: string;
      readonly side: 'a' | 'b';
      /** Node with the page's socket. */
      readonly node: string;
    }
  /** The call is interrupted for the user. Noted again when the reason changes. */
  | {
      readonly event: 'interrupted';
      readonly person: string;
      readonly match: string;
      readonly why: Interruption;
    }
  | { readonly event: 'continued'; readonly person: string; readonly match: string }
  | {
      readonly event: 'said';
      readonly person: string;
      readonly match: string;
      readonly text: string;
    }
  /** The user ends the call. */
  | { readonly event: 'left'; readonly person: string; readonly match: string }
  /** The call is over for the user. `lines` are the accepted lines, as the page shows them. */
  | {
      readonly event: 'ended';
      readonly person: string;
      readonly match: string;
      readonly reason: EndReason;
      /** Why the node refused to restore the call, if it did. */
      readonly refusal?: string;
      readonly lines: readonly string[];
    }
  | {
      readonly event: 'reported';
      readonly person: string;
      readonly match: string;
      readonly code: string;
    }
  | { readonly event: 'blocked'; readonly person: string; readonly match: string }
  /** A report in the store, read after the run. */
  | {
      readonly event: 'row';
      readonly code: string;
      readonly match: string;
      readonly by: string;
    }
  /** A moderator has suspended the user; the store has committed it. */
  | { readonly event: 'suspended'; readonly person: string }
  | { readonly event: 'shut-out'; readonly person: string }
  /** A process of the run waited for a processor for so long, up to now. */
  | { readonly event: 'slow'; readonly ms: number }
  | { readonly event: 'fault'; readonly round: number; readonly target: string }
  | { readonly event: 'healed'; readonly round: number }
  /** Everybody who may meet is in a call from here on, or the run has failed. */
  | { readonly event: 'settled'; readonly round: number }
);

export type EventOf<Name extends ChaosEvent['event']> = Extract<ChaosEvent, { event: Name }>;

type WithoutTime<E> = E extends ChaosEvent ? Omit<E, 'at'> : never;

/** Collects the events of a run. */
export class History {
  readonly events: ChaosEvent[] = [];
  readonly #startedMs = performance.now();

  get nowMs(): number {
    return performance.now() - this.#startedMs;
  }

  note(event: WithoutTime<ChaosEvent>): void {
    this.events.push({ at: Math.round(this.nowMs * 10) / 10, ...event });
  }

  add(event: ChaosEvent): void {
    this.events.push(event);
  }

  toText(): string {
    return this.events
      .toSorted((one, other) => one.at - other.at)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join('');
  }
}

/** @throws SyntaxError if a line is no JSON */
export function readHistory(text: string): readonly ChaosEvent[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ChaosEvent);
}

/** Text of a chat line, which names its sender and its call, so that a stray line is found. */
export function lineText(person: string, match: string, count: number): string {
  return `${person} says ${count} in ${match}`;
}
