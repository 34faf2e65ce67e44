import type { Mode } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import { modeOf, type RejoinableCall, type Wishes } from '../call/call-state.ts';
import { isText } from '../call/rungs.ts';
import type { WishFault } from '../call/wish-fault.ts';
import { isFitToBeSeen, ownChecked, watchOwnCamera } from '../shield/guard.ts';
import type { OwnCheckReport } from '../shield/own-check.ts';
import { community } from '../ui/community.ts';
import { changedSince } from '../ui/rule-list.ts';
import { ASKING_SHOWS_AFTER_MS, GreenRoomPass } from './green-room-pass.ts';
import type { AgeRefusal, AgeTold, NavigationPorts } from './navigation-ports.ts';
import { type ChosenPreferences, wishesOf } from './preferences-model.ts';
import { Rejoin } from './rejoin.ts';
import { RulesAgreement } from './rules-agreement.ts';
import type { Route, RulesView } from './screen.ts';

const LANDING: Route = { at: 'landing' };

/** Leads the user through the screens: first rules, age and green room, then queue and calls. */
export class Navigation {
  readonly rejoin: Rejoin;
  /** The check of the user's own picture, in the green room and before the queue. */
  readonly ownCheck: ReadonlySignal<OwnCheckReport>;
  /** The rules that the user must agree to; `null` while no rules are shown. */
  readonly rules: ReadonlySignal<RulesView | null>;
  readonly #ports: NavigationPorts;
  readonly #agreement: RulesAgreement;
  readonly #pass: GreenRoomPass;
  readonly #place = signal<Route>(LANDING);
  readonly #ageRefusal = signal<AgeRefusal | null>(null);
  readonly #wishFault = signal<WishFault | null>(null);
  readonly #continuing = signal(false);
  #mode: Mode = 'video';
  #question: Pick<Wishes, 'role' | 'question'> = {};
  /** The private meeting and the language exchange of the next or running search. */
  #meeting: Wishes['meeting'];
  #exchange: Wishes['exchange'];
  /** The call to rejoin once the devices are open; `null` if a search starts then. */
  #backTo: RejoinableCall | null = null;
  /** True while the page requests camera and microphone without showing the green room. */
  #onTheWay = false;
  /** Number of screen changes so far, so that answers to older device requests are ignored. */
  #generation = 0;

