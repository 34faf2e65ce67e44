import { CONNECT_TIMEOUT_MS, HIDDEN_MATCH_MS } from '../call/limits.ts';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const ended =
  (end: (world: SceneWorld) => void | Promise<void>): Script =>
  async (world) => {
    await world.call();
    await end(world);
    await world.time.advance(50);
  };

async function unconnected(world: SceneWorld): Promise<void> {
  world.rtc.reachable = false;
  await world.connect();
  while (world.you.app.screen.value !== 'ended') await world.time.advance(CONNECT_TIMEOUT_MS);
}

export const endedScenes = {
  'ended-left': ended(({ stranger }) => stranger.app.navigation.stop()),
  'ended-talked': ended(async ({ stranger, time }) => {
    await time.advance(6 * 60_000);
    stranger.app.navigation.stop();
  }),
  'ended-install': ended(async ({ you, stranger, time }) => {
    you.system.offers('prompt');
    await time.advance(6 * 60_000);
    stranger.app.navigation.stop();
  }),
  'ended-install-by-hand': ended(async ({ you, stranger, time }) => {
    you.system.offers('by-hand');
    await time.advance(6 * 60_000);
    stranger.app.navigation.stop();
  }),
  'ended-you': ended(({ you }) => you.app.navigation.stop()),
  async 'ended-away'(world) {
    await world.search();
    world.you.setHidden(true);
    await world.strangerComes();
    await world.time.advance(HIDDEN_MATCH_MS);
    world.you.setHidden(false);
    await world.time.quiet();
  },
  'ended-lost': ended(async (world) => {
    world.node.close(world.sessionOf(world.stranger), 'replaced');
    await world.time.quiet();
    world.server.blockAnswer = 'silence';
    world.you.app.records.block();
  }),
  'ended-blocked': ended(({ you }) => you.app.records.block()),
  'ended-not-restored': ended(async (world) => {
    await world.restart();
    world.server.restores.close();
  }),
  'ended-reported': ended(({ you }) => {
    you.app.report.open();
    you.app.report.send('hate');
    you.app.report.close();
  }),
  'ended-undone': ended(({ you }) => {
    you.app.report.open();
    you.app.report.send('hate');
    you.app.report.takeBack();
  }),
  'ended-block-refused': ended(async ({ you, server, time }) => {
    you.app.navigation.stop();
    await time.quiet();
    server.blockAnswer = 'too-fast';
    you.app.records.block();
  }),
  'ended-moving': ended(async (world) => {
    await world.pass({ type: 'server.moving', deadlineMs: 1_000 });
    await world.time.advance(1_000);
  }),
  async 'ended-no-connection'(world) {
    await unconnected(world);
    await world.time.advance(2 * CONNECT_TIMEOUT_MS);
  },
  async 'ended-no-connection-works'(world) {
    await unconnected(world);
    await world.time.advance(2 * CONNECT_TIMEOUT_MS);
    world.rtc.reachable = true;
    world.you.app.connectionCheck.again();
    await world.time.advance(1_000);
  },
  async 'ended-no-relay'(world) {
    world.withoutOperator();
    await unconnected(world);
    await world.time.advance(1_000);
  },
} as const satisfies Scenes;
