import type { Clock } from '@farandole/kernel/clock';
import type { Mode } from '@farandole/protocol/fields';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ReportPictures } from '../report/report-pictures.ts';
import type { Guard } from '../shield/guard.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { Call, CallEvent } from './call-state.ts';
import type { IceServers } from './ice-servers.ts';
import { PREPARED_FRESH_MS, WAY_EVERY_MS, WAY_SOON_MS } from './limits.ts';
import { PeerLink, type PeerSignal } from './peer-link.ts';
import { PreparedLink, type ReadyConnection } from './prepared-link.ts';
import type { MeasuredQuality, OpenQualityWatch, QualityWatch } from './quality-watch.ts';
import type {
  Descriptions,
  LocalTracks,
  OpenViewer,
  RtcHandler,
  RtcOptions,
  Viewer,
} from './rtc-handler.ts';

export interface MediaSidePorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rtc: RtcHandler;
  readonly openViewer: OpenViewer;
  readonly guard: Pick<Guard, 'begin' | 'pictureCame' | 'end'>;
  readonly pictures: Pick<ReportPictures, 'begin' | 'end'>;
  readonly iceServers: IceServers;
  readonly tracks: () => LocalTracks;
  readonly policy: () => RtcOptions['policy'];
  readonly relayOnly: () => boolean;
  readonly loadQualityWatch: () => Promise<OpenQualityWatch>;
  readonly canSignal: () => boolean;
  readonly expectsMedia: () => boolean;
  /** Whether to save data by sending the smallest picture in which a face is recognisable. */
  readonly savesData: () => boolean;
  readonly relayKbpsMax: () => number | null;
}

export interface MediaSideEvents {
  event(event: CallEvent): void;
  signal(message: PeerSignal): void;
  /**
   * With `described` both session descriptions are known, and with `connected` media has a route.
   * One moment may be reported several times.
   */
  reached(moment: 'described' | 'connected'): void;
}

export interface MediaOpening {
  readonly call: Call;
  readonly offer: string | null;
  readonly offerUsed: boolean;
}

interface Preparation {
  readonly link: PreparedLink;
  readonly madeAtMs: number;
  readonly tracks: LocalTracks;
  readonly iceServers: IceServers['current'];
  readonly kinds: RtcOptions['kinds'];
  /**
   * True once a ticket contains this connection's offer. The connection must then stay open during
   * the search.
   */
  offered: boolean;
}

const SOUND = ['audio'] as const;
const SOUND_AND_PICTURE = ['audio', 'video'] as const;

function kindsOf(mode: Mode): RtcOptions['kinds'] {
  return mode === 'video' ? SOUND_AND_PICTURE : SOUND;
}

/**
 * Owns the media connections of consecutive calls: the one prepared for the next call, and the one
 * of the current call with the hidden picture that the cover and the shield read.
 */
export class MediaSide {
  readonly #ports: MediaSidePorts;
  readonly #events: MediaSideEvents;
  readonly #remote = signal<PeerLink | null>(null);
  readonly #descriptions = signal<Descriptions | null>(null);
  #prepared: Preparation | null = null;
  #coolings = 0;
  #viewer: Viewer | null = null;
  #link: PeerLink | null = null;
  #watched: PeerLink | null = null;
  readonly #qualityWatch = signal<QualityWatch | null>(null);
  #sent: LocalTracks = { audio: null, video: null };
  #canvas: HTMLCanvasElement | null = null;

  /**
   * The peer's stream. Code that shows this stream must cover it until the user and the shield
   * allow it.
   */
  readonly remoteStream: ReadonlySignal<MediaStream | null> = computed(
    () => this.#remote.value?.remoteStream ?? null,
  );

  readonly remoteSound: ReadonlySignal<MediaStream | null> = computed(
    () => this.#remote.value?.remoteSound ?? null,
  );

  readonly quality: ReadonlySignal<MeasuredQuality | null> = computed(
    () => this.#qualityWatch.value?.quality.value ?? null,
  );

  get descriptions(): ReadonlySignal<Descriptions | null> {
    return this.#descriptions;
  }

