import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { CallState } from '../call/call-state.ts';
import type { LinkModel } from '../signal/link-model.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { Navigation } from './navigation.ts';
import type { HandedOver, TabMessage, Tabs } from './tabs.ts';

export interface TabsModelPorts {
  /** Null if the browser can't tell. The server then keeps the newest tab and closes the other. */
  readonly tabs: Tabs | null;
  readonly scheduler: Scheduler;
  readonly hidden: ReadonlySignal<boolean>;
  readonly callState: ReadonlySignal<CallState>;
  readonly link: Pick<LinkModel, 'state' | 'start'> & {
    readonly client: Pick<LinkModel['client'], 'leave' | 'letGo'>;
  };
  readonly navigation: Pick<Navigation, 'start' | 'rejoin' | 'place'>;
  /** Ends the search or call on this page, and closes the devices. */
  readonly end: () => void;
  /** Reads what other tabs stored, such as that the user accepted the rules. */
  readonly readAgain: () => void;
}

/**
 * Whether another tab is busy with a search or call:
 * - `no`: it isn't, or this browser can't tell;
 * - `asks`: it is, and the user chooses between the tabs;
 * - `moving`: this tab takes over.
 */
type Elsewhere = 'no' | 'asks' | 'moving';

/** A tab that doesn't answer within this time in ms is frozen. */
export const ANSWER_WITHIN_MS = 5_000;
/** Time in ms after which a closing socket counts as closed. */
const CLOSED_WITHIN_MS = 1_000;
/** Time in ms after which the page shows the state of the link instead of the move. */
const OPENS_WITHIN_MS = 10_000;
/** Time in ms within which a search or call continues after a move. */
const GOES_ON_WITHIN_MS = 60_000;
/** Time in ms after which the page stops saying that it moves something here. */
const MOVING_SHOWN_MS = 1_000;
/**
 * A tab reclaims its session at most once in this time in ms, because another browser may use the
 * same cookies.
 */
const RECLAIMS_EVERY_MS = 60_000;
const BLINK_MS = 1_000;
const BLINKS_MAX = 20;

/**
 * Lets one tab of a browser profile meet people. Other tabs open no session while that tab
 * searches or is in a call, because the server would end it.
 */
export class TabsModel {
  readonly #ports: TabsModelPorts;
  readonly #elsewhere = signal<Elsewhere>('no');
  readonly #pointed = signal(false);
  readonly #blinks = signal(0);
  readonly #isBusy: ReadonlySignal<boolean>;
  #awaited: HandedOver | null = null;
  /** What this tab takes up because the other tab hasn't answered. Null once it is too late. */
  #guess: HandedOver | null = null;
  #isHandingOver = false;
  #mayReclaim = true;
  #cancelAnswer: (() => void) | null = null;
  #cancelBlink: (() => void) | null = null;
  #isOpened = false;

