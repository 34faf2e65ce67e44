import { launchBare } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

const PHONE = { viewport: { width: 390, height: 844 } };
const LADDER = { FARANDOLE_MODES: 'video,voice,text' };

async function listen(person: Person): Promise<void> {
  await person.button('Listen').click();
  await expect(person.button('Stop listening')).toBeVisible();
}

test('two people talk on a server that offers only voice, and a report reaches the console', {
  tag: '@long',
}, async ({ node, arrive }) => {
  test.setTimeout(180_000);
  const server = await node({ FARANDOLE_MODES: 'voice' });
  const ana = await arrive('Ana', server.url, PHONE);
  const ben = await arrive('Ben', server.url);

  await test.step('offers voice and nothing else, and asks for the microphone only', async () => {
    await expect(ana.button('Start video')).toHaveCount(0);
    await expect(ana.button('Text only')).toHaveCount(0);
    await ana.button('Start voice').click();
    await expect(ana.page.getByText('Next, your browser asks for your microphone.')).toBeVisible();
    await ana.acceptRules();
    await expect(ana.page.getByText(/Nobody can check or prove what is said/)).toBeVisible();
    await expect(ana.page.locator('video')).toHaveCount(0);
    await ana.meetSomeone();
    await ben.startVoice();
  });

  await test.step('the voice plays only after Listen, and a key silences it', async () => {
    for (const person of [ana, ben]) {
      await expect(person.button('Listen')).toBeVisible();
      await expect(person.page.locator('video, audio')).toHaveCount(0);
      await person.expectMedia('audio');
    }
    await listen(ana);
    await ana.expectSound();
    await expect(ben.page.getByText('They can hear you')).toBeVisible();
    await ana.page.keyboard.press('b');
    await expect(ana.button('Listen')).toBeVisible();
    await expect(ben.page.getByText('They don’t hear you yet')).toBeVisible();
  });

  await test.step('no text, reaction or picture passes', async () => {
    for (const person of [ana, ben]) {
      await expect(person.messageBox).toHaveCount(0);
      await expect(person.button('Wave')).toHaveCount(0);
      await expect(person.button('Turn camera off')).toHaveCount(0);
      expect(person.frames.map(({ type }) => type)).not.toContain('chat.send');
    }
  });

  const browser = await launchBare();
  const maya = await Moderator.hire(browser, server, 'Maya', 'moderator');
  await test.step('a report carries the mode of the call', async () => {
    await ana.button('Report').click();
    const dialog = ana.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Threat or violence' }).click();
    await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
    const row = maya.page.getByRole('link', { name: 'Threat or violence' });
    await expect(row).toBeVisible();
    await row.click();
    await expect(maya.page.getByText('by voice')).toBeVisible();
  });
  await browser.close();
});

test('a call goes from text to voice to video when both agree, and down when one asks', async ({
  node,
  arrive,
}) => {
  test.setTimeout(180_000);
  const server = await node(LADDER);
  const ana = await arrive('Ana', server.url, PHONE);
  const ben = await arrive('Ben', server.url);
  await ana.startText();
  await ben.startText();
  await ana.expectInCall();
  await ben.expectInCall();
  await ana.expectMedia();

  await test.step('to voice, silent until each listens', async () => {
    await ana.button('Talk').click();
    await ana.button('Ask them').click();
    await ben.button('Yes').click();
    await ben.button('Start voice').click();
    for (const person of [ana, ben]) {
      await expect(person.button('Listen')).toBeVisible();
      await person.expectMedia('audio');
    }
    await listen(ana);
    await ana.expectSound();
    await ana.say('and we can still write');
    await ben.expectLine('and we can still write');
  });

  await test.step('to video, covered until each shows it', async () => {
    await ben.turnOnVideoWith(ana);
    for (const person of [ana, ben]) {
      await person.expectMedia('audio', 'video');
      await person.showVideo();
    }
  });

  await test.step('down to voice: no picture is sent any more', async () => {
    await ana.button('More').click();
    await ana.button('Go on with voice only').click();
    await expect(ben.page.getByText('They went on with voice only.').first()).toBeVisible();
    for (const person of [ana, ben]) {
      await expect(person.button('Listen')).toBeVisible();
      await expect(person.page.locator('video')).toHaveCount(0);
      await person.expectMedia('audio');
    }
  });

  await test.step('down to text: no sound is sent any more', async () => {
    await ben.button('More').click();
    await ben.button('Go on with text only').click();
    await expect(ana.page.getByText('They went on with text only.').first()).toBeVisible();
    for (const person of [ana, ben]) await person.expectMedia();
    await ben.say('good night');
    await ana.expectLine('good night');
  });
});

test('someone who chose video starts lower with someone who chose voice', { tag: '@long' }, async ({
  node,
  arrive,
}) => {
  const server = await node(LADDER);
  const [ana, ben] = [await arrive('Ana', server.url), await arrive('Ben', server.url)];
  await ana.toGreenRoom();
  await ana.page.getByRole('group', { name: 'Start with' }).getByLabel('Text').check();
  await ana.meetSomeone();
  await ben.startVoice();
  for (const person of [ana, ben]) {
    await expect(person.button('Listen')).toBeVisible();
    await person.expectMedia('audio');
  }
});
