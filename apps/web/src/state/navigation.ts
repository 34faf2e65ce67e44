import type { Mode } from '@farandole/protocol/fields';
import { houseTexts } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { CallRunner } from '../call/call-runner.ts';
import { modeOf, type RejoinableCall, type Wishes } from '../call/call-state.ts';
import type { Devices } from '../devices/devices.ts';
import { type Guard, isFitToBeSeen, watchOwnCamera } from '../shield/guard.ts';
import type { OwnCheckReport, OwnCheckState } from '../shield/own-check.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { ServerView } from '../signal/link-view.ts';
import type { Scheduler } from '../signal/ports.ts';
import { changedSince, type Rule } from '../ui/rule-list.ts';
import {
  type ChosenPreferences,
  FIRST_POLICY_VERSION,
  type PreferencesModel,
  wishesOf,
} from './preferences-model.ts';
import { Rejoin } from './rejoin.ts';
import type { Route, RulesView, WishFault } from './screen.ts';

export interface NavigationPorts {
  readonly preferences: PreferencesModel;
  readonly devices: Devices;
  readonly guard: Pick<Guard, 'prepare' | 'watchOwn' | 'own'>;
  readonly runner: CallRunner;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly scheduler: Scheduler;
  readonly rules: readonly Rule[];
  readonly send: (message: Outgoing) => boolean;
  /** Closes the settings without restarting the search, which restarts anyway. */
  readonly leaveSettings: () => void;
}

const LANDING: Route = { at: 'landing' };

/** The user's route: rules and age once, green room once, queue, next peer, and back. */
export class Navigation {
  readonly rejoin: Rejoin;
  /** Own-picture check, in the green room and before the queue. */
  readonly ownCheck: ReadonlySignal<OwnCheckReport>;
  /** Null outside the rules. */
  readonly rules: ReadonlySignal<RulesView | null>;
  readonly #ports: NavigationPorts;
  readonly #place = signal<Route>(LANDING);
  readonly #ageRefused = signal(false);
  readonly #wishFault = signal<WishFault | null>(null);
  readonly #continuing = signal(false);
  #mode: Mode = 'video';
  /** The call to return to; null to go to the queue. */
  #backTo: RejoinableCall | null = null;
  /** Devices are requested outside the green room. */
  #onTheWay = false;
  /** Incremented when the user goes elsewhere; answers to older requests are ignored. */
  #generation = 0;

