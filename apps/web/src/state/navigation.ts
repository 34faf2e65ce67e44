import type { Mode } from '@farandole/protocol/fields';
import { houseTexts } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { CallRunner } from '../call/call-runner.ts';
import { type KeptCall, modeOf, type Wishes } from '../call/call-state.ts';
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
import type { Place, RulesView, WishFault } from './screen.ts';

export interface NavigationPorts {
  readonly preferences: PreferencesModel;
  readonly devices: Devices;
  readonly guard: Pick<Guard, 'prepare' | 'watchOwn' | 'own'>;
  readonly runner: CallRunner;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly scheduler: Scheduler;
  readonly rules: readonly Rule[];
  readonly send: (message: Outgoing) => boolean;
  /** Closes the settings; the search begins anew without them. */
  readonly leaveSettings: () => void;
}

const LANDING: Place = { at: 'landing' };

/**
 * Where the person is and how they go on: rules and age once, the green room once, the queue, the
 * next stranger, and back.
 */
export class Navigation {
  /** The call that an older page left, while it may be taken up. */
  readonly rejoin: Rejoin;
  /** The check of one's own picture, in the green room and on the way to the queue. */
  readonly ownCheck: ReadonlySignal<OwnCheckReport>;
  /** Null outside of the rules. */
  readonly rules: ReadonlySignal<RulesView | null>;
  readonly #ports: NavigationPorts;
  readonly #place = signal<Place>(LANDING);
  readonly #ageRefused = signal(false);
  readonly #wishFault = signal<WishFault | null>(null);
  readonly #continuing = signal(false);
  #mode: Mode = 'video';
  /** The call that this way leads back to; null where it leads to the queue. */
  #backTo: KeptCall | null = null;
  /** The devices are asked for outside of the green room. */
  #onTheWay = false;
  /** Grows whenever the person turns elsewhere: an answer to an older question moves nobody. */
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

  get place(): ReadonlySignal<Place> {
    return this.#place;
  }

  /** This person said that they are under age, on this page or on an earlier visit. */
  get ageRefused(): ReadonlySignal<boolean> {
    return this.#ageRefused;
  }

  /** What the server would not take of the last search's wishes. */
  get wishFault(): ReadonlySignal<WishFault | null> {
    return this.#wishFault;
  }

