import type { PassingClientMessage } from '@farandole/protocol/client-message';
import { SHIELD_DEFAULTS, type ShieldRules } from '@farandole/protocol/shield-rules';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { type LazyModel, lazyModel } from '../base/lazy-model.ts';
import type { Visibility } from '../base/ports.ts';
import { CallModel } from '../call/call-model.ts';
import { isInCall, modeNow } from '../call/call-state.ts';
import { ConnectionCheckModel } from '../call/connection-check-model.ts';
import { IceServers } from '../call/ice-servers.ts';
import type { Invitation } from '../call/invitation.ts';
import type { Reactions } from '../call/reactions.ts';
import { SearchModel } from '../call/search-model.ts';
import { ChatModel } from '../chat/chat-model.ts';
import { StatedAgeModel } from '../chat/stated-age-model.ts';
import { Devices } from '../devices/devices.ts';
import type { BrowserFacts } from '../help/which-browser.ts';
import type { ReportModel } from '../report/report-model.ts';
import { ReportPictures } from '../report/report-pictures.ts';
import { Reporting } from '../report/reporting.ts';
import type { Guard } from '../shield/guard.ts';
import { LazyGuard } from '../shield/lazy-guard.ts';
import { VideoMeanwhile } from '../shield/video-meanwhile.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import { LinkModel } from '../signal/link-model.ts';
import type { SignalState } from '../signal/signal-state.ts';
import { StandingModel } from '../signal/standing-model.ts';
import type { ScreenName } from '../ui/screen-name.ts';
import type { AppPorts } from './app-ports.ts';
import { Navigation } from './navigation.ts';
import { PreferencesModel } from './preferences-model.ts';
import type { Rejoin } from './rejoin.ts';
import { routeMessage } from './route-message.ts';
import { type FaultView, faultOf, saysWay, screenOf, stopScreenOf } from './screen.ts';
import { SettingsModel } from './settings-model.ts';
import { TabsModel } from './tabs-model.ts';

/**
 * The page's logic: one model for each feature, and the connections between models. Models have
 * signals and actions. A signal holds an immutable value, or null while there is nothing to
 * show. An action never throws, and does nothing if it makes no sense in the current state.
 */
export class AppModel {
  readonly screen: ReadonlySignal<ScreenName>;
  /**
   * The fault that the screen `fault` shows or, if the server refused a choice for the search,
   * the landing.
   */
  readonly fault: ReadonlySignal<FaultView | null>;
  readonly browser: BrowserFacts;
  readonly link: LinkModel;
  readonly standing = new StandingModel();
  readonly settings: SettingsModel;
  readonly navigation: Navigation;
  readonly tabs: TabsModel;
  /** Offers to rejoin a call whose page the browser killed. */
  readonly rejoin: Rejoin;
  readonly devices: Devices;
  readonly shield: Guard;
  /** Offers video to a user who writes while the shield loads. */
  readonly videoMeanwhile: VideoMeanwhile;
  readonly connectionCheck: ConnectionCheckModel;
  readonly iceServers: IceServers;
  readonly search: SearchModel;
  readonly call: CallModel;
  /** Reactions, cards and language exchange. Their code loads with the first call. */
  readonly reactions: LazyModel<Reactions>;
  /** The user's invitation to a private meeting. */
  readonly invitation: LazyModel<Invitation>;
  readonly chat: ChatModel;
  readonly statedAge: StatedAgeModel;
  readonly report: ReportModel;
  /** Blocks, and the records of meetings and reports that this device stores. */
  readonly records: Reporting;
  /** Opens notifications and the installation (`systemOf`). By default the browser's. */
  readonly openSystem: AppPorts['openSystem'];

