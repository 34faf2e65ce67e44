import { ok } from '@farandole/kernel/result';
import type { ExchangeWish, Mode } from '@farandole/protocol/fields';
import type { OwnWarning, ReportOutcome } from '@farandole/protocol/http-api';
import type { PassingServerMessage } from '@farandole/protocol/server-message';
import { FakeDevices } from '../fakes/fake-devices.ts';
import type { ToPage } from '../fakes/fake-node.ts';
import { FakePath } from '../fakes/fake-path.ts';
import { FakeRecords } from '../fakes/fake-records.ts';
import { OWN_CHECK_MS, type Person, REGULAR, World } from '../fakes/world.ts';
import { Records } from '../report/records.ts';
import type { AppPorts } from '../state/app-ports.ts';
import type { Preferences } from '../state/preferences-model.ts';
import { BROWSERS } from './browsers.ts';
import { removeSpeech } from './built-in-speech.ts';
import { removeTranslator } from './built-in-translator.ts';
import { LAPTOP_DEVICES } from './laptop-devices.ts';
import type { OfferedWay } from './scene.ts';

export interface OpenOptions {
  readonly preferences?: Partial<Preferences>;
  readonly browser?: keyof typeof BROWSERS;
  /** Number of users online, or `null` if the server doesn't publish it. */
  readonly online?: number | null;
  readonly ports?: Partial<AppPorts>;
  readonly supportsVideo?: boolean;
  /** Whether the browser lets the page choose a speaker. */
  readonly choosesSpeaker?: boolean;
  readonly microphone?: string;
  /** The page's own background blur, in a browser that has none. */
  readonly blur?: 'starting' | 'failed';
}

/** Settings of an operator who has a relay and has turned on every option. */
const OPERATOR = {
  relay: 'until-consent',
  hasTurn: true,
  sourceUrl: 'https://code.example.org/farandole',
  operator: { name: 'Cinéclub de Lyon', contact: 'mailto:help@example.org' },
  desk: { halfWithinHours: 6, overturnedPercent: 10 },
  busiest: { fromUtcHour: 18, hours: 3 },
  pushKey: 'a-key-for-push-services',
  relayKbpsMax: 1_500,
} as const;
const RELAY = { urls: ['turn:relay.example.org'], username: 'you', credential: 'of-the-hour' };
const LIKES = ['film', 'cooking'];

/** A simulated world with two users: `you`, whose page is drawn, and a stranger. */
export class SceneWorld extends World {
  readonly records = new FakeRecords();
  readonly path = new FakePath(this.time);
  readonly outcomes = new Map<string, ReportOutcome>();
  warning: OwnWarning | null = null;
  #you: Person | null = null;
  #stranger: Person | null = null;
  /** If true, the stranger's page gets no session ticket, so it can't open a new session. */
  #strangerAsleep = false;

  constructor() {
    super();
    removeTranslator();
    removeSpeech();
    this.node.facts = { ...this.node.facts, ...OPERATOR };
    this.node.iceServers = [RELAY];
    this.rtc.finds = 'relay';
    this.rtc.readReports = () => this.path.reports();
    this.server.transport = 'relay';
    this.server.directOffered = true;
    this.server.lineEveryMs = 4_000;
  }

