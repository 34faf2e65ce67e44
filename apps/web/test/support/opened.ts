import assert from 'node:assert/strict';
import { deviceError } from '../../src/fakes/fake-devices.ts';
import { type Person, World } from '../../src/fakes/world.ts';
import type { Preferences } from '../../src/state/preferences-model.ts';

/** Creates a simulated world in which Ada is on the landing, on a first or later visit. */
export async function opened(
  visit: 'first' | 'later',
  preferences: Partial<Preferences> = {},
): Promise<Person & { world: World }> {
  const world = new World();
  const person = visit === 'first' ? world.person('ada') : world.regular('ada', preferences);
  await world.time.quiet();
  return { world, ...person };
}

export interface Two {
  world: World;
  ada: Person;
  bo: Person;
}

/** Creates a simulated world in which two returning users, Ada and Bo, are on the landing. */
export async function openedBoth(): Promise<Two> {
  const world = new World();
  const [ada, bo] = [world.regular('ada'), world.regular('bo')];
  await world.time.quiet();
  return { world, ada, bo };
}

/** Creates a simulated world in which Ada and Bo were just matched. */
export async function met(mode: 'video' | 'text'): Promise<Two> {
  const world = new World();
  const [ada, bo] = await world.meet(mode);
  return { world, ada, bo };
}

/** Ada searches for a video call without a camera. Then Bo searches for a video call. */
export async function metWithoutCamera(): Promise<{ world: World; bo: Person }> {
  const world = new World();
  const ada = world.person('ada', { preferences: { rulesVersion: 1 } });
  const bo = world.regular('bo');
  ada.devices.failures = [deviceError('NotFoundError')];
  await world.time.quiet();
  ada.app.navigation.start('video');
  await world.time.quiet();
  void ada.app.devices.ask({ camera: false, microphone: true });
  await world.time.quiet();
  ada.app.navigation.continueToQueue();
  bo.app.navigation.start('video');
  return { world, bo };
}

/** Creates a video call in which both users passed the shield and consented. */
export async function seeing(world = new World()): Promise<Two> {
  const [ada, bo] = await world.meet('video');
  await world.time.advance(1_000);
  for (const { app } of [ada, bo]) app.call.show();
  await world.time.advance(100);
  for (const { app } of [ada, bo]) assert.notEqual(app.call.peerStream.value, null);
  return { world, ada, bo };
}

/** A new user in the green room, whose browser asks for permission to use the devices. */
export async function inGreenRoom(
  world = new World(),
  name = 'ada',
): Promise<Person & { world: World }> {
  const person = world.person(name, { preferences: { rulesVersion: 1 } });
  await world.time.quiet();
  person.app.navigation.start('video');
  return { world, ...person };
}
