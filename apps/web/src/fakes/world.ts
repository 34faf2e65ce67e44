import { assert } from '@farandole/kernel/assert';
import { createPrng } from '@farandole/kernel/prng';
import { ok, type Result } from '@farandole/kernel/result';
import { smallJpeg } from '@farandole/protocol/testing/small-jpeg';
import type { KeyValueStore } from '../base/ports.ts';
import { checkConnection } from '../call/connection-check.ts';
import { SHOW_MATCH_WITHIN_MS } from '../call/limits.ts';
import { openQualityWatch } from '../call/quality-watch.ts';
import { DevicesModel } from '../devices/media-devices.ts';
import { OwnBlocks } from '../report/own-blocks.ts';
import { Records } from '../report/records.ts';
import { StrangerPictures } from '../report/stranger-pictures.ts';
import { FIRST_SAMPLE_EVERY_MS, OWN_SAMPLES } from '../shield/limits.ts';
import { ShieldGuard } from '../shield/shield-guard.ts';
import type { ApiFault } from '../signal/ports.ts';
import { AppModel } from '../state/app-model.ts';
import type { AppPorts } from '../state/app-ports.ts';
import type { Preferences } from '../state/preferences-model.ts';
import { RULES } from '../ui/rule-list.ts';
import { FakeAudioMeter } from './fake-audio-meter.ts';
import { FakeClassifier } from './fake-classifier.ts';
import { FakeDevices } from './fake-devices.ts';
import { FakeEffects } from './fake-effects.ts';
import { FakeNode, type FakeSession, fakeDeviceKey, fakeProve } from './fake-node.ts';
import { FakeRecords } from './fake-records.ts';
import { FakeRtcNetwork } from './fake-rtc.ts';
import { FakeServer } from './fake-server.ts';
import { FakeSystem } from './fake-system.ts';
import { FakeTime } from './fake-time.ts';

/** How long the check of the user's own picture takes if the classifier takes no time. */
export const OWN_CHECK_MS = (OWN_SAMPLES - 1) * FIRST_SAMPLE_EVERY_MS;

export const REGULAR: Partial<Preferences> = {
  rulesVersion: 1,
  greenRoomPassed: true,
  exposureRead: 'direct',
};

export interface Person {
  readonly name: string;
  readonly app: AppModel;
  readonly devices: FakeDevices;
  readonly audioMeter: FakeAudioMeter;
  readonly effects: FakeEffects;
  readonly store: Map<string, string>;
  readonly classifier: FakeClassifier;
  readonly system: FakeSystem;
  readonly setOnline: (online: boolean) => void;
  readonly setHidden: (hidden: boolean) => void;
}

/** Users with their pages, and one fake node, all in virtual time. */
export class World {
  readonly time = new FakeTime();
  readonly node = new FakeNode();
  readonly server = new FakeServer(this.node);
  readonly rtc = new FakeRtcNetwork();
  readonly uploads: { readonly token: string; readonly body: Uint8Array<ArrayBuffer> }[] = [];
  readonly uploadFaults: Result<true, ApiFault>[] = [];
  readonly people: Person[] = [];
  readonly #prng = createPrng(7);
  /**
   * The shields use their own random generator, so that reconnecting doesn't change which frames
   * they sample.
   */
  readonly #prngOfShields = createPrng(8);
  #ids = 0;

  constructor() {
    this.time.addPump(this.node.link.pump);
  }