  /** The wishes of the next search, in the mode that was last asked for. */
  get wishes(): Wishes {
    return wishesOf(this.#ports.preferences.value.value, this.#mode);
  }

  /** The person changed what they chose. */
  preferencesChanged({ startsWithCameraOff, startsMuted }: Partial<ChosenPreferences>): void {
    this.#wishFault.value = null;
    // Changed in the green room, it holds for this time too.
    if (this.#place.value.at !== 'green-room') return;
    const devices = this.#ports.devices.loaded;
    if (startsWithCameraOff !== undefined) devices?.setOn('video', !startsWithCameraOff);
    if (startsMuted !== undefined) devices?.setOn('audio', !startsMuted);
  }

  /** "Start video" and "Text only". */
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

  /** This server is for adults, and does not ask again. */
  refuseAge(): void {
    const runner = this.#ports.runner;
    batch(() => {
      this.#ageRefused.value = true;
      this.#ports.preferences.set({ rulesVersion: 0 });
      runner.dispatch({ event: 'stop' });
      // A Stop may be taken for half of a double click; this is no press.
      if (runner.state.value.state !== 'idle') runner.dispatch({ event: 'page-hidden' });
      this.#goTo(LANDING);
    });
  }

  /** A session knows nothing of older ones: what was said on this page is said again. */
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

  /** The server would not search before the rules are agreed to. */
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

  /** A search is near: what it needs is made ready, and one's own picture is checked. */
  devicesChanged(): void {
    if (this.#place.value.at !== 'green-room' && !this.#onTheWay) return;
    const { devices, guard, runner } = this.#ports;
    watchOwnCamera(guard, devices);
    if (devices.view.value.state !== 'ready') return;
    guard.prepare();
    runner.warm();
  }

  /**
   * Searches in the other mode, instead of the search of the moment or after a call. By video, call
   * it from a press.
   */
  searchBy(mode: Mode): void {
    const runner = this.#ports.runner;
    const current = modeOf(runner.state.value);
    if (current === null || current === mode) return;
    this.#ports.leaveSettings();
    // One change: no landing comes in between.
    batch(() => {
      runner.dispatch({ event: 'stop' });
      if (runner.state.value.state !== 'idle') return;
      this.home();
      this.start(mode);
      if (mode === 'video' && this.#place.value.at === 'landing') this.#showGreenRoom();
    });
  }

  /**
   * In a call the first press asks "Really?", and a second within 3 s goes on. After a call it
   * searches.
   */
  next(): void {
    this.#goOn('next');
  }

  /** The Esc key: `next` in and after a call, `stop` while searching. */
  escape(): void {
    this.#goOn('escape');
    this.#homeIfIdle();
  }

  /** Ends the search or the call at once, even when the server is gone. */
  stop(): void {
    this.#ports.runner.dispatch({ event: 'stop' });
    this.#homeIfIdle();
  }

  /** To the landing. Does nothing in a search or a call. */
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
        // Who ended the call has no camera on: the same devices as before, and then the queue.
        this.#backTo = null;
        void this.#askOnTheWay(() => devices.restart());
        return;
      }
    }
    runner.dispatch({ event, wishes: this.wishes });
  }

  /** "Rejoin": as who returns goes to the queue, and then back into the call. */
  #goBackTo(kept: KeptCall): void {
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

  /** Of this house's own rules; `agreedTo` where it has none, of which nobody need be asked. */
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

  /** Who has passed the green room sees it again only where the browser takes its time, or refuses. */
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
      // From the end of a call, which this screen takes the place of. No press: a Stop may be too soon.
      if (runner.state.value.state === 'ended') runner.dispatch({ event: 'page-hidden' });
    });
  }

  /** To the queue, as soon as one's own picture is known to be fit for it. */
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

  /** Resolves with the first word of the check that is no waiting. */
  #ownChecked(): Promise<OwnCheckState> {
    const { promise, resolve } = Promise.withResolvers<OwnCheckState>();
    const stop = effect(() => {
      const { state } = this.#ports.guard.own.value;
      if (state !== 'waiting' && state !== 'checking') resolve(state);
    });
    return promise.finally(stop);
  }

  #takeUp(kept: KeptCall): void {
    this.#forgetQuestions();
    this.#place.value = LANDING;
    this.rejoin.forget();
    this.#ports.runner.dispatch({ event: 'rejoin', kept, wishes: this.wishes });
  }

  #search(mode: Mode): void {
    this.#mode = mode;
    this.#forgetQuestions();
    // Who looks for somebody else has left whom they were with.
    this.rejoin.decline();
    this.#place.value = LANDING;
    // Whoever goes on by text from the green room is filmed, and about to be asked, no longer.
    if (mode === 'text') this.#ports.devices.release();
    this.#ports.runner.dispatch({ event: 'start', wishes: this.wishes });
  }

  #goTo(place: Place): void {
    this.#forgetQuestions();
    batch(() => {
      this.#place.value = place;
      // Nobody is looked at on the landing, so the camera's light goes out.
      if (place.at === 'landing') this.#ports.devices.release();
    });
    // Devices that are there already will not say so again.
    if (place.at === 'green-room') this.devicesChanged();
  }

  /** What was waited for does not matter any more. */
  #forgetQuestions(): void {
    this.#generation += 1;
    this.#onTheWay = false;
    this.#continuing.value = false;
    this.#ports.guard.watchOwn(null);
  }
}

/** A browser that gives the devices within this shows no green room on the way. */
export const ASKING_SHOWS_AFTER_MS = 400;
