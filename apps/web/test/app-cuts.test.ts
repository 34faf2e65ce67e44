import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from '../src/fakes/world.ts';
import { World } from '../src/fakes/world.ts';

async function meeting(
  disturb: (world: World) => void,
): Promise<{ world: World; people: Person[] }> {
  const world = new World();
  disturb(world);
  const people = [world.regular('ada'), world.regular('bo')];
  for (const { app } of people) {
    app.navigation.start('video');
    await world.time.advance(50);
  }
  await world.time.advance(15_000);
  for (const line of ['one', 'two']) {
    for (const { app, name } of people) {
      app.chat.setDraft(`${line} by ${name}`);
      app.chat.sendLine();
    }
    await world.time.advance(20);
  }
  await world.time.advance(30_000);
  return { world, people };
}

function assertMet({ world, people }: Awaited<ReturnType<typeof meeting>>, when: string): void {
  const [ada, bo] = people.map(({ app }) => app);
  const linesOf = (app: Person['app'] | undefined): string[] =>
    app?.chat.view.value?.lines.map(({ text }) => text) ?? [];
  for (const { app } of people) {
    assert.equal(app.screen.value, 'call-video', when);
    assert.equal(app.call.view.value?.flow, 'flowing', when);
    assert.equal(app.link.view.value.state, 'online', when);
  }
  assert.deepEqual(linesOf(ada), linesOf(bo), when);
  assert.deepEqual(
    [...linesOf(ada)].sort(),
    ['one by ada', 'one by bo', 'two by ada', 'two by bo'],
    when,
  );
  assert.equal(world.server.calls.size, 1, when);
  world.assertNoFault();
}

test('[PR-23] connects two users and delivers each frame once after any disconnection', async () => {
  const whole = await meeting(() => {});
  assertMet(whole, 'uncut');
  const frames = whole.world.node.link.delivered;
  assert.ok(frames > 40, `${frames} frames`);
  for (let frame = 0; frame < frames; frame++) {
    for (const how of ['close', 'swallow'] as const) {
      const cut = await meeting(({ node }) => node.link.cutAfter(frame, how));
      assertMet(cut, `cut after frame ${frame}, ${how}`);
    }
  }
});

test('[PR-60] restores the same call after a server restart at any frame', async () => {
  const whole = await meeting(() => {});
  const frames = whole.world.node.link.delivered;
  let restarts = 0;
  for (let frame = 0; frame < frames; frame++) {
    let restarted = false;
    const result = await meeting((world) => {
      world.time.addPump(() => {
        const inCall = world.people.filter(({ app }) => app.screen.value === 'call-video');
        if (restarted || world.node.link.delivered < frame || inCall.length < 2) return false;
        restarted = true;
        restarts += 1;
        world.server.restart();
        return true;
      });
    });
    // If the node restarts after one of the last frames, the client needs time for two retries.
    await result.world.time.advance(1_000);
    assertMet(result, `restarted after frame ${frame}`);
    assert.deepEqual([...result.world.server.calls.keys()], ['match-0001'], `frame ${frame}`);
  }
  assert.ok(restarts > 20, `${restarts} restarts`);
});
