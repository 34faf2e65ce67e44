import type { Person } from './person.ts';

/** Both go to the queue by video, and are in one call. */
export async function meetByVideo(one: Person, other: Person): Promise<void> {
  await one.startVideo();
  await other.startVideo();
  await one.expectInCall();
  await other.expectInCall();
}

/** Both go to the queue by text, and are in one call. */
export async function meetByText(one: Person, other: Person): Promise<void> {
  await one.startText();
  await other.startText();
  await one.expectInCall();
  await other.expectInCall();
}