  constructor(ports: TabsModelPorts) {
    this.#ports = ports;
    const { tabs, callState, navigation } = ports;
    this.#isBusy = computed(
      () => isBusy(callState.value) || navigation.rejoin.offer.value !== null,
    );
    if (tabs === null) return;
    tabs.listen((message) => this.#receive(message));
    effect(() => {
      const busy = this.#isBusy.value;
      untracked(() => (busy ? this.#becomeBusy() : this.#becomeIdle()));
    });
    effect(() => {
      const goesOn = isBusy(callState.value) || navigation.place.value.at !== 'landing';
      if (goesOn) untracked(() => this.#arrived());
    });
  }

  get elsewhere(): ReadonlySignal<Elsewhere> {
    return this.#elsewhere;
  }

  /** Whether the user asked where the other tab is. */
  get pointed(): ReadonlySignal<boolean> {
    return this.#pointed;
  }

  /** True every other second while the user looks for this tab. */
  readonly calls = computed(() => this.#blinks.value % 2 === 1);

  get supported(): boolean {
    return this.#ports.tabs !== null;
  }

  /** Opens the link to the server, unless another tab is busy. */
  open(): void {
    this.#isOpened = true;
    if (this.#ports.tabs === null) this.#ports.link.start();
    else void this.#openUnlessBusy();
  }

  /** Called when the user returns to this tab. Another idle tab may have taken the session. */
  returned(): void {
    this.#stopBlinking();
    if (this.#isOpened && this.#isResting()) this.open();
  }

  /** Called when the server closed this tab's session in favour of another tab. */
  async replaced(): Promise<void> {
    const { tabs, callState, link, end } = this.#ports;
    if (!isBusy(callState.peek())) {
      // Without a user action, an idle tab opens no session and shows no question.
      link.client.leave();
      await this.#askIfBusy();
    } else if (await tabs?.isBusyElsewhere()) {
      void this.#ask();
    } else if (this.#mayReclaim) {
      this.#reclaim(activityOf(callState.peek()));
    } else {
      end();
    }
  }

  goThere(): void {
    this.#pointed.value = true;
    this.#ports.tabs?.send({ tab: 'show' });
  }

  /** Moves the other tab's search or call to this tab. */
  moveHere(): void {
    if (this.#elsewhere.value !== 'asks') return;
    this.#elsewhere.value = 'moving';
    this.#ports.tabs?.send({ tab: 'move' });
    // The socket of a frozen tab is lost, so the server may still keep its call.
    this.#cancelAnswer = this.#ports.scheduler.after(ANSWER_WITHIN_MS, () => {
      this.#guess = { what: 'call' };
      this.#takeUp(this.#guess);
    });
  }

  sessionOpened(): void {
    const awaited = this.#awaited;
    if (awaited === null) return;
    this.#awaited = null;
    const { navigation, scheduler } = this.#ports;
    if (awaited.what === 'search') navigation.start(awaited.mode);
    else if (awaited.what === 'call') navigation.rejoin.take();
    scheduler.after(MOVING_SHOWN_MS, () => this.#arrived());
  }

  #arrived(): void {
    if (this.#elsewhere.value === 'moving' && this.#awaited === null) this.#elsewhere.value = 'no';
  }

  #receive(message: TabMessage): void {
    switch (message.tab) {
      case 'move':
        if (this.#isBusy.value) this.#handOver();
        return;
      case 'handed-over':
        if (this.#guess !== null) this.#correct(message.activity);
        else if (this.#elsewhere.value === 'moving' && this.#awaited === null)
          this.#takeUp(message.activity);
        return;
      case 'show':
        if (this.#isBusy.value) this.#show();
        return;
      case 'busy':
        void this.#askIfBusy();
    }
  }

  async #openUnlessBusy(): Promise<void> {
    await this.#askIfBusy();
    if (this.#elsewhere.value === 'no') this.#ports.link.start();
  }

  async #askIfBusy(): Promise<void> {
    const { tabs } = this.#ports;
    if (tabs === null || !(await tabs.isBusyElsewhere())) return;
    if (this.#elsewhere.value === 'no' && !this.#isBusy.value) void this.#ask();
  }

  /** Asks until no other tab is busy. Then this tab opens a session. */
  async #ask(): Promise<void> {
    const { tabs, link, hidden, end } = this.#ports;
    batch(() => {
      this.#pointed.value = false;
      this.#elsewhere.value = 'asks';
      end();
      link.client.leave();
    });
    await tabs?.untilFree();
    if (this.#elsewhere.value !== 'asks') return;
    this.#elsewhere.value = 'no';
    this.#ports.readAgain();
    // A tab in the background must not take the session of the tab that the user looks at.
    if (!hidden.value) link.start();
  }

  #becomeBusy(): void {
    this.#ports.tabs?.occupy(() => this.#lost());
    this.#ports.tabs?.send({ tab: 'busy' });
    if (this.#isResting()) this.#ports.link.start();
  }

  #becomeIdle(): void {
    this.#stopBlinking();
    if (!this.#isHandingOver && this.#awaited === null) this.#ports.tabs?.free();
  }

  /**
   * Opens a new session and continues there. A tab that was still opening its session when this one
   * became busy has replaced this tab's session.
   */
  #reclaim(activity: HandedOver): void {
    this.#mayReclaim = false;
    this.#ports.scheduler.after(RECLAIMS_EVERY_MS, () => {
      this.#mayReclaim = true;
    });
    // Set before the call ends here, so that this tab stays the busy one.
    this.#awaited = activity;
    this.#elsewhere.value = 'moving';
    this.#ports.end();
    this.#takeUp(activity);
  }

  #handOver(): void {
    const { tabs, link, scheduler, callState } = this.#ports;
    const activity = activityOf(callState.value);
    this.#isHandingOver = true;
    let isTold = false;
    const tell = (): void => {
      if (isTold) return;
      isTold = true;
      tabs?.send({ tab: 'handed-over', activity });
    };
    // The link closes before the call ends here. Otherwise the peer would be told that it ended.
    // The other tab waits until the server has closed the socket.
    if (activity.what === 'call') link.client.letGo(tell);
    scheduler.after(activity.what === 'call' ? CLOSED_WITHIN_MS : 0, tell);
    scheduler.after(ANSWER_WITHIN_MS, () => this.#handedOver());
    void this.#ask();
  }

  /** Called when the other tab has the mark, or doesn't take it. */
  #handedOver(): void {
    if (!this.#isHandingOver) return;
    this.#isHandingOver = false;
    this.#ports.tabs?.free();
  }

  #lost(): void {
    this.#handedOver();
  }

  #takeUp(activity: HandedOver): void {
    const { tabs, link, scheduler } = this.#ports;
    this.#cancelAnswer?.();
    this.#cancelAnswer = null;
    this.#awaited = activity;
    this.#ports.readAgain();
    tabs?.occupy(() => this.#lost());
    scheduler.after(GOES_ON_WITHIN_MS, () => {
      if (!this.#isBusy.value) tabs?.free();
    });
    scheduler.after(OPENS_WITHIN_MS, () => {
      if (this.#awaited === activity) this.#elsewhere.value = 'no';
      this.#guess = null;
    });
    link.start(true);
  }

  /** Called when a slow tab answers after this tab guessed what it did. */
  #correct(activity: HandedOver): void {
    const isOpen = this.#awaited !== this.#guess;
    this.#guess = null;
    if (this.#isBusy.value) return;
    this.#awaited = activity;
    if (isOpen) this.sessionOpened();
  }

  #show(): void {
    this.#ports.tabs?.focus();
    this.#stopBlinking();
    this.#blink();
  }

  #blink(): void {
    this.#blinks.value += 1;
    if (this.#blinks.value >= BLINKS_MAX) this.#stopBlinking();
    else this.#cancelBlink = this.#ports.scheduler.after(BLINK_MS, () => this.#blink());
  }

  #stopBlinking(): void {
    this.#cancelBlink?.();
    this.#cancelBlink = null;
    this.#blinks.value = 0;
  }

  /** Whether this tab has no session and doesn't try to open one. */
  #isResting(): boolean {
    const state = this.#ports.link.state.value;
    return this.#elsewhere.value === 'no' && state.state === 'stopped' && state.reason === null;
  }
}

/** Whether a second session would end what the user does. */
export function isBusy({ state }: CallState): boolean {
  return state !== 'idle' && state !== 'ended';
}

function activityOf(state: CallState): HandedOver {
  switch (state.state) {
    case 'searching':
    case 'held':
      return { what: 'search', mode: state.pursuit.wishes.mode };
    case 'ended':
      return { what: 'nothing' };
    // An idle tab is busy only while it offers to rejoin a call.
    case 'idle':
    case 'connecting':
    case 'live':
    case 'confirming-next':
      return { what: 'call' };
    default:
      return state satisfies never;
  }
}
