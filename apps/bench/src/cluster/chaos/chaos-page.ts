import { randomUUID } from 'node:crypto';
import { askForTicket } from '@farandole/e2e/http';
import { TestDevice } from '@farandole/e2e/test-device';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ReportReason } from '@farandole/protocol/fields';
import type { SessionTicketAnswer, SessionTicketRequest } from '@farandole/protocol/http-api';
import type { ServerMessage } from '@farandole/protocol/server-message';
import { type CallState, isInCall } from '@farandole/web/call/call-state';
import { FakeDevices } from '@farandole/web/fakes/fake-devices';
import { FakeRecords } from '@farandole/web/fakes/fake-records';
import { FakeRtcNetwork } from '@farandole/web/fakes/fake-rtc';
import { OwnBlocks } from '@farandole/web/report/own-blocks';
import { Records } from '@farandole/web/report/records';
import type { ApiFault } from '@farandole/web/signal/ports';
import { AppModel } from '@farandole/web/state/app-model';
import { openChaosSocket, type SocketFacts } from './browser-socket.ts';
import { type History, type Interruption, lineText } from './history.ts';

export interface ChaosPageOptions {
  readonly name: string;
  readonly from: string;
  readonly history: History;
  readonly port: number;
  readonly origin: string;
  readonly unit: () => number;
}

/** Timeout in ms of an HTTP request, as in the page. */
const HTTP_TIMEOUT_MS = 8_000;
const HTTP_CROWDED = 429;

const rtc = new FakeRtcNetwork();

/**
 * The shipped logic of the page with a real connection, in real time, for text calls. Notes in the
 * history what its user would see.
 */
export class ChaosPage {
  readonly name: string;
  readonly app: AppModel;
  /** Node with the page's socket. */
  node = '';
  /** Called after each change that the page shows. */
  changed: () => void = () => {};
  readonly #options: ChaosPageOptions;
  readonly #device = new TestDevice();
  readonly #records = new FakeRecords();
  #cookie: string | null = null;
  #match: string | null = null;
  #said = 0;
  #isSearching = false;
  #interruption: Interruption | null = null;
  #isShutOut = false;
  #refusal: string | null = null;

  constructor(options: ChaosPageOptions) {
    this.#options = options;
    this.name = options.name;
    this.app = this.#createApp();
    this.app.call.state.subscribe(() => this.#look());
    this.app.link.state.subscribe(() => this.#look());
    this.app.chat.view.subscribe(() => {});
  }

  get isInCall(): boolean {
    return isInCall(this.app.call.state.peek());
  }

  /** Whether the call goes on without an interruption on either side. */
  get isCallUp(): boolean {
    return this.isInCall && this.#interruption === null;
  }

  /** Whether the call goes on, but the stranger has lost the connection for now. */
  get isPeerAway(): boolean {
    return this.isInCall && this.#interruption === 'peer';
  }

  get isOnline(): boolean {
    return this.app.link.isOnline.peek();
  }

  /** Whether the node has ended the session of the suspended user. */
  get isShutOut(): boolean {
    return this.#isShutOut;
  }

  /** The current or last call. */
  get match(): string | null {
    return this.app.call.last?.match ?? null;
  }

  get side(): 'a' | 'b' | null {
    const side = this.app.call.last?.side ?? null;
    return side === 'c' ? null : side;
  }

  /** Texts of the stranger's lines in the current call. */
  get heard(): readonly string[] {
    const lines = this.app.chat.view.peek()?.lines ?? [];
    return lines.filter(({ from }) => from === 'peer').map(({ text }) => text);
  }

  open(): void {
    this.app.tabs.open();
  }

  search(): void {
    const { state } = this.app.call.state.peek();
    if (state === 'idle') this.app.navigation.start('text');
    else if (state === 'ended') this.app.navigation.next();
  }

  say(): void {
    const { match } = this;
    if (match === null || !this.isInCall) return;
    this.#said += 1;
    const text = lineText(this.name, match, this.#said);
    this.#note({ event: 'said', person: this.name, match, text });
    this.app.chat.setDraft(text);
    this.app.chat.sendLine();
  }

  stop(): void {
    const { match } = this;
    if (match !== null && this.isInCall) this.#noteLeft(match);
    this.app.navigation.stop();
  }

  report(reason: ReportReason): void {
    const { match } = this;
    if (match === null || !this.isInCall) return;
    this.#noteLeft(match);
    this.app.report.open();
    this.app.report.send(reason);
    this.app.report.sendNow();
    this.app.report.close();
  }

  block(): void {
    const { match } = this;
    if (match === null || !this.isInCall) return;
    this.#noteLeft(match);
    this.app.report.open();
    this.app.report.blockOnly();
  }

  close(): void {
    this.app.pageHidden();
  }

  #noteLeft(match: string): void {
    this.#note({ event: 'left', person: this.name, match });
  }

  #note(event: Parameters<History['note']>[0]): void {
    this.#options.history.note(event);
  }

  /** Notes what changed since the last look. */
  #look(): void {
    const state = this.app.call.state.peek();
    this.#lookAtCall(state);
    const searches = state.state === 'searching' && state.phase === 'queued' && this.isOnline;
    if (searches !== this.#isSearching) {
      this.#isSearching = searches;
      this.#note({ event: searches ? 'searching' : 'not-searching', person: this.name });
    }
    const link = this.app.link.state.peek();
    if (link.state === 'stopped' && link.reason === 'sanctioned' && !this.#isShutOut) {
      this.#isShutOut = true;
      this.#note({ event: 'shut-out', person: this.name });
    }
    this.changed();
  }

