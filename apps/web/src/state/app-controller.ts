import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { SessionTicketReply } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { SHIELD_DEFAULTS, type ShieldRules } from '@farandole/protocol/shield-rules';
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { CallRunner } from '../call/call-runner.ts';
import { type Call, type CallEvent, type CallState, isInCall } from '../call/call-state.ts';
import { FirstPicture } from '../call/first-picture.ts';
import { IceServers } from '../call/ice-servers.ts';
import { LateConnectionCheck } from '../call/late-connection-check.ts';
import { LateVideoOffer } from '../call/late-video-offer.ts';
import type { Descriptions } from '../call/rtc-handler.ts';
import { ChatModel } from '../chat/chat-model.ts';
import { LateDevices } from '../devices/late-devices.ts';
import { LatePictures } from '../report/late-pictures.ts';
import { Reporting } from '../report/reporting.ts';
import type { Guard } from '../shield/guard.ts';
import { LateGuard } from '../shield/late-guard.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import { type RoutedMessage, SignalClient, type SignalState } from '../signal/signal-client.ts';
import type {
  AppModel,
  ChosenPreferences,
  DevicesWanted,
  Preferences,
  ScreenName,
  ServerView,
} from './app-model.ts';
import type { AppPorts } from './app-ports.ts';
import { watchHiddenMatch } from './hidden-match.ts';
import { Journey } from './journey.ts';
import { PlannedStop } from './planned-stop.ts';
import { PreferencesModel } from './preferences-model.ts';
import { routeMessage } from './route-message.ts';
import { SettingsSheet } from './settings-sheet.ts';
import { StandingModel } from './standing-model.ts';
import { followHidden, followNetwork } from './surroundings.ts';
import { Ticker } from './ticker.ts';
import {
  callViewOf,
  chatViewOf,
  endedViewOf,
  faultOf,
  linkViewOf,
  relaysFirst,
  rulesViewOf,
  saysWay,
  screenOf,
  searchViewOf,
  shownCountOf,
  stopScreenOf,
} from './views.ts';

/** The page's logic, whole: ties the link, the call, the devices, the chat and the reports. */
export class AppController implements AppModel {
  readonly screen: ReadonlySignal<ScreenName>;
  readonly link: AppModel['link'];
  readonly online: ReadonlySignal<number | null>;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly videoSupported: boolean;
  readonly rejoin: AppModel['rejoin'];
  readonly video: LateVideoOffer;
  readonly preferences: ReadonlySignal<Preferences>;
  readonly storageBlocked: ReadonlySignal<boolean>;
  readonly rules: AppModel['rules'];
  readonly devices: AppModel['devices'];
  readonly deviceChoice: AppModel['deviceChoice'];
  readonly connectionCheck: AppModel['connectionCheck'];
  readonly browser: AppModel['browser'];
  readonly shieldLoad: Guard['classifier'];
  readonly ownCheck: AppModel['ownCheck'];
  readonly search: AppModel['search'];
  readonly call: AppModel['call'];
  readonly ended: AppModel['ended'];
  readonly standing: AppModel['standing'];
  readonly fault: AppModel['fault'];
  readonly chat: AppModel['chat'];
  readonly report: AppModel['report'];
  readonly records: AppModel['records'];
  readonly reportDraft: AppModel['reportDraft'];
  readonly settingsOpen: ReadonlySignal<boolean>;
  readonly firstPicture: AppModel['firstPicture'];
  readonly selfStream: ReadonlySignal<MediaStream | null>;
  readonly peerStream: ReadonlySignal<MediaStream | null>;
  readonly descriptions: ReadonlySignal<Descriptions | null>;

  readonly #ports: AppPorts;
  readonly #client: SignalClient;
  readonly #preferences: PreferencesModel;
  readonly #devices: LateDevices;
  readonly #iceServers: IceServers;
  readonly #runner: CallRunner;
  readonly #chat: ChatModel;
  readonly #reporting: Reporting;
  readonly #journey: Journey;
  readonly #guard: Guard;
  readonly #connectionCheck: LateConnectionCheck;
  readonly #settings: SettingsSheet;
  readonly #plannedStop: PlannedStop;
  readonly #signalState = signal<SignalState>({ state: 'stopped', reason: null });
  readonly #count = signal<number | null>(null);
  readonly #standing = new StandingModel();
  readonly #server = signal<ServerView | null>(null);

