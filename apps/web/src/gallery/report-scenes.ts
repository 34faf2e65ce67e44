import { refused } from '@farandole/kernel/result';
import type { ReportReason } from '@farandole/protocol/fields';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

/** Creates a scene with the report sheet of a call that has ended, and then runs `then`. */
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
    for (const place of [1, 2]) report.toggleLine(place);
    await world.time.quiet();
    await then(world);
    await world.time.quiet();
  };

const sent = (reason: ReportReason): Script => reported(({ you }) => you.app.report.send(reason));

export const reportScenes = {
  'report-choosing': reported(),
  'report-held': reported(async ({ you, time }) => {
    you.app.report.hold();
    await time.advance(3_000);
  }),
  'report-pictures': reported(({ you }) => {
    you.app.report.send('sexual-content');
    you.app.report.togglePicture(3);
  }, true),
  // The sheet shows a note below the report reasons which says that pictures may be attached.
  'report-choosing-pictures': reported(() => {}, true),
  'report-without-pictures': reported(({ you, uploadFaults }) => {
    uploadFaults.push(refused('refused'));
    you.app.report.send('hate');
    you.app.report.sendNow();
  }, true),
  'report-sending': reported(({ you, server }) => {
    server.reportAnswer = 'silence';
    you.app.report.send('hate');
  }),
  'report-waiting': reported(async (world) => {
    await world.cut(true);
    world.you.app.report.send('hate');
  }),
  'report-accepted': sent('hate'),
  'report-accepted-help': reported(async ({ you, time }) => {
    you.app.report.send('hate');
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
  }),
} as const satisfies Scenes;