  person(
    name: string,
    options: {
      preferences?: Partial<Preferences>;
      store?: KeyValueStore;
      records?: FakeRecords;
      devices?: FakeDevices;
      ports?: Partial<AppPorts>;
    } = {},
  ): Person {
    const devices = options.devices ?? new FakeDevices();
    // A user who passed the green room has allowed the devices there.
    if (options.preferences?.greenRoomPassed === true) {
      devices.permissions = { camera: 'granted', microphone: 'granted' };
    }
    const audioMeter = new FakeAudioMeter();
    const effects = new FakeEffects();
    const store = new Map<string, string>();
    const listeners = new Set<() => void>();
    let online = true;
    const classifier = new FakeClassifier(this.time);
    classifier.loadsMs = 0;
    classifier.takesMs = 0;
    const system = new FakeSystem(() => this.time.wallMs());
    const watchers = new Set<() => void>();
    let hidden = false;
    const app = new AppModel({
      api: this.node.api,
      openSocket: this.node.link.openSocket,
      prepareProof: () => () => {},
      prove: fakeProve,
      deviceKey: () => Promise.resolve(fakeDeviceKey(name)),
      clock: this.time,
      scheduler: this.time,
      connectivity: {
        online: () => online,
        listen: (changed) => {
          listeners.add(changed);
          return () => listeners.delete(changed);
        },
      },
      unit: () => this.#prng.unit(),
      freshId: () => {
        this.#ids += 1;
        return `id-of-test-${String(this.#ids).padStart(6, '0')}`;
      },
      rtc: this.rtc.handler(),
      openViewer: this.rtc.openViewer,
      loadQualityWatch: () => Promise.resolve(openQualityWatch),
      openGuard: (ports) =>
        Promise.resolve(
          new ShieldGuard({
            ...ports,
            unit: () => this.#prngOfShields.unit(),
            openClassifier: () => Promise.resolve(classifier),
          }),
        ),
      visibility: {
        hidden: () => hidden,
        listen: (changed) => watchers.add(changed),
      },
      devices,
      openDevices: (ports) => Promise.resolve(new DevicesModel({ ...ports, audioMeter, effects })),
      loadConnectionCheck: () => Promise.resolve(checkConnection),
      browser: { userAgent: '', touchPoints: 0 },
      store: options.store ?? {
        read: (key) => store.get(key) ?? null,
        write: (key, value) => store.set(key, value),
        remove: (key) => store.delete(key),
      },
      openRecords: () =>
        Records.open({
          store: options.records ?? new FakeRecords(),
          clock: this.time,
          askOutcome: async () => ({ ok: true, value: 'received' }),
          askWarning: async () => ({ ok: true, value: null }),
          warned: { read: () => 0, write: () => {} },
        }),
      openBlocks: () => OwnBlocks.open(options.records ?? new FakeRecords()),
      openSystem: () => Promise.resolve(system),
      askOwnData: async () => ({ ok: true, value: { did: 'export' } }),
      openPictures: (isThere) =>
        Promise.resolve(
          new StrangerPictures({
            ...{ clock: this.time, scheduler: this.time, isThere },
            encode: () => Promise.resolve(smallJpeg()),
            upload: (token, body) => {
              this.uploads.push({ token, body });
              return Promise.resolve(this.uploadFaults.shift() ?? ok(true));
            },
          }),
        ),
      firstPreferences: options.preferences ?? {},
      rules: RULES,
      tabs: null,
      morph: (change) => change(),
      skipMorph: () => {},
      socketsSupported: true,
      ...options.ports,
    });
    app.tabs.open();
    const setOnline = (next: boolean): void => {
      online = next;
      for (const changed of listeners) changed();
    };
    const setHidden = (next: boolean): void => {
      hidden = next;
      for (const changed of watchers) changed();
    };
    const person: Person = {
      name,
      app,
      devices,
      audioMeter,
      effects,
      store,
      classifier,
      system,
      setOnline,
      setHidden,
    };
    this.people.push(person);
    return person;
  }

  regular(name: string, preferences: Partial<Preferences> = {}): Person {
    return this.person(name, { preferences: { ...REGULAR, ...preferences } });
  }

  sessionOf({ name }: Pick<Person, 'name'>): FakeSession {
    const found = [...this.node.sessions.values()].find(({ publicKey }) =>
      publicKey.startsWith(name),
    );
    assert(found !== undefined, `${name} has no session`);
    return found;
  }

  /**
   * Connects two users who have used the site before.
   * @param records browser storage of the first user, Ada
   */
  async meet(mode: 'video' | 'text', records = new FakeRecords()): Promise<[Person, Person]> {
    const ada = this.person('ada', { preferences: REGULAR, records });
    const bo = this.regular('bo');
    await this.time.quiet();
    for (const { app } of [ada, bo]) {
      if (mode === 'video') {
        app.navigation.start('video');
        await this.time.advance(OWN_CHECK_MS);
      } else {
        app.navigation.start('text');
      }
      await this.time.advance(10);
    }
    // If the two users can't connect, the screens show the match only after `SHOW_MATCH_WITHIN_MS`.
    if (!this.rtc.reachable) await this.time.advance(SHOW_MATCH_WITHIN_MS);
    for (const { app, name } of [ada, bo])
      assert(app.screen.value === `call-${mode}`, `${name} is in no ${mode} call`);
    return [ada, bo];
  }

  assertNoFault(): void {
    assert(this.node.faults.length === 0, this.node.faults.join('\n'));
  }
}
