import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLEAN, EXPLICIT, explicit, UNSURE } from '../src/fakes/fake-classifier.ts';
import { OWN_CHECK_MS, type Person, World } from '../src/fakes/world.ts';
import {
  inGreenRoom,
  met,
  metWithoutCamera,
  opened,
  openedBoth,
  seeing,
} from './support/opened.ts';

const shieldOf = ({ app }: Person) =>
  app.call.view.value?.shield ?? assert.fail('there is no call');

const streamOf = ({ app }: Person): MediaStream | null => app.call.peerStream.value;

function allow({ node }: World, change: Partial<World['node']['facts']['shield']>): void {
  node.facts = { ...node.facts, shield: { ...node.facts.shield, ...change } };
}

describe('the shield in a call', () => {
  it('[SH-11] shows the stranger after consent and three clean samples, not before', async () => {
    const { world, ada } = await met('video');
    assert.equal(shieldOf(ada).state, 'checking');
    await world.time.advance(600);
    assert.equal(shieldOf(ada).state, 'checked');
    assert.equal(ada.app.call.peerStream.value, null);
    ada.app.call.show();
    assert.notEqual(ada.app.call.peerStream.value, null);
    assert.equal(shieldOf(ada).state, 'shown');
  });

  it('[SH-11] shows the stranger automatically if the user chose so', async () => {
    const world = new World();
    const ada = world.regular('ada', { shield: 'automatic' });
    const bo = world.regular('bo');
    await world.time.quiet();
    for (const { app } of [ada, bo]) app.navigation.start('video');
    await world.time.advance(OWN_CHECK_MS + 10);
    assert.equal(ada.app.call.peerStream.value, null, 'not unchecked');
    await world.time.advance(900);
    assert.notEqual(ada.app.call.peerStream.value, null);
    assert.equal(bo.app.call.peerStream.value, null);
  });

  it('[SH-12, SH-13] covers the stranger when the shield flags them and shows them on Resume', async () => {
    const { world, ada } = await seeing();
    ada.classifier.scores = EXPLICIT;
    await world.time.advance(1_500);
    assert.equal(ada.app.call.peerStream.value, null);
    const { state, why, mayResume } = shieldOf(ada);
    assert.deepEqual([state, why, mayResume], ['flagged', 'explicit', true]);
    ada.app.call.resume();
    assert.notEqual(ada.app.call.peerStream.value, null);
    assert.equal(shieldOf(ada).state, 'resumed');
    // When the user presses the notice about an overridden flag, the page covers the stranger
    // again.
    ada.app.call.cover();
    assert.equal(ada.app.call.peerStream.value, null);
  });

  it('[SH-12a] offers no Resume while the shield is unsure about the picture', async () => {
    const world = new World();
    const ada = world.regular('ada', { shield: 'automatic' });
    const bo = world.regular('bo');
    await world.time.quiet();
    for (const { app } of [ada, bo]) app.navigation.start('video');
    await world.time.advance(OWN_CHECK_MS + 10);
    ada.classifier.scores = UNSURE;
    await world.time.advance(10_000);
    const { state, why, mayResume, flaggedAfterMs } = shieldOf(ada);
    assert.deepEqual([state, why, mayResume], ['flagged', 'unsure', false]);
    assert.notEqual(flaggedAfterMs, null, 'a report has the time');
    ada.app.call.resume();
    assert.equal(ada.app.call.peerStream.value, null);
    ada.classifier.scores = CLEAN;
    await world.time.advance(3_000);
    assert.notEqual(ada.app.call.peerStream.value, null);
  });

  it('[SH-14a, SH-14e] shows that the user overrode a shield flag, until the next flag', async () => {
    const world = new World();
    const { ada } = await seeing(world);
    ada.classifier.scores = explicit(0.78);
    await world.time.advance(1_500);
    ada.app.call.resume();
    await world.time.advance(20_000);
    assert.equal(shieldOf(ada).state, 'resumed');
    assert.notEqual(ada.app.call.peerStream.value, null);
    ada.classifier.scores = EXPLICIT;
    await world.time.advance(1_500);
    assert.equal(shieldOf(ada).state, 'flagged');
    assert.equal(ada.app.call.peerStream.value, null);
  });

  it('[SH-13, SH-60] offers no Resume if the server forbids Resume', async () => {
    const world = new World();
    allow(world, { mayResume: false });
    const { ada } = await seeing(world);
    ada.classifier.scores = EXPLICIT;
    await world.time.advance(1_500);
    assert.equal(shieldOf(ada).mayResume, false);
    ada.app.call.resume();
    await world.time.advance(1_000);
    assert.equal(ada.app.call.peerStream.value, null);
  });

  it('[SH-60] turns the shield off only if allowed; video still needs the user’s consent', async () => {
    for (const mayBeOff of [false, true]) {
      const world = new World();
      allow(world, { mayBeOff });
      const ada = world.regular('ada', { shield: 'off' });
      const bo = world.regular('bo');
      await world.time.quiet();
      for (const { app } of [ada, bo]) app.navigation.start('video');
      await world.time.advance(OWN_CHECK_MS + 10);
      assert.equal(ada.app.call.peerStream.value, null);
      ada.app.call.show();
      assert.equal(ada.app.call.peerStream.value !== null, mayBeOff);
      assert.equal(shieldOf(ada).state, mayBeOff ? 'off' : 'checking');
    }
  });

  it('[SH-16] covers the stranger while the page is hidden', async () => {
    const { world, ada, bo } = await seeing();
    ada.setHidden(true);
    assert.equal(ada.app.call.peerStream.value, null);
    assert.notEqual(bo.app.call.peerStream.value, null);
    await world.time.advance(30_000);
    ada.setHidden(false);
    assert.equal(ada.app.call.peerStream.value, null);
    await world.time.advance(600);
    assert.notEqual(ada.app.call.peerStream.value, null);
  });

  it('[SH-17] carries no shield state over to the next call', async () => {
    const { world, ada } = await seeing();
    const cleo = world.regular('cleo');
    await world.time.quiet();
    cleo.app.navigation.start('video');
    await world.time.advance(1_000);
    ada.classifier.scores = EXPLICIT;
    await world.time.advance(1_500);
    assert.equal(shieldOf(ada).state, 'flagged');
    ada.app.navigation.next();
    await world.time.advance(400);
    ada.classifier.scores = CLEAN;
    ada.app.navigation.next();
    await world.time.advance(10);
    assert.equal(shieldOf(ada).state, 'checking');
    assert.equal(shieldOf(ada).flaggedAfterMs, null);
    await world.time.advance(1_000);
    assert.equal(shieldOf(ada).state, 'checked');
    assert.equal(world.rtc.frames.size, 0, 'every picture is closed');
  });

  it('[SH-18] plays the sound of a stranger without a camera only after consent', async () => {
    const { world, bo } = await metWithoutCamera();
    await world.time.advance(5_000);
    assert.equal(bo.app.call.peerStream.value, null);
    bo.app.call.show();
    const heard = streamOf(bo) ?? assert.fail('they cannot be heard');
    assert.equal(heard.getAudioTracks().length, 1);
    assert.deepEqual(heard.getVideoTracks(), []);
  });

  it('[SH-20] keeps the stranger covered until the model loads, and shows why', async () => {
    const { world, ada, bo } = await openedBoth();
    for (const { app } of [ada, bo]) app.navigation.start('video');
    await world.time.advance(OWN_CHECK_MS + 10);
    ada.classifier.fault = 'crashed';
    ada.app.call.show();
    await world.time.advance(1_000);
    assert.deepEqual([shieldOf(ada).state, shieldOf(ada).why], ['unavailable', 'crashed']);
    assert.equal(ada.app.call.peerStream.value, null);
    ada.classifier.fault = null;
    ada.app.shield.retry();
    await world.time.advance(1_000);
    assert.notEqual(ada.app.call.peerStream.value, null);
  });
});