  get you(): Person {
    if (this.#you === null) throw new Error('no page is open');
    return this.#you;
  }

  get stranger(): Person {
    if (this.#stranger === null) throw new Error('no stranger has come');
    return this.#stranger;
  }

  withoutOperator(): void {
    this.node.facts = {
      ...this.node.facts,
      ...{ relay: 'direct', hasTurn: false, sourceUrl: null, busiest: null, pushKey: null },
      operator: { name: null, contact: null },
      desk: { halfWithinHours: null, overturnedPercent: null },
    };
    this.node.iceServers = [];
    this.rtc.finds = 'host';
    this.server.transport = 'all';
  }

  async open({
    preferences,
    browser,
    online = 1_284,
    ports,
    supportsVideo = true,
    choosesSpeaker = true,
    microphone,
    blur,
  }: OpenOptions = {}): Promise<void> {
    const { cameras, microphones, speakers } = LAPTOP_DEVICES;
    const devices = new FakeDevices();
    devices.there = [...cameras, ...microphones, ...speakers];
    devices.canBlur = blur === undefined;
    devices.choosesSpeaker = choosesSpeaker;
    if (!supportsVideo) devices.support = 'unsupported';
    this.#you = this.person('you', {
      preferences: { languages: ['en'], blursBackground: blur !== undefined, ...preferences },
      records: this.records,
      devices,
      ports: {
        browser: BROWSERS[browser ?? 'chromeWindows'],
        openRecords: () =>
          Records.open({
            store: this.records,
            clock: this.time,
            askOutcome: async (proof) => ok(this.outcomes.get(proof) ?? 'received'),
            askWarning: async () => ok(this.warning),
            warned: { read: () => 0, write: () => {} },
          }),
        ...ports,
      },
    });
    const { effects } = this.you;
    effects.canDenoise = true;
    effects.canBlur = blur !== undefined;
    effects.fails = blur === 'failed';
    if (blur === 'starting') effects.gate = new Promise(() => {});
    if (microphone !== undefined) {
      this.you.store.set('farandole.devices', JSON.stringify({ microphone }));
    }
    await this.time.quiet();
    if (online === null || this.node.sessions.size === 0) return;
    await this.pass({ type: 'online.count', online });
  }

  /**
   * Opens the green room, which requests the devices.
   * @param before changes the devices before the request
   */
  async greenRoom(options: OpenOptions = {}, before: () => void = () => {}): Promise<void> {
    await this.open({ ...options, preferences: { rulesVersion: 1, ...options.preferences } });
    before();
    this.you.app.navigation.start('video');
    await this.time.quiet();
  }

  /** Opens the green room. Waits until the user's own picture has been checked. */
  async ready(options: OpenOptions = {}): Promise<void> {
    await this.greenRoom(options);
    await this.time.advance(OWN_CHECK_MS);
  }

  async search(mode: Mode = 'video', options: OpenOptions = {}): Promise<void> {
    await this.open({ ...options, preferences: { ...REGULAR, ...options.preferences } });
    this.you.app.navigation.start(mode);
    await this.time.advance(mode === 'video' ? OWN_CHECK_MS : 0);
    await this.time.quiet();
  }

  /** Sets the ways to meet that the operator offers. */
  offer(modes: readonly OfferedWay[]): void {
    const ladder: readonly Mode[] = ['text', 'voice', 'video'];
    // A call of a question never changes its mode.
    this.server.modes = ladder.filter((mode) => modes.includes(mode));
  }

  /** Opens the green room for voice and tests the microphone. */
  async voiceRoom(options: OpenOptions = {}): Promise<void> {
    await this.open({ ...options, preferences: { ...REGULAR, ...options.preferences } });
    this.you.app.navigation.start('voice');
    await this.time.quiet();
  }

  /** Meets the stranger by voice. Neither listens yet. */
  async voiceCall(): Promise<void> {
    await this.voiceRoom({ preferences: { interests: LIKES } });
    this.you.app.navigation.continueToQueue();
    await this.time.quiet();
    await this.strangerComes('voice');
    this.stranger.app.navigation.continueToQueue();
    await this.time.advance(1_000);
  }

  /** Searches for an exchange: the user speaks English and learns French. */
  async exchangeSearch(mode: Mode = 'text', helps = false): Promise<void> {
    await this.open({ preferences: { ...REGULAR, exchange: ['en', 'fr:B1'] } });
    const learns = [{ language: 'fr', level: 'B1' }];
    this.you.app.navigation.start(mode, undefined, { speaks: ['en'], learns, helps });
    await this.time.advance(mode === 'video' ? OWN_CHECK_MS : 0);
    await this.time.quiet();
  }

  /** @param learns what the stranger learns, who speaks French */
  async exchangeCall(mode: Mode = 'text', learns = 'en'): Promise<void> {
    await this.exchangeSearch(mode, true);
    const learnt = [{ language: learns, level: 'A2' }];
    await this.strangerComes(mode, { speaks: ['fr'], learns: learnt, helps: true });
  }

