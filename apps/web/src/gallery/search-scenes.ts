import type { Mode } from '@farandole/protocol/fields';
import type { Invitation } from '../call/invitation.ts';
import { CONNECT_TIMEOUT_MS, NEXT_GUARD_MS } from '../call/limits.ts';
import { followLastMet } from '../effects/last-met.ts';
import type { FakeSystem } from '../fakes/fake-system.ts';
import { meetingPart } from '../screens/conversation/meeting-part.ts';
import { systemOf } from '../screens/conversation/system-of.ts';
import type { Prove } from '../signal/ports.ts';
import type { Preferences } from '../state/preferences-model.ts';
import { LIMITED, SHARING } from './landing-scenes.ts';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

interface Search {
  readonly mode?: Mode;
  readonly preferences?: Partial<Preferences>;
  readonly usualWaitMs?: number;
}

const TIMES = 4;
const TOO_FAST = { reason: 'too-fast', retryAfterMs: 20_000 } as const;
const LIKING = { interests: ['film', 'cooking'] };

const waiting =
  (forMs: number, change: Search = {}): Script =>
  async (world) => {
    const { usualWaitMs = null, preferences = {}, mode = 'video' } = change;
    world.server.usualWaitMs = usualWaitMs;
    await world.search(mode, { preferences });
    await world.time.advance(forMs);
  };

const INVITATION = { by: 'invitation', token: 'invitation-token-0001' } as const;

/** A user who waits alone asks to be told when someone is here. */
const asking =
  (set: (system: FakeSystem) => void): Script =>
  async (world) => {
    await world.search();
    const { app, system } = world.you;
    set(system);
    await world.time.advance(9_000);
    meetingPart.prepare();
    systemOf(app);
    await world.time.quiet();
    void systemOf(app).value?.tellMe.start('video');
    await world.time.quiet();
  };

async function inviting(world: SceneWorld): Promise<Invitation> {
  await world.search();
  await world.time.advance(9_000);
  const invitation = await world.you.app.invitation.load();
  invitation.make('video');
  await world.time.quiet();
  return invitation;
}

async function acceptInvitation(world: SceneWorld): Promise<void> {
  await world.search();
  world.you.app.navigation.waitFor(INVITATION);
  await world.time.advance(1_000);
}

export const searchScenes = {
  waiting: waiting(3_000),
  'waiting-likes': waiting(3_000, { preferences: SHARING }),
  'waiting-anyone': waiting(9_000, { preferences: SHARING }),
  'waiting-usual': waiting(9_000, { preferences: LIKING, usualWaitMs: 114_000 }),
  'waiting-long': waiting(64_000, { usualWaitMs: 42_000 }),
  'waiting-quiet': waiting(9_000),
  'waiting-quiet-long': waiting(64_000),
  'waiting-tell-asking': asking((system) => {
    system.answers = 'never';
  }),
  'waiting-tell-push': asking(() => {}),
  'waiting-tell-page': asking((system) => {
    system.canPush = false;
  }),
  'waiting-tell-sound': asking((system) => {
    system.canPush = false;
    system.current = 'unsupported';
  }),
  'waiting-tell-blocked': asking((system) => {
    system.answers = 'denied';
  }),
  'waiting-tell-failed': asking((system) => {
    system.pushServiceReachable = false;
  }),
  async 'waiting-tell-install'(world) {
    await world.search('video', { browser: 'safariIos' });
    world.you.system.canPush = false;
    world.you.system.current = 'unsupported';
    world.you.system.needsInstall = true;
    await world.time.advance(9_000);
  },
  async 'settings-tell'(world) {
    await asking(() => {})(world);
    world.you.app.settings.open();
  },
  'waiting-anyone-long': waiting(64_000, { preferences: SHARING }),
  async 'waiting-direct'(world) {
    world.withoutOperator();
    world.rtc.reachable = false;
    await world.connect();
    world.server.matches = false;
    await world.time.advance(CONNECT_TIMEOUT_MS + 1_000);
  },
  'waiting-text': waiting(12_000, { mode: 'text' }),
  async 'waiting-throttled'(world) {
    await world.connect();
    const { navigation } = world.you.app;
    for (let round = 1; round <= TIMES; round += 1) {
      if (round === TIMES) world.server.refusals = [TOO_FAST];
      navigation.next();
      await world.time.advance(NEXT_GUARD_MS);
      navigation.next();
      await world.time.advance(NEXT_GUARD_MS);
      if (round === TIMES) break;
      world.stranger.app.navigation.next();
      await world.time.advance(NEXT_GUARD_MS);
    }
  },
  async 'waiting-proof'(world) {
    world.node.needsProof = true;
    const prove: Prove = (_, progress) => {
      progress(0.4);
      return new Promise(() => {});
    };
    await world.search('text', { ports: { prove } });
  },
  async 'waiting-limited'(world) {
    await world.search();
    await world.pass(LIMITED);
  },
  async 'waiting-limited-text'(world) {
    await world.search('text');
    await world.pass(LIMITED);
  },
  async 'waiting-host'(world) {
    await inviting(world);
  },
  'waiting-guest': (world) => acceptInvitation(world),
  async 'waiting-invitation-over'(world) {
    world.server.invitations.end(INVITATION.token);
    await acceptInvitation(world);
  },
  async 'waiting-invitation-withdrawn'(world) {
    const invitation = await inviting(world);
    invitation.withdraw();
    await world.time.advance(9_000);
  },
  async 'waiting-invitation-failed'(world) {
    world.server.invitations.answer = 'refuse';
    await inviting(world);
    await world.time.advance(9_000);
  },
  async 'waiting-again'(world) {
    await world.call();
    await world.time.advance(2 * 60_000);
    world.stranger.app.navigation.stop();
    await world.time.advance(500);
    world.you.app.navigation.meetAgain();
    await world.time.advance(2_000);
  },
  async 'waiting-last-met'(world) {
    await world.connect();
    followLastMet(world.you.app);
    await world.time.advance(2 * 60_000);
    world.stranger.app.navigation.stop();
    await world.time.advance(500);
    world.you.app.navigation.next();
    await world.time.advance(9_000);
  },
  async 'waiting-server-moving'(world) {
    world.server.refusals = [{ reason: 'server-moving', retryAfterMs: 3_000 }];
    await world.search();
    await world.pass({ type: 'server.moving', deadlineMs: 30_000 });
  },
  async 'waiting-not-offered'(world) {
    world.server.refusals = [{ reason: 'not-offered' }];
    await world.search();
  },
  async 'waiting-pool-full'(world) {
    world.server.refusals = [{ reason: 'pool-full', retryAfterMs: 3_000 }];
    await world.search();
  },
  async 'waiting-offline'(world) {
    await world.search();
    await world.cut(false);
  },
  async 'waiting-reconnecting'(world) {
    await world.search();
    await world.cut(true);
  },
  async 'settings-waiting'(world) {
    await world.search();
    world.you.app.settings.open();
  },
} as const satisfies Scenes;
