import { meetByText, meetByVideo } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

test('strangers on two nodes meet, change nodes in the call, report and block', async ({
  arrive,
  cluster: start,
}) => {
  const cluster = await start(2);
  const { url } = cluster;
  await cluster.admitOnly('node1');
  const ana = await arrive('Ana', url, { acceptsCertificate: true });
  await ana.heard('session.opened');
  await cluster.admitOnly('node2');
  const ben = await arrive('Ben', url, { acceptsCertificate: true });
  await ben.heard('session.opened');
  const lines: string[] = [];

  await test.step('meets by video, with one user on each node', async () => {
    await meetByVideo(ana, ben);
    for (const node of ['node1', 'node2']) expect(await cluster.sockets(node)).toBe(1);
    await ben.showVideo();
    await ben.expectFrames(5);
  });

  await test.step('delivers each line once to both users', async () => {
    for (const [from, to] of [[ana, ben] as const, [ben, ana] as const]) {
      const line = `a line of ${from.name}`;
      await from.say(line);
      await to.expectLine(line);
      lines.push(line);
    }
  });

  await test.step('continues the call when a user reconnects to the other node', async () => {
    await cluster.cut('node1');
    await expect.poll(() => cluster.sockets('node2')).toBe(2);
    await ana.say('from the other node');
    await ben.expectLine('from the other node');
    lines.push('from the other node');
    await ben.expectFrames(5);
  });

  const again = await test.step('rejoins from a new page on another node', async () => {
    // A killed browser sends no close frame, so the connection ends before the crash.
    await cluster.admitOnly();
    await cluster.cut('node2');
    await expect(ana.page.getByText(/reconnecting/i).first()).toBeVisible();
    await ana.crash();
    await cluster.admitOnly('node1');
    const page = await ana.openAgain(url);
    await page.button('Rejoin').click();
    await page.expectInCall();
    await page.say('from a new page');
    lines.push('from a new page');
    for (const person of [page, ben]) {
      for (const line of lines) await person.expectLine(line);
      await expect(person.chat.getByRole('listitem')).toHaveCount(lines.length);
    }
    // Browsers log the answers of a haproxy that has no node.
    for (const person of [ana, ben]) {
      expect(person.complaints.splice(0).filter((text) => !text.includes('503'))).toEqual([]);
    }
    return page;
  });

  await test.step('a report ends the call of both', async () => {
    await ben.button('Report').click();
    const dialog = ben.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Threat or violence' }).click();
    await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
    await expect(again.page.getByText(/Stranger left/).first()).toBeVisible();
  });

  await test.step('meets by text, and a block keeps the two apart', async () => {
    const options = { acceptsCertificate: true, devices: 'none' } as const;
    const cleo = await arrive('Cleo', url, options);
    await cleo.heard('session.opened');
    await cluster.admitOnly('node2');
    const dan = await arrive('Dan', url, options);
    await meetByText(cleo, dan);
    await dan.say('words only');
    await cleo.expectLine('words only');
    await dan.button('Stop').click();
    // A menu that is opened before closes with the call.
    await expect(cleo.page.getByText(/Stranger left/).first()).toBeVisible();
    await cleo.button('More').click();
    await cleo.button('Never meet again').click();
    await expect(cleo.page.getByText('You won’t meet again.').first()).toBeVisible();
    await cleo.button('Next').click();
    await dan.button('Next').click();
    for (const { page } of [cleo, dan]) {
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Looking');
    }
  });
});