  async strangerComes(mode: Mode = 'video', exchange?: ExchangeWish): Promise<void> {
    const { api } = this.node;
    this.#stranger = this.person('stranger', {
      preferences: { ...REGULAR, interests: LIKES, languages: ['en'] },
      ports: {
        api: {
          ...api,
          sessionTicket: (request) =>
            this.#strangerAsleep ? new Promise(() => {}) : api.sessionTicket(request),
        },
      },
    });
    await this.time.quiet();
    this.stranger.app.navigation.start(mode, undefined, exchange);
    await this.time.advance(mode === 'video' ? OWN_CHECK_MS : 0);
    await this.time.advance(300);
  }

  /**
   * Opens your page and matches you with the stranger, who stays covered. The chat has no messages.
   */
  async connect(mode: 'video' | 'text' = 'video', options: OpenOptions = {}): Promise<void> {
    await this.search(mode, {
      ...options,
      preferences: { interests: LIKES, ...options.preferences },
    });
    await this.strangerComes(mode);
  }

  /** Starts a video call in which both users see each other and have written messages. */
  async call(options: OpenOptions = {}): Promise<void> {
    await this.connect('video', options);
    this.you.app.call.show();
    this.stranger.app.call.show();
    await this.talk();
    await this.time.advance(5_000);
    await this.types();
  }

  async textCall(options: OpenOptions = {}): Promise<void> {
    await this.connect('text', options);
    await this.talk();
    await this.types();
  }

  async ended(): Promise<void> {
    await this.call();
    this.stranger.app.navigation.stop();
    await this.time.advance(50);
  }

  async says(who: Person, text: string): Promise<void> {
    who.app.chat.setDraft(text);
    who.app.chat.sendLine();
    await this.time.quiet();
  }

  async talk(): Promise<void> {
    await this.says(this.stranger, 'hello from Lyon!');
    await this.says(this.you, 'hi, is it raining there too?');
    await this.says(this.stranger, 'always. مرحبا — שלום');
  }

  /**
   * Adds three messages to the chat: one with a long word, one that is refused and one that is
   * pending.
   */
  async talkLong(): Promise<void> {
    await this.talk();
    const soup = 'What did you cook last? I made a lentil soup that could hold a spoon upright.';
    await this.says(this.you, soup);
    await this.says(this.stranger, 'Same soup, I think. Mine could hold the ladle.');
    const link = 'https://example.org/soup-that-is-one-very-long-word-without-a-single-space-in-it';
    await this.says(this.you, link);
    this.server.lines = 'too-fast';
    await this.says(this.you, 'This one was too fast');
    this.server.lines = 'silence';
    await this.says(this.you, 'And this one waits');
  }

  async types(): Promise<void> {
    this.stranger.app.chat.setDraft('…');
    await this.time.quiet();
  }

  async tell(message: ToPage): Promise<void> {
    this.node.send(this.sessionOf(this.you), message);
    await this.time.quiet();
  }

  /** Sends your page a message without a sequence number. */
  async pass(message: PassingServerMessage): Promise<void> {
    this.node.pass(this.sessionOf(this.you), message);
    await this.time.quiet();
  }

  get inCall(): { readonly match: string; readonly epoch: number } {
    const { last } = this.you.app.call;
    if (last === null) throw new Error('there is no call');
    return { match: last.match, epoch: last.epoch };
  }

  /**
   * Cuts the connection to the server.
   * @param network whether the browser still reports that it is online
   */
  async cut(network: boolean): Promise<void> {
    this.node.link.mode = network ? 'swallow' : 'refuse';
    this.node.link.cutNow('close');
    if (!network) this.you.setOnline(false);
    await this.time.advance(500);
  }

  /** Restarts the server. The stranger's page doesn't come back. */
  async restart(): Promise<void> {
    this.#strangerAsleep = true;
    this.server.restart();
    await this.time.advance(2_000);
  }
}
