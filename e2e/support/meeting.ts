import type { Person } from './person.ts';

export async function meetByVideo(one: Person, other: Person): Promise<void> {
  await one.startVideo();
  await other.startVideo();
  await one.expectInCall();
  await other.expectInCall();
}

export async function meetByText(one: Person, other: Person): Promise<void> {
  await one.startText();
  await other.startText();
  await one.expectInCall();
  await other.expectInCall();
}