  constructor(ports: NavigationPorts) {
    this.#ports = ports;
    this.#agreement = new RulesAgreement(ports);
    this.#pass = new GreenRoomPass(ports);
    if (ports.preferences.value.value.isUntoldMinor) this.#ageRefusal.value = 'user';
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

  /** Why the user is refused as a minor; `null` if they aren't. */
  get ageRefusal(): ReadonlySignal<AgeRefusal | null> {
    return this.#ageRefusal;
  }

  /** The mode that the user last asked for. */
  get mode(): Mode {
    return this.#mode;
  }

  get wishFault(): ReadonlySignal<WishFault | null> {
    return this.#wishFault;
  }

  /** The user's choices for the next search, with the last requested mode. */
  get wishes(): Wishes {
    const chosen = wishesOf(this.#ports.preferences.value.value, this.#mode);
    const [meeting, exchange] = [this.#meeting, this.#exchange];
    if (meeting !== undefined) return { ...chosen, meeting };
    const ofMode = this.#mode === 'question' ? this.#question : exchange && { exchange };
    return { ...chosen, ...community.value?.wishes, ...ofMode };
  }

  preferencesChanged({ startsWithCameraOff, startsMuted }: Partial<ChosenPreferences>): void {
    this.#wishFault.value = null;
    // In the green room a changed preference for camera or microphone applies at once.
    if (this.#place.value.at !== 'green-room') return;
    const devices = this.#ports.devices.loaded;
    if (startsWithCameraOff !== undefined) devices?.setOn('video', !startsWithCameraOff);
    if (startsMuted !== undefined) devices?.setOn('audio', !startsMuted);
  }

  start(mode: Mode, meeting?: Wishes['meeting'], exchange?: Wishes['exchange']): void {
    if (this.#ports.runner.state.value.state !== 'idle' || this.#ageRefusal.value !== null) return;
    this.#mode = mode;
    this.#meeting = meeting;
    this.#exchange = exchange;
    this.#backTo = null;
    this.#wishFault.value = null;
    if (!isText(mode)) this.#ports.devices.prepare();
    // The shield loads while the user reads the rules and answers the browser's prompt.
    if (mode === 'video') this.#ports.guard.prepare();
    const missing = this.#agreement.missing;
    if (missing !== null) {
      this.#showRules(missing, this.#ports.preferences.value.value.rulesVersion);
    } else if (mode === 'text') this.#search(mode);
    else if (mode === 'video' && this.#pass.isCurrent) {
      void this.#askOnTheWay(() => this.askDevices(), this.#pass.mayStart());
    } else this.#enterGreenRoom();
  }

  /** Must be called in a user gesture, because it requests the devices of a video search. */
  acceptRules(): void {
    const place = this.#place.value;
    if (place.at !== 'rules') return;
    this.#agreement.accept();
    if (place.rules.mode === 'text') this.#search('text');
    else this.#enterGreenRoom();
  }

  declareMinor(): void {
    this.#agreement.declareMinor();
    this.#refuseAge('user', true);
  }

  /** Handles the server's answer. It can lift a device's refusal, but not the user's own answer. */
  ageTold({ refused, byDevice }: AgeTold): void {
    if (refused) this.#refuseAge(byDevice ?? 'user');
    else if (this.#ageRefusal.value !== 'user') this.#ageRefusal.value = null;
  }

  /** Refuses a user as a minor. The page doesn't ask for the age again. */
  #refuseAge(refusal: AgeRefusal, isUntoldMinor = false): void {
    const runner = this.#ports.runner;
    batch(() => {
      this.#ageRefusal.value = refusal;
      this.#ports.preferences.set({ rulesVersion: 0, isUntoldMinor });
      runner.dispatch({ event: 'stop' });
      // `stop` could be ignored as the second click of a double click. `page-hidden` never is.
      if (runner.state.value.state !== 'idle') runner.dispatch({ event: 'page-hidden' });
      this.#goTo(LANDING);
    });
  }

  /**
   * A new session has no data of earlier sessions, so the page sends the age and the accepted
   * rules again.
   */
  sessionOpened({ age, rejoin }: ServerMessageOf<'session.opened'>): void {
    this.rejoin.sessionOpened(rejoin);
    this.ageTold(age);
    if (age.refused) return;
    if (this.#ageRefusal.value !== null) this.#agreement.declareMinor();
    else if (age.state === 'unknown') this.#agreement.declareAgain();
  }

  /** Shows the rules, because the server requires the user to accept them before a search. */
  askRules(why: 'age-required' | 'policy-changed'): void {
    const { rulesVersion } = this.#ports.preferences.value.value;
    this.#ports.preferences.set({ rulesVersion: 0 });
    this.#showRules(why === 'policy-changed' ? 'changed' : 'asked-by-server', rulesVersion);
  }

  wishRefused(wish: WishFault): void {
    this.#wishFault.value = wish;
    if (this.#mode === 'question') this.#enterGreenRoom();
    else this.#goTo(LANDING);
  }

  /** @param mode `text` is also allowed in a green room without devices */
  continueToQueue(mode: Mode = this.#mode): void {
    if (this.#place.value.at !== 'green-room') return;
    if (mode === 'text') this.#search(mode);
    else if (this.#ports.devices.view.value.state === 'ready') {
      if (mode === 'video') this.#pass.take();
      void this.#searchOnceChecked();
    }
  }

  searchQuestion(question: Pick<Wishes, 'role' | 'question'>): void {
    this.#question = question;
    this.#search('question');
  }

  /** Prepares the search and checks the user's own picture. */
  devicesChanged(): void {
    if (this.#place.value.at !== 'green-room' && !this.#onTheWay) return;
    const { devices, guard, runner } = this.#ports;
    const isVideo = this.#mode === 'video';
    if (isVideo) watchOwnCamera(guard, devices);
    if (devices.view.value.state !== 'ready') return;
    if (isVideo) guard.prepare();
    runner.warm(this.#mode);
  }

  /**
   * Changes the mode during a search or after a call. A change to `video` works only during a
   * user gesture.
   */
  searchBy(mode: Mode): void {
    const runner = this.#ports.runner;
    const current = modeOf(runner.state.value);
    if (current === null || current === mode) return;
    this.#ports.leaveSettings();
    // The two changes are one batch, so that the landing doesn't appear between them.
    batch(() => {
      runner.dispatch({ event: 'stop' });
      if (runner.state.value.state !== 'idle') return;
      this.home();
      this.start(mode, undefined, this.#exchange);
      if (mode === 'video' && this.#place.value.at === 'landing') this.#showGreenRoom();
    });
  }

  /** Goes to the next peer. In a call, a second press within `NEXT_CONFIRM_MS` confirms "Really?". */
  next(): void {
    this.#goOn('next');
  }

  /** Asks to meet the peer of the ended call again. The two meet only if both ask. */
  meetAgain(): void {
    const state = this.#ports.runner.state.value;
    if (state.state !== 'ended') return;
    this.#mode = state.call.mode;
    this.#goOn('next', { by: 'again', token: state.call.receipt });
  }

  /** Waits for a private meeting instead of the running search's, or for anyone if it is null. */
  waitFor(meeting: Wishes['meeting'] | null): void {
    this.#meeting = meeting ?? undefined;
    if (meeting === null) this.#exchange = undefined;
    this.#ports.runner.dispatch({ event: 'wishes', wishes: this.wishes });
  }

  /** Handles the key Esc. In and after a call it acts like `next`, during a search like `stop`. */
  escape(): void {
    this.#goOn('escape');
    this.#homeIfIdle();
  }

  /** Ends the search or call at once, even without a link to the server. */
  stop(): void {
    this.#ports.runner.dispatch({ event: 'stop' });
    this.#homeIfIdle();
  }

  /** Opens the landing screen. Does nothing during a search or call. */
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

  #goOn(event: 'next' | 'escape', meeting?: Wishes['meeting']): void {
    this.#meeting = meeting;
    const { devices, runner } = this.#ports;
    const state = runner.state.value;
    if (state.state === 'ended' && !isText(this.#mode)) {
      if (this.#onTheWay) return;
      // A call that went down to a lower mode has closed the camera.
      const lacksCamera = this.#mode === 'video' && state.call.mode !== 'video';
      if (devices.view.value.state === 'not-asked' || lacksCamera) {
        // The camera is off after a call, so the page opens the same devices again before the
        // search.
        this.#backTo = null;
        void this.#askOnTheWay(() => this.askDevices(true));
        return;
      }
    }
    runner.dispatch({ event, wishes: this.wishes });
  }

  /** Handles the button "Rejoin": opens devices as for a returning user, then joins the call. */
  #goBackTo(kept: RejoinableCall): void {
    if (this.#ports.runner.state.value.state !== 'idle' || this.#ageRefusal.value !== null) return;
    this.#mode = kept.mode;
    this.#backTo = kept;
    if (isText(kept.mode)) {
      this.#takeUp(kept);
      return;
    }
    this.#ports.devices.prepare();
    void this.#askOnTheWay(() => this.askDevices());
  }

  /** Requests the devices of the mode. Must be called in a user gesture. */
  askDevices(again = false): Promise<boolean> {
    const { devices } = this.#ports;
    if (this.#mode === 'voice') return devices.ask({ camera: false, microphone: true });
    return again ? devices.restart() : devices.ask();
  }

  #showRules(why: RulesView['why'], agreedTo: number): void {
    const changed =
      why === 'changed' ? changedSince(agreedTo, this.#ports.rules).map(({ name }) => name) : [];
    this.#goTo({ at: 'rules', rules: { mode: this.#mode, why, changed } });
  }

  /** Opens the green room and the devices. The user then decides when to start. */
  #enterGreenRoom(): void {
    this.#goTo({ at: 'green-room' });
    if (!isText(this.#mode)) void this.askDevices();
  }

  /**
   * Requests the devices without the green room. A returning user sees the green room only if
   * the browser is slow, refuses or asks for permission again.
   * @param allowed whether the search may start without another press
   */
  async #askOnTheWay(ask: () => Promise<boolean>, allowed = Promise.resolve(true)): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const show = (): void => {
      if (generation === this.#generation) this.#showGreenRoom();
    };
    const cancel = this.#ports.scheduler.after(ASKING_SHOWS_AFTER_MS, show);
    this.#onTheWay = true;
    const given = ask();
    const mayStart = await allowed;
    if (!mayStart) show();
    const isReady = (await given) && mayStart && (this.#mode === 'voice' || this.#pass.isCurrent);
    if (isReady && generation === this.#generation) await this.#searchOnceChecked();
    cancel();
    show();
  }

  #showGreenRoom(): void {
    batch(() => {
      this.#place.value = { at: 'green-room' };
      const runner = this.#ports.runner;
      // Leaves the ended call. The event `stop` isn't used, because it could be ignored as a
      // double click.
      if (runner.state.value.state === 'ended') runner.dispatch({ event: 'page-hidden' });
    });
  }

  /** Starts the search once the user's own picture has passed the check. */
  async #searchOnceChecked(): Promise<void> {
    if (this.#continuing.value) return;
    const generation = this.#generation;
    this.#continuing.value = true;
    const isFit = this.#mode !== 'video' || isFitToBeSeen(await ownChecked(this.#ports.guard));
    if (generation !== this.#generation) return;
    const backTo = this.#backTo;
    if (!isFit) this.#continuing.value = false;
    else if (backTo !== null) this.#takeUp(backTo);
    else if (this.#place.value.at !== 'green-room') this.#search(this.#mode);
    else this.#ports.morph(() => batch(() => this.#search(this.#mode)));
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
    // A new search gives up the offer to rejoin an earlier call.
    this.rejoin.decline();
    this.#place.value = LANDING;
    // Devices are closed and pending device requests cancelled, because a text call needs no
    // camera.
    if (isText(mode)) this.#ports.devices.release();
    else if (mode === 'voice') this.#ports.devices.close('video');
    this.#ports.runner.dispatch({ event: 'start', wishes: this.wishes });
  }

  #goTo(place: Route): void {
    this.#forgetQuestions();
    batch(() => {
      this.#place.value = place;
      // The camera is closed because the landing screen needs none.
      if (place.at === 'landing') this.#ports.devices.release();
    });
    // If the devices are already open, no event announces them, so their state is handled now.
    if (place.at === 'green-room') this.devicesChanged();
  }

  #forgetQuestions(): void {
    this.#generation += 1;
    this.#onTheWay = false;
    this.#continuing.value = false;
    this.#ports.guard.watchOwn(null);
  }
}
