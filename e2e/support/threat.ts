import { expect } from '@playwright/test';
import type { Moderator } from './moderator.ts';
import type { Person } from './person.ts';

const LINE = 'I know where you are';
const REASON = 'Threat or violence';

/** One user of a call threatens the other, who reports it. */
export async function threatenAndReport(author: Person, reporter: Person): Promise<void> {
  await author.say(LINE);
  await reporter.expectLine(LINE);
  await reporter.button('Report').click();
  await reporter.page.getByRole('dialog').getByRole('button', { name: REASON }).click();
}

/** Opens the case of the threat from the queue, in which no other case waits. */
export async function openThreat(moderator: Moderator): Promise<void> {
  const { page } = moderator;
  await expect(page.getByRole('link', { name: REASON })).toBeVisible();
  await moderator.press('j', 'Enter');
  await expect(page.getByText(LINE)).toBeVisible();
}