  #lookAtCall(state: CallState): void {
    if (isInCall(state)) {
      const { match, restoring, peerPresent } = state.call;
      const side = state.call.side === 'b' ? 'b' : 'a';
      if (match !== this.#match) {
        this.#match = match;
        this.#interruption = null;
        this.#note({ event: 'met', person: this.name, match, side, node: this.node });
      }
      const why = !this.isOnline ? 'link' : restoring ? 'restoring' : peerPresent ? null : 'peer';
      if (why !== this.#interruption) {
        this.#interruption = why;
        if (why === null) this.#note({ event: 'continued', person: this.name, match });
        else this.#note({ event: 'interrupted', person: this.name, match, why });
      }
      return;
    }
    if (state.state !== 'ended' || this.#match === null) return;
    const lines = (this.app.chat.view.peek()?.lines ?? [])
      .filter((line) => line.state === 'sent')
      .map(({ text }) => text);
    const { match } = state.call;
    this.#match = null;
    const refusal = this.#refusal === null ? {} : { refusal: this.#refusal };
    this.#refusal = null;
    const { reason } = state;
    this.#note({ event: 'ended', person: this.name, match, reason, ...refusal, lines });
  }

  #hear(text: string): void {
    if (!text.includes('.accepted"') && !text.includes('"restore.refused"')) return;
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === 'restore.refused') this.#refusal = message.reason;
    else if (message.type === 'report.accepted') {
      const match = this.#records.kept.get(message.id)?.match ?? '';
      const { code } = message;
      this.#note({ event: 'reported', person: this.name, match, code });
    } else if (message.type === 'block.accepted') {
      this.#note({ event: 'blocked', person: this.name, match: message.match });
    }
  }

  get #headers(): Record<string, string> {
    const { origin } = this.#options;
    return { Host: new URL(origin).host, Origin: origin };
  }

  #facts(): SocketFacts {
    const { port, from } = this.#options;
    const cookie: Record<string, string> = this.#cookie === null ? {} : { Cookie: this.#cookie };
    return { port, from, headers: { ...this.#headers, ...cookie } };
  }

  async #fetchTicket({
    resume,
  }: SessionTicketRequest): Promise<Result<SessionTicketAnswer, ApiFault>> {
    const { port, from, origin } = this.#options;
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), HTTP_TIMEOUT_MS);
    const asked = askForTicket({
      ...{ port, from, origin, headers: this.#headers, cookie: this.#cookie },
      ...(resume === undefined ? {} : { resume }),
    }).catch(() => null);
    const result = await Promise.race([asked, late.promise]).finally(() => clearTimeout(timer));
    if (result === null) return refused('unreachable');
    const { answer, cookie } = result;
    if (answer.status === HTTP_CROWDED) return refused('crowded');
    if (answer.status !== 200) return refused('unreachable');
    this.#cookie = cookie;
    return ok(answer.json() as SessionTicketAnswer);
  }

  #createApp(): AppModel {
    const { unit } = this.#options;
    const store = new Map<string, string>();
    const records = this.#records;
    const device = this.#device;
    const clock = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };
    return new AppModel({
      api: {
        sessionTicket: (request) => this.#fetchTicket(request),
        iceServers: async () => ok({ iceServers: [], expiresInMs: 60 * 60_000 }),
      },
      openSocket: openChaosSocket(
        () => this.#facts(),
        (node) => {
          this.node = node;
        },
        (text) => this.#hear(text),
      ),
      prepareProof: () => () => {},
      // `askForTicket` proves work.
      prove: async () => null,
      deviceKey: async () => ({
        publicKey: device.publicKey,
        sign: async (payload) => device.sign(payload),
      }),
      clock,
      scheduler: {
        after: (delayMs, run) => {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
      },
      connectivity: { online: () => true, listen: () => () => {} },
      unit,
      freshId: randomUUID,
      rtc: rtc.handler(),
      openViewer: rtc.openViewer,
      // Text calls load none of these.
      loadQualityWatch: never,
      openGuard: never,
      loadConnectionCheck: never,
      openPictures: never,
      browser: { userAgent: '', touchPoints: 0 },
      visibility: { hidden: () => false, listen: () => {} },
      devices: new FakeDevices(),
      openDevices: never,
      store: {
        read: (key) => store.get(key) ?? null,
        write: (key, value) => void store.set(key, value),
        remove: (key) => void store.delete(key),
      },
      openRecords: () =>
        Records.open({
          store: records,
          clock,
          askOutcome: async () => ok('received'),
          askWarning: async () => ok(null),
          warned: { read: () => 0, write: () => {} },
        }),
      openBlocks: () => OwnBlocks.open(records),
      askOwnData: never,
      tabs: null,
      rules: [],
      morph: (change) => change(),
      skipMorph: () => {},
      firstPreferences: { rulesVersion: 1, greenRoomPassed: true, exposureRead: 'direct' },
      socketsSupported: true,
    });
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
