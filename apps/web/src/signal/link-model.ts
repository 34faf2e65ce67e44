import type { IceServersReply } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import { ONLINE_SHOWN_FROM } from './limits.ts';
import type { LinkView, ServerView } from './link-view.ts';
import { PlannedStop } from './planned-stop.ts';
import { SignalClient, type SignalPorts } from './signal-client.ts';
import type { RoutedMessage, SignalState } from './signal-state.ts';

export interface LinkPorts extends SignalPorts {
  /** False if the browser has no WebSocket, and then the link never opens. */
  readonly socketsSupported: boolean;
}

/** Receives the messages that features handle instead of the link. */
export type FeatureMessage = Exclude<
  RoutedMessage,
  { readonly type: 'online.count' | 'server.moving' }
>;

export interface LinkListener {
  stateChanged(state: SignalState): void;
  readonly iceServers: (ice: IceServersReply) => void;
  sessionOpened(opened: ServerMessageOf<'session.opened'>): void;
  message(message: FeatureMessage): void;
  /** Called when the server's announced stop begins. */
  moved(): void;
}

export class LinkModel {
  readonly client: SignalClient;
  readonly state: ReadonlySignal<SignalState>;
  readonly isOnline: ReadonlySignal<boolean>;
  /** Completed part of a long proof of work, from 0 to 1. Null while no long proof runs. */
  readonly proving: ReadonlySignal<number | null>;
  readonly view: ReadonlySignal<LinkView>;
  /** Facts about the server; `null` before the server's first reply. */
  readonly server: ReadonlySignal<ServerView | null>;
  /** Number of users online; `null` if it is unknown or below `ONLINE_SHOWN_FROM`. */
  readonly online: ReadonlySignal<number | null>;
  readonly #socketsSupported: boolean;
  readonly #listener: LinkListener;
  readonly #plannedStop: PlannedStop;
  readonly #server = signal<ServerView | null>(null);
  readonly #count = signal<number | null>(null);

  constructor(ports: LinkPorts, listener: LinkListener) {
    const { connectivity, scheduler, socketsSupported } = ports;
    const state = signal<SignalState>({ state: 'stopped', reason: null });
    const proving = signal<number | null>(null);
    const network = signal(connectivity.online());
    connectivity.listen(() => {
      network.value = connectivity.online();
    });
    this.#socketsSupported = socketsSupported;
    this.#listener = listener;
    this.#plannedStop = new PlannedStop(scheduler, () => listener.moved());
    this.client = new SignalClient(ports, {
      stateChanged: (next) =>
        batch(() => {
          state.value = next;
          listener.stateChanged(next);
        }),
      ticketGiven: (reply) => {
        this.#server.value = reply.server;
      },
      proving: (share) => {
        proving.value = share;
      },
      iceServers: listener.iceServers,
      sessionOpened: (opened) => this.#sessionOpened(opened),
      message: (message) => this.#receive(message),
    });
    const { moving } = this.#plannedStop;
    this.state = state;
    this.proving = proving;
    this.server = this.#server;
    this.isOnline = computed(() => state.value.state === 'online');
    this.view = computed(() => linkViewOf(state.value, network.value, moving.value));
    this.online = computed(() => {
      const count = this.isOnline.value ? this.#count.value : null;
      return count === null || count < ONLINE_SHOWN_FROM ? null : count;
    });
  }

  /**
   * Opens the link to the server, or retries at once. Does nothing while connected.
   * @param isNewPage true to take over the call of an earlier page, even after a session
   */
  start(isNewPage = false): void {
    if (this.#socketsSupported) this.client.start(isNewPage);
  }

  #sessionOpened(opened: ServerMessageOf<'session.opened'>): void {
    this.#plannedStop.forget();
    const server = this.#server.value;
    if (server !== null) this.#server.value = { ...server, policyVersion: opened.policyVersion };
    this.#listener.sessionOpened(opened);
  }

  #receive(message: RoutedMessage): void {
    if (message.type === 'online.count') this.#count.value = message.online;
    else if (message.type === 'server.moving') this.#plannedStop.announce(message.deadlineMs);
    else this.#listener.message(message);
  }
}

/**
 * @param network whether the browser reports that it is online; only the report "offline" is
 * reliable
 */
function linkViewOf(state: SignalState, network: boolean, moving: boolean): LinkView {
  switch (state.state) {
    case 'online':
      return { state: 'online', moving };
    case 'stopped':
      return { state: state.reason === null ? 'connecting' : 'down', moving };
    case 'connecting':
    case 'reconnecting':
      return { state: network ? state.state : 'offline', moving };
    default:
      return state satisfies never;
  }
}