  constructor(ports: AppPorts) {
    this.#ports = ports;
    const { clock, scheduler, freshId, openRecords, openBlocks, askOwnData } = ports;
    const network = followNetwork(ports.connectivity);
    // A page that was frozen, or a phone that slept, may hold a socket that is long dead.
    const hidden = followHidden(ports.visibility, () => this.#client.doubt());
    const send = (message: Outgoing): boolean => this.#client.send(message);
    const isOnline = computed(() => this.#signalState.value.state === 'online');
    this.#client = new SignalClient(ports, {
      stateChanged: (state) => this.#linkChanged(state),
      ticketGiven: (reply) => this.#ticketGiven(reply),
      sessionOpened: (opened) => this.#sessionOpened(opened),
      message: (message) => this.#receive(message),
    });
    this.#preferences = new PreferencesModel(ports.store, ports.firstPreferences);
    this.#iceServers = new IceServers(ports.api, clock, scheduler, () => this.#client.receipt);
    this.#devices = new LateDevices(ports.openDevices, {
      access: ports.devices,
      store: ports.store,
      hidden,
      preferences: this.#preferences.value,
      changed: () => {
        this.#runner.devicesChanged();
        this.#journey.devicesChanged();
        this.video.devicesChanged();
      },
    });
    this.#chat = new ChatModel({
      send,
      pass: (message) => this.#client.pass(message),
      scheduler,
      freshId,
      isOnline,
      fetchDetector: async () => (await import('../chat/private-details.ts')).privateDetailOf,
    });
    const callState = (): CallState => this.#runner.state.peek();
    const pictures = new LatePictures({ ...ports, server: this.#server, callState });
    const records = { openRecords, openBlocks, askOwnData, pictures };
    this.#reporting = new Reporting({ send, freshId, scheduler, isOnline, hidden, ...records });
    this.#guard = new LateGuard(() =>
      ports.openGuard({
        clock,
        scheduler,
        openViewer: ports.openViewer,
        hidden,
        rules: () => this.#shieldRules,
        isOff: () => this.#shieldRules.mayBeOff && this.#preferences.value.value.shield === 'off',
      }),
    );
    this.#journey = new Journey({
      preferences: this.#preferences,
      devices: this.#devices,
      guard: this.#guard,
      runner: () => this.#runner,
      server: this.#server,
      scheduler,
      send,
    });
    this.#runner = new CallRunner({
      ...ports,
      send,
      guard: this.#guard,
      pictures,
      isAutomatic: () => this.#preferences.value.value.shield === 'automatic',
      iceServers: this.#iceServers,
      devices: this.#devices,
      chat: this.#chat,
      canSignal: () => isOnline.value,
      policy: () => this.#policy,
      relayOnly: () => this.#relayOnly,
      savesData: () => this.#preferences.value.value.savesData,
      setUrgent: (urgent) => this.#client.setUrgent(urgent),
      reached: (moment) => firstPicture.reached(moment),
      askRules: (why) => this.#journey.askRules(why),
      wishRefused: (wish) => this.#journey.wishRefused(wish),
    });
    this.#settings = new SettingsSheet(this.#journey, this.#runner);
    const { state, peerStream } = this.#runner;
    const [devices, guard, iceServers] = [this.#devices, this.#guard, this.#iceServers];
    const firstPicture = new FirstPicture({ clock, state, guard, peerStream });
    const dispatch = (event: CallEvent): void => this.#runner.dispatch(event);
    const leave = (): void => dispatch({ event: 'leave', as: 'away' });
    this.video = new LateVideoOffer({ state, dispatch, devices, guard, iceServers });
    const { nowMs } = new Ticker(clock, scheduler, state);
    watchHiddenMatch({ scheduler, hidden, state, leave });
    this.#plannedStop = new PlannedStop(scheduler, () => dispatch({ event: 'moved' }));
    const { moving } = this.#plannedStop;

    this.rejoin = this.#journey.rejoin;
    this.browser = ports.browser;
    this.videoSupported = ports.devices.support === 'yes';
    this.preferences = this.#preferences.value;
    this.storageBlocked = this.#preferences.blocked;
    this.server = this.#server;
    this.devices = this.#devices.view;
    this.deviceChoice = this.#devices.choice;
    this.shieldLoad = this.#guard.classifier;
    const { continuing } = this.#journey;
    this.ownCheck = computed(() => ({ ...guard.own.value, continuing: continuing.value }));
    this.selfStream = this.#devices.selfStream;
    this.peerStream = peerStream;
    this.firstPicture = firstPicture.view;
    this.descriptions = this.#runner.descriptions;
    this.chat = computed(() => chatViewOf(state.value, this.#chat.view.value));
    this.report = this.#reporting.view;
    this.records = this.#reporting;
    this.reportDraft = this.#reporting;
    this.settingsOpen = this.#settings.open;
    this.online = computed(() => (isOnline.value ? shownCountOf(this.#count.value) : null));
    this.link = computed(() => linkViewOf(this.#signalState.value, network.value, moving.value));
    this.screen = computed(() =>
      screenOf({
        socketsSupported: ports.socketsSupported,
        signalState: this.#signalState.value,
        ageRefused: this.#journey.ageRefused.value,
        callState: state.value,
        place: this.#journey.place.value.at,
      }),
    );
    const wantsCheck = computed(() => isOnline.value && saysWay(this.screen.value, state.value));
    const policy = computed(() => (wantsCheck.value ? this.#policy : null));
    this.#connectionCheck = new LateConnectionCheck({ ...ports, iceServers, policy });
    this.connectionCheck = this.#connectionCheck.state;
    this.standing = this.#standing.view;
    this.fault = computed(() =>
      faultOf(this.#signalState.value, this.screen.value, this.#journey.wishFault.value),
    );
    this.rules = computed(() => rulesViewOf(this.screen.value, this.#journey.place.value));
    this.search = computed(() => searchViewOf(state.value, isOnline.value, nowMs.value));
    this.call = computed(() =>
      callViewOf(state.value, nowMs.value, {
        shield: this.#guard.stranger.value,
        quality: this.#runner.quality.value,
        camera: this.#devices.view.value.camera,
        mayBeDirect: !this.#relayOnly,
        video: this.video.view.value,
      }),
    );
    effect(() => this.#reporting.callChanged(state.value));
    this.ended = computed(() => endedViewOf(state.value, this.#reporting));
  }

  /** Opens the link early, so that Start costs nothing. */
  start(): void {
    if (this.#ports.socketsSupported) this.#client.start();
  }

  /** The page goes away or into the browser's back-forward cache: everything ends at once. */
  pageHidden(): void {
    this.#reporting.sendNow();
    this.#runner.dispatch({ event: 'page-hidden' });
    this.#client.leave();
    this.#journey.home();
  }

  attachCover(canvas: HTMLCanvasElement | null): void {
    this.#runner.attachCover(canvas);
  }

  // Settings.

  openSettings(): void {
    this.#settings.show();
  }

  closeSettings(): void {
    this.#settings.close();
  }

  setPreferences(change: Partial<ChosenPreferences>): void {
    this.#journey.setPreferences(change);
    if (change.relayOnly === true) this.consentDirect(false);
  }

  forgetChoices(): void {
    if (this.#runner.state.value.state !== 'idle') return;
    this.#preferences.forget();
    this.#devices.forgetChoices();
    this.#reporting.forget();
    this.home();
  }

  // Landing, rules, green room.

  startVideo(): void {
    this.#journey.begin('video');
  }

  startText(): void {
    this.#journey.begin('text');
  }

  acceptRules(): void {
    this.#journey.acceptRules();
  }

  declareMinor(): void {
    this.#journey.declareMinor();
  }

  allowDevices(wanted?: DevicesWanted): void {
    void this.#devices.ask(wanted);
  }

  checkConnection(): void {
    this.#connectionCheck.again();
  }

  continueToQueue(mode: Mode = 'video'): void {
    this.#journey.continueToQueue(mode);
  }

  home(): void {
    if (this.#runner.state.value.state === 'ended') this.#runner.dispatch({ event: 'stop' });
    if (this.#runner.state.value.state === 'idle') this.#journey.home();
  }

  retry(): void {
    this.#client.start();
  }

  // Waiting and call.

  next(): void {
    this.#journey.next('next');
  }

  stop(): void {
    this.#runner.dispatch({ event: 'stop' });
    if (this.#runner.state.value.state === 'idle') this.#journey.home();
  }

  escape(): void {
    this.#journey.next('escape');
    if (this.#runner.state.value.state === 'idle') this.#journey.home();
  }

  anyone(): void {
    this.#runner.dispatch({ event: 'anyone' });
  }

  searchBy(mode: Mode): void {
    if ((this.search.value ?? this.ended.value ?? { mode }).mode === mode) return;
    this.#settings.dismiss();
    this.#journey.searchBy(mode);
  }

  showPeer(): void {
    this.#runner.dispatch({ event: 'cover', cover: 'shown' });
  }

  coverPeer(): void {
    this.#runner.dispatch({ event: 'cover', cover: 'covered' });
  }

  resumePeer(): void {
    if (!this.#shieldRules.mayResume) return;
    this.showPeer();
    this.#guard.resume();
  }

  retryShield(): void {
    this.#guard.retry();
  }

  toggleCamera(): void {
    this.#devices.toggle('video');
  }

  toggleMicrophone(): void {
    this.#devices.toggle('audio');
  }

  restartDevices(): void {
    void this.#devices.restart();
  }

  declineSoundOnly(): void {
    this.#runner.declineSoundOnly();
  }

  consentDirect(allowed: boolean): void {
    if (allowed && this.#relayOnly) return;
    this.#runner.dispatch({ event: 'consent-direct', allowed });
  }

  // Chat.

  setDraft(text: string): void {
    this.#chat.setDraft(text);
  }

  sendLine(): void {
    this.#chat.sendLine();
  }

  retryLine(id: string): void {
    this.#chat.retryLine(id);
  }

  dismissLine(id: string): void {
    this.#chat.dismissLine(id);
  }

  setChatVisible(visible: boolean): void {
    this.#chat.setVisible(visible);
  }

  // Report and block.

  openReport(note = ''): void {
    const call = this.#lastCall();
    if (call === null) return;
    const leave = (): void => this.#runner.dispatch({ event: 'leave', as: 'reported' });
    this.#reporting.open(call, this.#chat.log?.lines ?? [], note, leave);
  }

  sendReport(reason: ReportReason): void {
    this.#reporting.send(reason);
  }

  closeReport(): void {
    this.#reporting.close();
  }

  block(): void {
    const call = this.#lastCall();
    if (call === null) return;
    this.#runner.dispatch({ event: 'leave', as: 'blocked' });
    this.#reporting.ask(call);
  }

  get #relayOnly(): boolean {
    return this.#preferences.value.value.relayOnly;
  }

  /** What a call begins with. */
  get #policy(): 'relay' | 'all' {
    return this.#relayOnly || relaysFirst(this.#server.value) ? 'relay' : 'all';
  }

  /** What the server says, and what holds by default until it has. */
  get #shieldRules(): ShieldRules {
    return this.#server.value?.shield ?? SHIELD_DEFAULTS;
  }

  #lastCall(): Call | null {
    const state = this.#runner.state.value;
    return isInCall(state) || state.state === 'ended' ? state.call : null;
  }

  // The link.

  #linkChanged(state: SignalState): void {
    batch(() => {
      this.#signalState.value = state;
      if (state.state === 'online') this.#runner.linkBack();
      if (state.state !== 'stopped' || stopScreenOf(state.reason) === null) return;
      // Another tab, or the server, ended it for good: so does this side.
      this.#runner.dispatch({ event: 'page-hidden' });
      this.#journey.home();
    });
  }

  #ticketGiven(reply: SessionTicketReply): void {
    this.#server.value = reply.server;
    this.#iceServers.take(reply);
  }

  #sessionOpened(opened: ServerMessageOf<'session.opened'>): void {
    this.#plannedStop.forget();
    this.#standing.sessionOpened();
    const server = this.#server.value;
    if (server !== null) this.#server.value = { ...server, policyVersion: opened.policyVersion };
    this.#journey.sessionOpened(opened);
    this.#runner.dispatch({ event: 'session-opened' });
    this.#reporting.sessionOpened();
  }

  #receive(message: RoutedMessage): void {
    routeMessage(message, {
      count: this.#count,
      plannedStop: this.#plannedStop,
      standing: this.#standing,
      refuseAge: () => this.#journey.refuseAge(),
      chat: this.#chat,
      reporting: this.#reporting,
      rejoin: this.#journey.rejoin,
      call: (heard) => this.#runner.dispatch({ event: 'message', message: heard }),
    });
  }
}