  constructor(ports: MediaSidePorts, events: MediaSideEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  /** Prepares the media connection for the next call, unless one is prepared already. */
  warm(mode: Mode): void {
    void this.#loadQualityWatch();
    this.#prepare(kindsOf(mode));
  }

  cool(): void {
    this.#coolings += 1;
    this.#prepared?.link.close();
    this.#prepared = null;
  }

  /** Returns the WebRTC offer for a ticket, or null if the offer isn't ready in time. */
  async offer(mode: Mode): Promise<string | null> {
    const coolings = this.#coolings;
    await this.#ports.iceServers.fresh();
    // The user has stopped the search, so a connection created now would never be closed.
    if (coolings !== this.#coolings) return null;
    const prepared = this.#prepare(kindsOf(mode));
    prepared.offered = true;
    return await prepared.link.offer();
  }

  /** Opens the media connection of a call. Closes the connection of the previous call first. */
  open(opening: MediaOpening): void {
    if (this.#link !== null) this.close();
    try {
      this.#open(opening);
    } catch {
      this.#events.event({ event: 'media-failed' });
    }
  }

  receive(message: PeerSignal): void {
    void this.#link?.receive(message);
  }

  allowDirect(allowed: boolean): void {
    this.#link?.allowDirect(allowed);
  }

  resignal(): void {
    this.#link?.resignal();
  }

  signallingBack(): void {
    this.#link?.signallingBack();
  }

  declineSoundOnly(): void {
    this.#qualityWatch.value?.declineSoundOnly();
  }

  replaceTracks(): void {
    const tracks = this.#ports.tracks();
    for (const kind of ['audio', 'video'] as const) {
      if (tracks[kind] !== this.#sent[kind]) this.#link?.replaceTrack(kind, tracks[kind]);
    }
    this.#sent = tracks;
  }

  close(): void {
    this.#qualityWatch.value?.stop();
    this.#qualityWatch.value = null;
    this.#link?.close();
    this.#link = null;
    this.#ports.guard.end();
    this.#ports.pictures.end();
    this.#viewer?.close();
    this.#viewer = null;
    this.#remote.value = null;
    this.#descriptions.value = null;
  }

  attachCover(canvas: HTMLCanvasElement | null): void {
    this.#canvas = canvas;
    this.#viewer?.drawTo(canvas);
  }

  #open({ call, offer, offerUsed }: MediaOpening): void {
    const viewer = call.mode === 'video' ? this.#openViewer() : null;
    const { scheduler, iceServers, canSignal } = this.#ports;
    const { role } = call;
    const policy = this.#ports.relayOnly() ? 'relay' : call.transport;
    const ready = this.#ready(role, policy, offerUsed, kindsOf(call.mode));
    const link = new PeerLink(
      ready,
      { role, offer, offerUsed, policy, iceServers, scheduler, canSignal },
      {
        send: (message) => this.#events.signal(message),
        described: () => this.#events.reached('described'),
        connected: () => {
          this.#descriptions.value = link.descriptions;
          this.#events.reached('connected');
          this.#events.event({ event: 'media-connected' });
          this.#watchLink(link);
        },
        interrupted: () => this.#events.event({ event: 'media-interrupted' }),
        failed: () => this.#events.event({ event: 'media-failed' }),
        remoteTrack: (track) => viewer?.watch(track),
      },
    );
    this.#link = link;
    this.#remote.value = link;
    this.replaceTracks();
  }

  #openViewer(): Viewer {
    const viewer = this.#ports.openViewer(() => this.#firstFrame(viewer));
    this.#viewer = viewer;
    viewer.drawTo(this.#canvas);
    this.#ports.guard.begin(viewer);
    return viewer;
  }

  #prepare(kinds: RtcOptions['kinds']): Preparation {
    const tracks = this.#ports.tracks();
    const policy = this.#ports.policy();
    const nowMs = this.#ports.clock.monotonicMs();
    const iceServers = this.#ports.iceServers.current;
    const before = this.#prepared;
    if (
      before !== null &&
      before.tracks.audio === tracks.audio &&
      before.tracks.video === tracks.video &&
      before.kinds === kinds &&
      before.link.policy === policy &&
      before.iceServers === iceServers &&
      nowMs - before.madeAtMs < PREPARED_FRESH_MS
    ) {
      return before;
    }
    before?.link.close();
    const { rtc, scheduler } = this.#ports;
    const link = new PreparedLink(rtc, scheduler, { iceServers, policy, tracks, kinds });
    const facts = { link, tracks, iceServers, kinds };
    const prepared: Preparation = { ...facts, madeAtMs: nowMs, offered: false };
    this.#prepared = prepared;
    // A user who doesn't search shouldn't occupy ports and a relay, so the prepared connection is
    // closed.
    scheduler.after(PREPARED_FRESH_MS, () => {
      if (prepared === this.#prepared && !prepared.offered) this.cool();
    });
    return prepared;
  }

  #ready(
    role: RtcOptions['role'],
    policy: RtcOptions['policy'],
    offerUsed: boolean,
    kinds: RtcOptions['kinds'],
  ): ReadyConnection {
    const prepared = this.#prepared;
    this.#prepared = null;
    // If the peer already answered this connection's offer, the connection must be used. Otherwise
    // it is used only if it has the wanted transport policy.
    const fits =
      prepared !== null &&
      prepared.kinds === kinds &&
      (offerUsed || prepared.link.policy === policy);
    const ready = fits ? prepared.link.take(role) : null;
    if (ready !== null) {
      this.#sent = prepared?.tracks ?? this.#sent;
      return ready;
    }
    prepared?.link.close();
    const tracks = this.#ports.tracks();
    this.#sent = tracks;
    const iceServers = this.#ports.iceServers.current;
    const options = { iceServers, policy, certificate: null, tracks, role, kinds };
    return { connection: this.#ports.rtc.connect(options), offer: null, candidates: [] };
  }

  #firstFrame(viewer: Viewer): void {
    if (viewer !== this.#viewer) return;
    this.#ports.guard.pictureCame();
    this.#events.event({ event: 'first-frame' });
    this.#ports.pictures.begin(viewer);
  }

  #watchLink(link: PeerLink): void {
    if (this.#watched === link) return;
    this.#watched = link;
    void this.#watchQuality(link);
    void this.#askWay(link);
  }

  async #watchQuality(link: PeerLink): Promise<void> {
    const open = await this.#loadQualityWatch();
    // If the code of the quality watch fails to load, the call works without it.
    if (link === this.#link && open !== null) this.#qualityWatch.value = open(link, this.#ports);
  }

  #loadQualityWatch(): Promise<OpenQualityWatch | null> {
    return this.#ports.loadQualityWatch().catch(() => null);
  }

  async #askWay(link: PeerLink): Promise<void> {
    const way = await link.way();
    if (link !== this.#link) return;
    if (way !== null) this.#events.event({ event: 'way', way });
    const delayMs = way === null ? WAY_SOON_MS : WAY_EVERY_MS;
    this.#ports.scheduler.after(delayMs, () => {
      if (link === this.#link) void this.#askWay(link);
    });
  }
}