  constructor(ports: NavigationPorts) {
    this.#ports = ports;
    this.rejoin = new Rejoin({ ...ports, begin: (kept) => this.#goBackTo(kept) });
    this.ownCheck = computed(() => ({
      ...ports.guard.own.value,
      continuing: this.#continuing.value,
    }));
    this.rules = computed(() => {
      const place = this.#place.value;
      return place.at === 'rules' ? place.rules : null;
    });
  }

  get place(): ReadonlySignal<Route> {
    return this.#place;
  }

  /** The user stated an age under 18, now or on an earlier visit. */
  get ageRefused(): ReadonlySignal<boolean> {
    return this.#ageRefused;
  }

  get wishFault(): ReadonlySignal<WishFault | null> {
    return this.#wishFault;
  }

  /** Wishes of the next search, in the last requested mode. */
  get wishes(): Wishes {
    return wishesOf(this.#ports.preferences.value.value, this.#mode);
  }

  preferencesChanged({ startsWithCameraOff, startsMuted }: Partial<ChosenPreferences>): void {
    this.#wishFault.value = null;
    // In the green room a change applies at once.
    if (this.#place.value.at !== 'green-room') return;
    const devices = this.#ports.devices.loaded;
    if (startsWithCameraOff !== undefined) devices?.setOn('video', !startsWithCameraOff);
    if (startsMuted !== undefined) devices?.setOn('audio', !startsMuted);
  }

  start(mode: Mode): void {
    if (this.#ports.runner.state.value.state !== 'idle' || this.#ageRefused.value) return;
    this.#mode = mode;
    this.#backTo = null;
    this.#wishFault.value = null;
    if (mode === 'video') this.#ports.devices.prepare();
    const { rulesVersion, houseVersion } = this.#ports.preferences.value.value;
    const policyVersion = this.#ports.server.value?.policyVersion ?? rulesVersion;
    const isHouseNew = this.#houseVersion(houseVersion) !== houseVersion;
    if (rulesVersion === 0) this.#showRules('first-time', 0);
    else if (rulesVersion !== policyVersion || isHouseNew) this.#showRules('changed', rulesVersion);
    else this.#afterRules(mode);
  }

  acceptRules(): void {
    const place = this.#place.value;
    if (place.at !== 'rules') return;
    const policyVersion = this.#policyVersion();
    const { houseVersion, houseText } = this.#ports.preferences.value.value;
    const house = this.#ports.server.value?.houseRules ?? null;
    this.#ports.preferences.set({
      rulesVersion: policyVersion,
      houseVersion: this.#houseVersion(houseVersion),
      houseText: house === null ? houseText : houseTexts(house),
    });
    this.#ports.send({ type: 'age.declare', answer: 'adult', policyVersion });
    this.#afterRules(place.rules.mode);
  }

  declareMinor(): void {
    this.#sayMinor();
    this.refuseAge();
  }

  /** The server is for adults and doesn't ask again. */
  refuseAge(): void {
    const runner = this.#ports.runner;
    batch(() => {
      this.#ageRefused.value = true;
      this.#ports.preferences.set({ rulesVersion: 0 });
      runner.dispatch({ event: 'stop' });
      // A Stop may be ignored as half of a double click; this event isn't a press.
      if (runner.state.value.state !== 'idle') runner.dispatch({ event: 'page-hidden' });
      this.#goTo(LANDING);
    });
  }

  /** A session knows nothing of older ones, so the page repeats its statements. */
  sessionOpened({ age, rejoin }: ServerMessageOf<'session.opened'>): void {
    this.rejoin.sessionOpened(rejoin);
    if (age.refused) {
      this.refuseAge();
    } else if (this.#ageRefused.value) {
      this.#sayMinor();
    } else if (age.state === 'unknown') {
      const { rulesVersion } = this.#ports.preferences.value.value;
      const policyVersion = this.#policyVersion();
      if (rulesVersion !== policyVersion) return;
      this.#ports.send({ type: 'age.declare', answer: 'adult', policyVersion });
    }
  }

  /** The server requires the rules before a search. */
  askRules(why: 'age-required' | 'policy-changed'): void {
    const { rulesVersion } = this.#ports.preferences.value.value;
    this.#ports.preferences.set({ rulesVersion: 0 });
    this.#showRules(why === 'policy-changed' ? 'changed' : 'asked-by-server', rulesVersion);
  }

  wishRefused(wish: WishFault): void {
    this.#wishFault.value = wish;
    this.#goTo(LANDING);
  }

  /** @param mode `text` also from a green room without devices */
  continueToQueue(mode: Mode = 'video'): void {
    if (this.#place.value.at !== 'green-room') return;
    if (mode === 'video') {
      if (this.#ports.devices.view.value.state !== 'ready') return;
      this.#ports.preferences.set({ greenRoomPassed: true });
      void this.#searchOnceChecked();
      return;
    }
    this.#search(mode);
  }

  /** Prepares the search and checks the own picture. */
  devicesChanged(): void {
    if (this.#place.value.at !== 'green-room' && !this.#onTheWay) return;
    const { devices, guard, runner } = this.#ports;
    watchOwnCamera(guard, devices);
    if (devices.view.value.state !== 'ready') return;
    guard.prepare();
    runner.warm();
  }

  /** Switches mode during a search or after a call. For video it needs a user gesture. */
  searchBy(mode: Mode): void {
    const runner = this.#ports.runner;
    const current = modeOf(runner.state.value);
    if (current === null || current === mode) return;
    this.#ports.leaveSettings();
    // One batch, so that the landing doesn't appear in between.
    batch(() => {
      runner.dispatch({ event: 'stop' });
      if (runner.state.value.state !== 'idle') return;
      this.home();
      this.start(mode);
      if (mode === 'video' && this.#place.value.at === 'landing') this.#showGreenRoom();
    });
  }

  /** In a call a second press within 3 s confirms "Really?". After a call it searches. */
  next(): void {
    this.#goOn('next');
  }

  /** Esc: `next` in and after a call, `stop` while searching. */
  escape(): void {
    this.#goOn('escape');
    this.#homeIfIdle();
  }

  /** Ends the search or call at once, even without a server. */
  stop(): void {
    this.#ports.runner.dispatch({ event: 'stop' });
    this.#homeIfIdle();
  }

  /** Opens the landing. Does nothing in a search or call. */
  home(): void {
    const runner = this.#ports.runner;
    if (runner.state.value.state === 'ended') runner.dispatch({ event: 'stop' });
    this.#homeIfIdle();
  }

  #homeIfIdle(): void {
    if (this.#ports.runner.state.value.state !== 'idle') return;
    this.#wishFault.value = null;
    this.#backTo = null;
    this.#goTo(LANDING);
  }

  #goOn(event: 'next' | 'escape'): void {
    const { devices } = this.#ports;
    const runner = this.#ports.runner;
    if (runner.state.value.state === 'ended' && this.#mode === 'video') {
      if (this.#onTheWay) return;
      if (devices.view.value.state === 'not-asked') {
        // After a call the camera is off, so this reopens the same devices and queues.
        this.#backTo = null;
        void this.#askOnTheWay(() => devices.restart());
        return;
      }
    }
    runner.dispatch({ event, wishes: this.wishes });
  }

  /** "Rejoin": like a returning user, through the devices, then into the call. */
  #goBackTo(kept: RejoinableCall): void {
    if (this.#ports.runner.state.value.state !== 'idle' || this.#ageRefused.value) return;
    this.#mode = kept.mode;
    this.#backTo = kept;
    if (kept.mode === 'text') {
      this.#takeUp(kept);
      return;
    }
    this.#ports.devices.prepare();
    void this.#askOnTheWay();
  }

  #policyVersion(): number {
    return this.#ports.server.value?.policyVersion ?? FIRST_POLICY_VERSION;
  }

  /** The house rules' version; `agreedTo` where there are none to agree to. */
  #houseVersion(agreedTo: number): number {
    return this.#ports.server.value?.houseRules?.version ?? agreedTo;
  }

  #sayMinor(): void {
    const policyVersion = this.#policyVersion();
    this.#ports.send({ type: 'age.declare', answer: 'minor', policyVersion });
  }

  #showRules(why: RulesView['why'], agreedTo: number): void {
    const changed =
      why === 'changed' ? changedSince(agreedTo, this.#ports.rules).map(({ name }) => name) : [];
    this.#goTo({ at: 'rules', rules: { mode: this.#mode, why, changed } });
  }

  #afterRules(mode: Mode): void {
    if (mode === 'text') this.#search(mode);
    else if (!this.#ports.preferences.value.value.greenRoomPassed) this.#goTo({ at: 'green-room' });
    else void this.#askOnTheWay();
  }

  /** A returning user sees the green room only if the browser is slow or refuses. */
  async #askOnTheWay(ask = () => this.#ports.devices.ask()): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const show = (): void => {
      if (generation === this.#generation) this.#showGreenRoom();
    };
    const cancel = this.#ports.scheduler.after(ASKING_SHOWS_AFTER_MS, show);
    this.#onTheWay = true;
    const given = await ask();
    if (given && generation === this.#generation) await this.#searchOnceChecked();
    cancel();
    show();
  }

  #showGreenRoom(): void {
    batch(() => {
      this.#place.value = { at: 'green-room' };
      const runner = this.#ports.runner;
      // Leaves the ended call for this screen. Not a press, since a Stop may come too soon.
      if (runner.state.value.state === 'ended') runner.dispatch({ event: 'page-hidden' });
    });
  }

  /** Queues once the own picture passed the check. */
  async #searchOnceChecked(): Promise<void> {
    if (this.#continuing.value) return;
    const generation = this.#generation;
    this.#continuing.value = true;
    const checked = await this.#ownChecked();
    if (generation !== this.#generation) return;
    this.#continuing.value = false;
    if (!isFitToBeSeen(checked)) return;
    if (this.#backTo === null) this.#search('video');
    else this.#takeUp(this.#backTo);
  }

  /** Resolves with the first state that isn't waiting. */
  #ownChecked(): Promise<OwnCheckState> {
    const { promise, resolve } = Promise.withResolvers<OwnCheckState>();
    const stop = effect(() => {
      const { state } = this.#ports.guard.own.value;
      if (state !== 'waiting' && state !== 'checking') resolve(state);
    });
    return promise.finally(stop);
  }

  #takeUp(kept: RejoinableCall): void {
    this.#forgetQuestions();
    this.#place.value = LANDING;
    this.rejoin.forget();
    this.#ports.runner.dispatch({ event: 'rejoin', kept, wishes: this.wishes });
  }

  #search(mode: Mode): void {
    this.#mode = mode;
    this.#forgetQuestions();
    // A new search abandons the old call.
    this.rejoin.decline();
    this.#place.value = LANDING;
    // Text needs no camera, so devices and pending requests are released.
    if (mode === 'text') this.#ports.devices.release();
    this.#ports.runner.dispatch({ event: 'start', wishes: this.wishes });
  }

  #goTo(place: Route): void {
    this.#forgetQuestions();
    batch(() => {
      this.#place.value = place;
      // The landing uses no camera.
      if (place.at === 'landing') this.#ports.devices.release();
    });
    // Open devices send no further event.
    if (place.at === 'green-room') this.devicesChanged();
  }

  #forgetQuestions(): void {
    this.#generation += 1;
    this.#onTheWay = false;
    this.#continuing.value = false;
    this.#ports.guard.watchOwn(null);
  }
}

/** If devices open within this time, the green room isn't shown. */
export const ASKING_SHOWS_AFTER_MS = 400;