describe("check of the user's own picture before the queue", () => {
  it("[SH-40] blocks the video queue until the user's own picture is clean", async () => {
    const { world, app, classifier } = await inGreenRoom();
    classifier.scores = EXPLICIT;
    await world.time.quiet();
    app.navigation.continueToQueue();
    await world.time.advance(5_000);
    assert.equal(app.screen.value, 'green-room');
    assert.deepEqual(app.navigation.ownCheck.value, {
      state: 'explicit',
      dark: false,
      continuing: false,
    });
    assert.deepEqual(world.server.saidBy('ada'), ['age.declare']);
    classifier.scores = CLEAN;
    await world.time.advance(3_000);
    assert.equal(app.navigation.ownCheck.value.state, 'clean');
    assert.equal(app.screen.value, 'green-room', 'it takes another press');
    app.navigation.continueToQueue();
    await world.time.advance(10);
    assert.equal(app.screen.value, 'waiting');
  });

  it("[SH-40] checks a returning user's own picture too", async () => {
    const world = new World();
    const { app, classifier } = world.regular('ada');
    classifier.scores = EXPLICIT;
    await world.time.quiet();
    app.navigation.start('video');
    await world.time.advance(5_000);
    assert.equal(app.screen.value, 'green-room');
    assert.equal(app.navigation.ownCheck.value.state, 'explicit');
  });

  it('[SH-41] skips the own-picture check while the camera is off', async () => {
    const { world, app } = await inGreenRoom();
    await world.time.quiet();
    app.devices.toggle('video');
    assert.equal(app.navigation.ownCheck.value.state, 'none');
    app.navigation.continueToQueue();
    await world.time.advance(10);
    assert.equal(app.screen.value, 'waiting');
  });

  it("[SH-42] offers text when the shield can't check the user's own picture", async () => {
    const world = new World();
    const { app, classifier, devices } = world.regular('ada');
    classifier.fault = 'unreachable';
    await world.time.quiet();
    app.navigation.start('video');
    await world.time.advance(5_000);
    assert.equal(app.screen.value, 'green-room');
    assert.equal(app.navigation.ownCheck.value.state, 'unavailable');
    app.navigation.continueToQueue();
    await world.time.advance(5_000);
    assert.equal(app.screen.value, 'green-room');
    app.navigation.continueToQueue('text');
    await world.time.advance(10);
    assert.equal(app.search.view.value?.mode, 'text');
    // The page turns off a camera whose picture the shield can't check.
    assert.ok(devices.given.every((track) => track.readyState === 'ended'));
  });

  it("[SH-40] stops sampling the user's own picture once the search runs", async () => {
    const { world, app, classifier } = await opened('later');
    app.navigation.start('video');
    await world.time.advance(2_000);
    assert.equal(app.screen.value, 'waiting');
    const looks = classifier.frames.length;
    await world.time.advance(20_000);
    assert.equal(classifier.frames.length, looks);
  });
});

