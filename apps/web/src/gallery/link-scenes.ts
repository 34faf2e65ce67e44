import type { CloseReason } from '@farandole/protocol/close-codes';
import { FakeProfile } from '../fakes/fake-tabs.ts';
import { GIVE_UP_AFTER_MS } from '../signal/limits.ts';
import type { Scenes, Script } from './scene.ts';

const closed =
  (reason: CloseReason): Script =>
  async (world) => {
    await world.open();
    world.node.close(world.sessionOf(world.you), reason);
    await world.time.quiet();
  };

const answered =
  (fault: 'crowded' | 'refused'): Script =>
  async (world) => {
    world.node.httpFault = fault;
    await world.open();
  };

/** Opens your page while another tab of your browser searches. */
const besideBusyTab: Script = async (world) => {
  const profile = new FakeProfile();
  profile.open().occupy(() => {});
  await world.open({ ports: { tabs: profile.open() }, online: null });
};

export const linkScenes = {
  async 'landing-rejoin'(world) {
    world.node.rejoin = {
      ...{ match: 'the-match', epoch: 1, side: 'a', role: 'offerer', mode: 'video' },
      ...{ transport: 'relay', directOffered: true, videoOffered: false, receipt: 'a receipt' },
      ...{ startedAtMs: 1_800_000_000_000, elapsedMs: 94_000, deadlineMs: 22_000 },
    };
    await world.open();
  },
  async 'landing-offline'(world) {
    await world.open();
    await world.cut(false);
  },
  async 'landing-reconnecting'(world) {
    await world.open();
    await world.cut(true);
  },
  async 'landing-down'(world) {
    await world.open();
    await world.cut(true);
    world.time.sleep(GIVE_UP_AFTER_MS);
    await world.time.advance(20_000);
  },
  async 'landing-moving'(world) {
    await world.open();
    await world.pass({ type: 'server.moving', deadlineMs: 30_000 });
  },
  'fault-protocol': closed('malformed'),
  'fault-device-key': closed('device-refused'),
  'fault-crowded': answered('crowded'),
  async 'fault-unproven'(world) {
    world.node.needsProof = true;
    await world.open({ ports: { prove: () => Promise.resolve(null) } });
  },
  'fault-origin': answered('refused'),
  elsewhere: closed('replaced'),
  'elsewhere-busy': besideBusyTab,
  async 'elsewhere-busy-pointed'(world) {
    await besideBusyTab(world);
    world.you.app.tabs.goThere();
  },
  async 'elsewhere-moving'(world) {
    await besideBusyTab(world);
    world.you.app.tabs.moveHere();
  },
  outdated: closed('version-unsupported'),
  loading: { play: (world) => world.open(), draws: 'loading' },
  'loading-failed': { play: (world) => world.open(), draws: 'failed' },
  'loading-failed-sheet': { play: (world) => world.open(), draws: 'failed-sheet' },
} as const satisfies Scenes;