  constructor(ports: AppPorts) {
    const { clock, scheduler, unit } = ports;
    const preferences = new PreferencesModel(ports.store, ports.firstPreferences);
    const send = (message: Outgoing): boolean => this.link.client.send(message);
    const pass = (message: PassingClientMessage): void => this.link.client.pass(message);
    // The link to the server is checked, because the socket may be dead after the page was frozen
    // or a phone slept.
    const hidden = followHidden(ports.visibility, () => {
      this.link.client.doubt();
      this.tabs.returned();
    });
    this.browser = ports.browser;
    this.openSystem = ports.openSystem;
    this.link = new LinkModel(ports, {
      stateChanged: (state) => this.#linkChanged(state),
      iceServers: (ice) => iceServers.take(ice),
      sessionOpened: (opened) => {
        this.standing.sessionOpened();
        this.navigation.sessionOpened(opened);
        this.call.runner.dispatch({ event: 'session-opened' });
        this.records.sessionOpened();
        this.tabs.sessionOpened();
      },
      message: (message) => routeMessage(message, this),
      moved: () => this.call.runner.dispatch({ event: 'moved' }),
    });
    const { server, isOnline, proving } = this.link;
    const iceServers = new IceServers(ports.api, clock, scheduler, () => this.link.client.receipt);
    this.iceServers = iceServers;
    this.devices = new Devices(ports.openDevices, {
      access: ports.devices,
      store: ports.store,
      hidden,
      preferences: preferences.value,
      changed: () => {
        this.call.devicesChanged();
        this.navigation.devicesChanged();
      },
    });
    const rules = (): ShieldRules => server.value?.shield ?? SHIELD_DEFAULTS;
    this.shield = new LazyGuard(() =>
      ports.openGuard({
        ...{ clock, scheduler, unit, openViewer: ports.openViewer, hidden, rules },
        isOff: () => rules().mayBeOff && preferences.value.value.shield === 'off',
      }),
    );
    this.chat = new ChatModel({
      ...{ send, pass, scheduler, freshId: ports.freshId, isOnline },
      isShown: computed(() => this.call.last !== null),
      fetchDetector: async () =>
        (await import('@farandole/protocol/private-details')).privateDetailOf,
    });
    this.statedAge = new StatedAgeModel(this.chat.view, async () => {
      const { statesUnder18 } = await import('../chat/stated-age.ts');
      return (text) => statesUnder18(text, new Date(clock.wallMs()).getFullYear());
    });
    const pictures = new ReportPictures({
      server,
      openPictures: ports.openPictures,
      callState: () => this.call.state.peek(),
    });
    this.records = new Reporting({
      ...{ ...ports, send, isOnline, hidden, pictures },
      lines: () => this.chat.log?.lines ?? [],
      lastCall: () => this.call.last,
      leaveCall: (as) => this.call.runner.dispatch({ event: 'leave', as }),
      setAside: (aside) => this.call.runner.dispatch({ event: 'aside', aside }),
    });
    this.report = this.records.report;
    this.call = new CallModel({
      ...{ ...ports, send, iceServers, server, isOnline, hidden, pictures },
      guard: this.shield,
      devices: this.devices,
      chat: this.chat,
      preferences: preferences.value,
      aftermath: this.records,
      setUrgent: (urgent) => this.link.client.setUrgent(urgent),
      matched: ports.skipMorph,
      askRules: (why) => this.navigation.askRules(why),
      wishRefused: (wish) => this.navigation.wishRefused(wish),
    });
    const { state, nowMs, runner } = this.call;
    this.videoMeanwhile = new VideoMeanwhile({
      mode: computed(() => modeNow(state.value)),
      classifier: this.shield.classifier,
    });
    this.reactions = lazyModel(async () => {
      const part = await import('../call/reactions.ts');
      return new part.Reactions({
        ...{ state, isOnline, clock, scheduler, pass, send },
        ...{ chat: this.chat, devices: this.devices },
        next: () => this.navigation.next(),
        preferences: preferences.value,
        view: this.call.view,
      });
    });
    this.invitation = lazyModel(async () => {
      const part = await import('../call/invitation.ts');
      return new part.Invitation({
        ...{ ...ports, state, isOnline, send },
        waitFor: (meeting) => this.navigation.waitFor(meeting),
      });
    });
    effect(() => {
      this.records.callChanged(state.value);
      if (isInCall(state.value)) this.reactions.prepare();
    });
    this.search = new SearchModel({
      ...{ state, isOnline, proving, nowMs },
      dispatch: (event) => runner.dispatch(event),
    });
    this.navigation = new Navigation({
      ...{ preferences, runner, server, scheduler, send, rules: ports.rules, morph: ports.morph },
      devices: this.devices,
      guard: this.shield,
      leaveSettings: () => this.settings.dismiss(),
    });
    this.rejoin = this.navigation.rejoin;
    this.tabs = new TabsModel({
      ...{ tabs: ports.tabs, scheduler, hidden, callState: state },
      ...{ link: this.link, navigation: this.navigation },
      end: () => {
        this.report.sendNow();
        this.rejoin.forget();
        this.#end();
        runner.ownEnd.forget();
      },
      readAgain: () => preferences.readAgain(),
    });
    this.settings = new SettingsModel({
      ...{ preferences, state },
      wishes: () => this.navigation.wishes,
      dispatch: (event) => runner.dispatch(event),
      changed: (change) => {
        this.navigation.preferencesChanged(change);
        if (change.relayOnly === true) this.call.consentDirect(false);
      },
      forgotten: () => {
        this.devices.forgetChoices();
        this.records.forget();
        this.navigation.home();
      },
    });
    this.screen = computed(() =>
      screenOf({
        socketsSupported: ports.socketsSupported,
        isElsewhere: this.tabs.elsewhere.value !== 'no',
        signalState: this.link.state.value,
        ageRefused: this.navigation.ageRefusal.value !== null,
        callState: state.value,
        place: this.navigation.place.value.at,
      }),
    );
    this.fault = computed(() =>
      faultOf(this.link.state.value, this.screen.value, this.navigation.wishFault.value),
    );
    const wantsCheck = computed(() => isOnline.value && saysWay(this.screen.value, state.value));
    this.connectionCheck = new ConnectionCheckModel({
      ...{ ...ports, iceServers },
      policy: computed(() => (wantsCheck.value ? this.call.policy : null)),
    });
  }

  /**
   * Ends call, search and session at once, because the page unloads or enters the back-forward
   * cache.
   */
  pageHidden(): void {
    this.report.sendNow();
    this.#end();
    this.link.client.leave();
  }

  #linkChanged(state: SignalState): void {
    if (state.state === 'online') this.call.runner.linkBack();
    // The session ended because another tab took over, or because the server refuses this page
    // permanently.
    if (state.state !== 'stopped' || stopScreenOf(state.reason) === null) return;
    if (state.reason === 'replaced' && this.tabs.supported) void this.tabs.replaced();
    else this.#end();
  }

  #end(): void {
    this.call.runner.dispatch({ event: 'page-hidden' });
    this.navigation.home();
  }
}

/** @param returned called each time the page becomes visible again */
function followHidden(visibility: Visibility, returned: () => void): ReadonlySignal<boolean> {
  const hidden = signal(visibility.hidden());
  visibility.listen(() => {
    hidden.value = visibility.hidden();
    if (!hidden.value) returned();
  });
  return hidden;
}
