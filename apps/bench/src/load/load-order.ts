import type { GeneratorLoad } from './generator.ts';
import type { Said } from './load-client.ts';

export type ContenderName = 'ours' | 'bare-ws' | 'bare-tcp';

/** A command to a load process, for the clients of one group. */
export type Order =
  /** Adds clients that do nothing yet; `first` is the index of the first of them. */
  | {
      readonly do: 'add';
      readonly kind: ContenderName;
      readonly port: number;
      readonly first: number;
      readonly count: number;
    }
  /** Fetches what they need before they may connect. */
  | { readonly do: 'prepare' }
  /** Connects all of them. */
  | { readonly do: 'open' }
  /** All ask for somebody; done once each has. */
  | { readonly do: 'pair' }
  /** Each connects and asks for somebody as soon as it may; done once each has. */
  | { readonly do: 'arrive' }
  /** The same by the clock, spread over such a time, however many are still on their way. */
  | { readonly do: 'flash'; readonly overMs: number }
  /** Each connects, asks for somebody, and goes once it has; the group is empty then. */
  | { readonly do: 'churn' }
  /** Each says something every so often, one after the other. */
  | {
      readonly do: 'talk';
      readonly said: Said;
      readonly everyMs: number;
      readonly durationMs: number;
    }
  /** Such a part of all reports the stranger of its call, one after the other; each does so once. */
  | { readonly do: 'report'; readonly part: number; readonly durationMs: number }
  /** Each goes on to the next person at once, until it has searched so often. */
  | { readonly do: 'storm'; readonly searches: number }
  /** All go; the group is empty then. */
  | { readonly do: 'leave' };

/** The result of an order. Counts of several processes add up; of generators the worst counts. */
export interface Tally {
  /** Clients that did it; in a storm, clients that were matched, each as often as it was. */
  readonly done: number;
  readonly lost: number;
  /** Messages that the schedule asked for, that were sent, and that came. */
  readonly planned: number;
  readonly sent: number;
  readonly delivered: number;
  /** In a flash, how often somebody was turned away at the door, and came again. */
  readonly refused: number;
  /**
   * In a flash, for each from their time to come to their match; in a storm, from the end that one
   * asked for to the moment in which the other was told, where both are of this process.
   */
  readonly timesMs: readonly number[];
  readonly generator: GeneratorLoad;
  readonly elapsedMs: number;
}
