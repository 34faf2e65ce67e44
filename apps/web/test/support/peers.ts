import { ok, type Result } from '@farandole/kernel/result';
import type { IceServersReply } from '@farandole/protocol/http-api';
import { IceServers } from '../../src/call/ice-servers.ts';
import { PeerLink, type PeerLinkOptions, type PeerSignal } from '../../src/call/peer-link.ts';
import type { ReadyConnection } from '../../src/call/prepared-link.ts';
import { FakeTrack } from '../../src/fakes/fake-media.ts';
import { type FakeConnection, FakeRtcNetwork } from '../../src/fakes/fake-rtc.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import type { Api, ApiFault } from '../../src/signal/ports.ts';

type Role = PeerLinkOptions['role'];

/** Two peer links between which the test delivers signals in order. */
export class PeerPair {
  readonly time = new FakeTime();
  readonly network = new FakeRtcNetwork();
  /** Signals that each link has sent and that aren't delivered yet. */
  readonly queues: Record<Role, PeerSignal[]> = { offerer: [], answerer: [] };
  readonly said: Record<Role, PeerSignal['type'][]> = { offerer: [], answerer: [] };
  readonly told: Record<Role, string[]> = { offerer: [], answerer: [] };
  readonly links: Partial<Record<Role, PeerLink>> = {};
  iceRequests = 0;
  /** If false, each link's signals wait because signalling is down. */
  canSignal = true;
  /** If true, signals are delivered only when the test calls `hear`. */
  isHeld = false;
  readonly #rtc = this.network.handler();

  static async connected(): Promise<PeerPair> {
    const pair = new PeerPair();
    pair.both();
    await pair.time.quiet();
    return pair;
  }

  constructor() {
    this.time.addPump(() => this.#pump());
  }

  connect(role: Role, policy: 'relay' | 'all' = 'all'): FakeConnection {
    this.#rtc.connect({
      iceServers: [],
      policy,
      certificate: null,
      kinds: ['audio', 'video'],
      role,
      tracks: { audio: new FakeTrack('audio'), video: new FakeTrack('video') },
    });
    const connection = this.network.connections.at(-1);
    if (connection === undefined) throw new Error('nothing was connected');
    return connection;
  }

  link(
    role: Role,
    options: Partial<PeerLinkOptions> = {},
    ready: ReadyConnection = { connection: this.connect(role), offer: null, candidates: [] },
  ): PeerLink {
    const api: Api = {
      sessionTicket: () => Promise.reject(new Error('no ticket is asked for here')),
      iceServers: (): Promise<Result<IceServersReply, ApiFault>> => {
        this.iceRequests += 1;
        return Promise.resolve(ok({ iceServers: [], expiresInMs: 600_000 }));
      },
    };
    const tell = (what: string) => (): void => {
      this.told[role].push(what);
    };
    const link = new PeerLink(
      ready,
      {
        role,
        offer: null,
        offerUsed: false,
        policy: 'all',
        iceServers: new IceServers(api, this.time, this.time, () => 'a-session-receipt'),
        scheduler: this.time,
        canSignal: () => this.canSignal,
        ...options,
      },
      {
        send: (signal) => {
          this.said[role].push(signal.type);
          this.queues[role].push(signal);
        },
        described: () => {},
        connected: tell('connected'),
        interrupted: tell('interrupted'),
        failed: tell('failed'),
        remoteTrack: () => {},
      },
    );
    this.links[role] = link;
    return link;
  }

  both(): void {
    this.link('offerer');
    this.link('answerer');
  }

  state(role: Role): RTCPeerConnectionState | undefined {
    return this.network.connections.findLast((connection) => connection.options.role === role)
      ?.state;
  }

  hear(from: Role): boolean {
    const link = this.links[from === 'offerer' ? 'answerer' : 'offerer'];
    const signal = link === undefined ? undefined : this.queues[from].shift();
    if (link === undefined || signal === undefined) return false;
    void link.receive(signal);
    return true;
  }

  #pump(): boolean {
    if (this.isHeld) return false;
    const heard = (['offerer', 'answerer'] as const).map((from) => this.hear(from));
    return heard.includes(true);
  }
}
