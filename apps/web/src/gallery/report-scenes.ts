import { refused } from '@farandole/kernel/result';
import type { ReportReason } from '@farandole/protocol/fields';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

/** Creates a scene with the report sheet over a call, and then runs `then`. */
const reported =
  (then: (world: SceneWorld) => void | Promise<void> = () => {}, pictures = false): Script =>
  async (world) => {
    world.node.facts = { ...world.node.facts, pictures };
    await world.connect();
    world.you.app.call.show();
    await world.says(world.stranger, 'Hello! Where are you from?');
    await world.says(world.you, 'Near Lyon. And you?');
    await world.says(world.stranger, 'Give me your number first.');
    await world.says(world.you, 'I would rather not.');
    await world.says(world.stranger, 'Then I will find out where you live.');
    await world.time.advance(pictures ? 20_500 : 1_000);
    const { report } = world.you.app;
    report.open();
    await then(world);
    await world.time.quiet();
  };

const sent = (reason: ReportReason): Script =>
  reported(({ you }) => {
    you.app.report.send(reason);
    you.app.report.sendNow();
  });

function leaveOut({ you }: SceneWorld): void {
  for (const place of [1, 2]) you.app.report.toggleLine(place);
}

export const reportScenes = {
  'report-choosing': reported(),
  'report-held': reported(async ({ you, time }) => {
    you.app.report.hold();
    await time.advance(3_000);
  }),
  'report-pending': reported(async (world) => {
    world.you.app.report.send('scam-or-spam');
    leaveOut(world);
    await world.time.advance(6_000);
  }),
  'report-pictures': reported((world) => {
    world.you.app.report.send('sexual-content');
    leaveOut(world);
    world.you.app.report.togglePicture(3);
  }, true),
  'report-ended': reported(async ({ stranger, you, time }) => {
    you.app.report.close();
    stranger.app.navigation.stop();
    await time.quiet();
    you.app.report.open();
  }),
  'report-without-pictures': reported(({ you, uploadFaults }) => {
    uploadFaults.push(refused('refused'));
    you.app.report.send('hate');
    you.app.report.sendNow();
  }, true),
  'report-sending': reported(({ you, server }) => {
    server.reportAnswer = 'silence';
    you.app.report.send('hate');
    you.app.report.sendNow();
  }),
  'report-waiting': reported(async (world) => {
    await world.cut(true);
    world.you.app.report.send('hate');
    world.you.app.report.sendNow();
  }),
  'report-accepted': sent('hate'),
  'report-accepted-help': reported(async ({ you, time }) => {
    you.app.report.send('hate');
    you.app.report.sendNow();
    await time.quiet();
    you.app.report.close();
    you.app.report.open();
    you.app.report.send('self-harm');
  }),
  async 'report-accepted-countries'(world) {
    const children = 'FR=tel:119,DE=tel:116111,BE=https://example.org/';
    world.node.facts = { ...world.node.facts, helpLines: { anybody: null, children } };
    await sent('may-be-under-18')(world);
  },
  'report-refused': reported(({ you, server }) => {
    server.reportAnswer = 'not-stored';
    you.app.report.send('hate');
    you.app.report.sendNow();
  }),
} as const satisfies Scenes;
