import type { Mode } from '@farandole/protocol/fields';

/** What a tab was doing when it handed over to another tab. */
export type HandedOver =
  | { readonly what: 'call' }
  | { readonly what: 'search'; readonly mode: Mode }
  | { readonly what: 'nothing' };

export type TabMessage =
  /** Asks the busy tab to hand over its search or call. */
  | { readonly tab: 'move' }
  /** The busy tab has closed its link to the server. */
  | { readonly tab: 'handed-over'; readonly activity: HandedOver }
  /** Asks the busy tab to come to the front. */
  | { readonly tab: 'show' }
  /** A tab has become busy. */
  | { readonly tab: 'busy' };

/**
 * The tabs of this site in one browser profile. A tab is busy while it searches or is in a call.
 * The browser knows which tab is busy, also after a crash.
 */
export interface Tabs {
  /** Never rejects. */
  isBusyElsewhere(): Promise<boolean>;
  /** Resolves when no tab is busy. */
  untilFree(): Promise<void>;
  /**
   * Marks this tab as the busy one, even if another tab is.
   * @param lost called if another tab takes the mark
   */
  occupy(lost: () => void): void;
  free(): void;
  send(message: TabMessage): void;
  listen(received: (message: TabMessage) => void): void;
  /** Brings this tab to the front. Most browsers ignore it without a user gesture. */
  focus(): void;
}