describe('shield data that leaves the device', () => {
  it('[SH-50] sends the server the same messages whatever the shield detects', async () => {
    const said: string[][] = [];
    for (const scores of [CLEAN, EXPLICIT]) {
      const { world, ada } = await seeing();
      ada.classifier.scores = scores;
      await world.time.advance(5_000);
      assert.equal(ada.app.call.peerStream.value === null, scores === EXPLICIT);
      if (scores === EXPLICIT) ada.app.call.resume();
      await world.time.advance(5_000);
      ada.app.navigation.stop();
      await world.time.advance(100);
      said.push(
        world.server.said.map(({ publicKey: from, message }) =>
          JSON.stringify([from, withoutIds(message)]),
        ),
      );
    }
    const [clean = [], flagged = []] = said;
    assert.ok(clean.length > 10);
    assert.deepEqual(flagged, clean);
  });

  it("[SH-51] writes the time of a flag only into the report's note", async () => {
    const { world, ada } = await seeing();
    ada.classifier.scores = EXPLICIT;
    await world.time.advance(1_500);
    const { flaggedAfterMs } = shieldOf(ada);
    assert.ok(flaggedAfterMs !== null && flaggedAfterMs > 1_000 && flaggedAfterMs < 3_000);
    ada.app.report.open('Covered by the shield 0:02 into the call.');
    assert.equal(ada.app.report.view.value?.note, 'Covered by the shield 0:02 into the call.');
    ada.app.report.send('sexual-content');
    ada.app.report.sendNow();
    await world.time.advance(100);
    const [report] = world.server.said.flatMap(({ message }) =>
      message.type === 'report.create' ? [message] : [],
    );
    assert.equal(report?.note, 'Covered by the shield 0:02 into the call.');
    assert.equal(ada.app.report.view.value?.state, 'accepted');
    const others = world.server.said.filter(({ message }) => message.type !== 'report.create');
    assert.doesNotMatch(JSON.stringify(others), /shield|explicit|porn|covered by/iu);
  });
});

function withoutIds(message: object): object {
  return Object.fromEntries(
    Object.entries(message).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'object' && key !== 'media' ? typeof value : value,
    ]),
  );
}
